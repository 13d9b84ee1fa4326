import type { App } from '../cli/app.ts'
import type { Asker } from '../cli/asker.ts'
import { EXIT_CODES } from '../cli/exit-codes.ts'
import { actsForAnother } from '../cli/for-another.ts'
import { addHelp } from '../cli/help.ts'
import { type Result, sentence } from '../cli/output.ts'
import type { Program } from '../cli/program.ts'
import { type Property, properties } from '../cli/table.ts'
import { moment, timestamp } from '../cli/time.ts'
import { holds } from '../core/authority.ts'
import type { Context } from '../core/change.ts'
import { findScope, workingScope } from '../core/find-scope.ts'
import type { Millis } from '../core/model.ts'
import { checkPattern } from '../core/permission.ts'
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
        if (can !== undefined) checkPattern(can)
        // A scope in which the asker has no part is no error here.
        const { asker, context } = await app.asking({ anyScope: true })
        const known = await knownOf(app, asker, context)
        return can === undefined ? answer(known) : mayOrNot(context, known, can, scope)
      }),
    )
  addHelp(command, {
    json: FIELDS,
    examples: [
      'tokenctl whoami',
      'tokenctl whoami --can disable:tokenctl/token --scope acme/etl && tokenctl token disable BI --scope acme/etl',
      'tokenctl whoami --json',
    ],
  })
}

const FIELDS = {
  operator: 'as whom you act; for a token, its client',
  client: 'the client whose token it is; null: you act as a person',
  authenticatedBy:
    'how that is known: peer (the operating-system user), session (tokenctl login) or token (--token-file, TOKENCTL_TOKEN)',
  until: 'when that ends at the latest; null: it has no end',
  tokenId: 'the token by which you act, or null',
  uid: 'your user ID; under sudo, that of who called it',
  grants: 'the roles you hold, each with its scope; the role of a personal token is one of its operator',
  store: 'where the store is: a path, or a URL without its password',
  rolesAreEnforced: 'false: you can write the store yourself, and roles are guard rails',
  can: 'the permission that was asked about by --can, or null',
  scope: 'where, or null',
  allowed: 'whether you hold it there, or null',
} as const

/** As `FIELDS`. */
interface Known extends Readonly<Record<keyof typeof FIELDS, unknown>> {
  readonly operator: string
  readonly client: string | null
  readonly authenticatedBy: Asker['by']
  readonly tokenId: string | null
  readonly uid: number
  readonly until: Millis | null
  readonly grants: readonly { readonly role: string; readonly scope: Scope }[]
  readonly store: string
  readonly rolesAreEnforced: boolean
  readonly can: string | null
  readonly scope: Scope | null
  readonly allowed: boolean | null
}

async function knownOf(app: App, asker: Asker, { actor, osUser, store }: Context): Promise<Known> {
  return {
    operator: actor.name,
    client: actor.token === null ? null : actor.name,
    authenticatedBy: asker.by,
    until: await asker.until(store),
    tokenId: actor.token?.id ?? null,
    uid: osUser.uid,
    grants: actor.grants.map(({ role, scope }) => ({ role, scope })),
    store: shown((await app.location()).place),
    rolesAreEnforced: actsForAnother(app.system),
    can: null,
    scope: null,
    allowed: null,
  }
}

const json = (known: Known): unknown => ({ ...known, until: timestamp(known.until) })

const answer = (known: Known): Result => ({
  data: json(known),
  text: (style) => properties(style, columnsFor(known), known),
})

/** Who it is not, and that the operating system's word has no end, is left out. */
const columnsFor = ({ authenticatedBy, client }: Known): readonly Property<Known>[] =>
  COLUMNS.filter(
    ({ title }) =>
      title !== (client === null ? 'CLIENT' : 'OPERATOR') &&
      (title !== 'UNTIL' || authenticatedBy !== 'peer'),
  )

const COLUMNS: readonly Property<Known>[] = [
  { title: 'OPERATOR', cell: ({ operator }) => operator },
  { title: 'CLIENT', cell: ({ client }) => client ?? '' },
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

async function mayOrNot(
  context: Context,
  known: Known,
  can: string,
  given: string | undefined,
): Promise<Result> {
  const { scope, isThere } = await askedAbout(context, given)
  const allowed = isThere && holds(context.actor, can, scope)
  return {
    data: json({ ...known, can, scope, allowed }),
    text: sentence(`${allowed ? 'yes' : 'no'}: ${can} at ${scope}`),
    exitCode: allowed ? 0 : EXIT_CODES.denied,
  }
}

/** Where the asker has no part it is no, whether there is such a scope or not. */
async function askedAbout(
  context: Context,
  given: string | undefined,
): Promise<{ readonly scope: Scope; readonly isThere: boolean }> {
  if (given === undefined) return { scope: workingScope(context), isThere: true }
  try {
    return { scope: await findScope(context, given), isThere: true }
  } catch (error) {
    if (error instanceof Absent) return { scope: given, isThere: false }
    throw error
  }
}
