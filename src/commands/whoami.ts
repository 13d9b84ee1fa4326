import type { App } from '../cli/app.ts'
import type { Asker } from '../cli/asker.ts'
import { EXIT_CODES } from '../cli/exit-codes.ts'
import { actsForAnother } from '../cli/for-another.ts'
import { addHelp } from '../cli/help.ts'
import { type Result, sentence } from '../cli/output.ts'
import type { Program } from '../cli/program.ts'
import { type Property, properties } from '../cli/table.ts'
import { moment, timestamp } from '../cli/time.ts'
import type { Context } from '../core/change.ts'
import { workingScope } from '../core/find-scope.ts'
import type { Millis } from '../core/model.ts'
import { checkPattern, grantsAllow } from '../core/permission.ts'
import { shown } from '../core/place.ts'
import { Absent } from '../core/problem.ts'
import type { Scope } from '../core/scope.ts'

interface Options {
  readonly can?: string | undefined
  readonly scope?: string | undefined
}

export function whoami(program: Program, app: App): void {
  const command = program
    .command('whoami')
    .summary('show who is asking')
    .description(
      'Shows as whom you act, how that is known, until when, and what you may do.\n' +
        'With --can it answers by its exit code: 0 if you may, 5 if not.',
    )
    .option('--can <permission>', 'whether you hold it, such as disable:tokenctl/token')
    .option('--scope <scope>', 'where you would use it (default: your own scope)')
    .action(
      app.action(async ({ can, scope }: Options) => {
        if (can !== undefined) return mayOrNot(app, checkPattern(can), scope)
        const { asker, context } = await app.asking()
        return answer(await known(app, asker, context))
      }),
    )
  addHelp(command, {
    json: { ...FIELDS, ...CAN_FIELDS },
    examples: [
      'tokenctl whoami',
      'tokenctl whoami --can disable:tokenctl/token --scope acme/etl && tokenctl client disable BI --scope acme/etl',
      'tokenctl whoami --json',
    ],
  })
}

const FIELDS = {
  operator: 'as whom you act; for a token, its client',
  authenticatedBy:
    'how that is known: peer (the operating-system user), session (tokenctl login) or token (--token-file, TOKENCTL_TOKEN)',
  until: 'when that ends, if it is not used before or something is changed; null: it does not',
  tokenId: 'the token by which you act, or null',
  uid: 'your user ID; under sudo, that of who called it',
  grants: 'the roles you hold, each with its scope; the role of a personal token is one of its operator',
  store: 'where the store is: a path, or a URL without its password',
  rolesAreEnforced: 'false: you can write the store yourself, and roles are guard rails',
} as const

const CAN_FIELDS = {
  can: 'with --can, which has no other fields than the next two: the permission asked about',
  scope: 'where',
  allowed: 'whether you hold it there',
} as const

/** As `FIELDS`. */
interface Known extends Readonly<Record<keyof typeof FIELDS, unknown>> {
  readonly operator: string
  readonly authenticatedBy: Asker['by']
  readonly tokenId: string | null
  readonly uid: number
  readonly until: Millis | null
  readonly grants: readonly { readonly role: string; readonly scope: Scope }[]
  readonly store: string
  readonly rolesAreEnforced: boolean
}

async function known(app: App, asker: Asker, { actor, osUser, store }: Context): Promise<Known> {
  return {
    operator: actor.name,
    authenticatedBy: asker.by,
    until: await asker.until(store),
    tokenId: actor.token?.id ?? null,
    uid: osUser.uid,
    grants: actor.grants.map(({ role, scope }) => ({ role, scope })),
    store: shown((await app.location()).place),
    rolesAreEnforced: actsForAnother(app.system),
  }
}

function answer(known: Known): Result {
  return {
    data: { ...known, until: timestamp(known.until) },
    text: (style) => properties(style, columnsFor(known), known),
  }
}

/** The operating system's word has no end. */
const columnsFor = ({ authenticatedBy }: Known): readonly Property<Known>[] =>
  COLUMNS.filter(({ title }) => title !== 'UNTIL' || authenticatedBy !== 'peer')

const COLUMNS: readonly Property<Known>[] = [
  {
    title: 'OPERATOR',
    cell: ({ tokenId, operator }) => (tokenId === null ? operator : `client ${operator}`),
  },
  { title: 'AUTHENTICATED', cell: (known) => HOW[known.authenticatedBy](known) },
  { title: 'UNTIL', cell: ({ until }, style) => moment(style, until, 'no end') },
  {
    title: 'GRANTS',
    cell: ({ grants }) => grants.map(({ role, scope }) => `${role} at ${scope}`).join(', '),
  },
  { title: 'STORE', cell: ({ store }) => store, whole: true },
  { title: 'ROLES', cell: ({ rolesAreEnforced }) => (rolesAreEnforced ? ENFORCED : GUARD_RAILS) },
]

const HOW: Readonly<Record<Asker['by'], (known: Known) => string>> = {
  peer: ({ uid }) => `by the operating system, uid ${uid}`,
  session: () => 'by tokenctl login',
  token: ({ tokenId }) => `by token ${tokenId ?? ''}`,
}

const ENFORCED = 'enforced: the store belongs to another user'
const GUARD_RAILS = 'guard rails: you can write the store yourself'

/** Where the asker has no part it is no, whether there is such a scope or not. */
async function mayOrNot(app: App, can: string, given: string | undefined): Promise<Result> {
  const [scope, allowed] = await heldAt(app, can, given)
  return {
    data: { can, scope, allowed },
    text: sentence(`${allowed ? 'yes' : 'no'}: ${can} at ${scope}`),
    exitCode: allowed ? 0 : EXIT_CODES.denied,
  }
}

async function heldAt(app: App, can: string, given: string | undefined): Promise<[Scope, boolean]> {
  try {
    const context = await app.context()
    const scope = workingScope(context)
    return [scope, grantsAllow(context.actor.grants, can, scope)]
  } catch (error) {
    if (given === undefined || !(error instanceof Absent)) throw error
    return [given, false]
  }
}
