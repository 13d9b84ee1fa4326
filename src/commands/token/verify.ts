import type { App } from '../../cli/app.ts'
import { VERDICT_CODES } from '../../cli/exit-codes.ts'
import { addHelp } from '../../cli/help.ts'
import { type Result, sentence, type Style } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { readToken, tokenFile } from '../../cli/read-token.ts'
import { wantedScope } from '../../cli/scope-option.ts'
import { moment, timestamp } from '../../cli/time.ts'
import { inRole } from '../../cli/token-view.ts'
import { named } from '../../core/called.ts'
import type { Millis } from '../../core/model.ts'
import { checkPattern } from '../../core/permission.ts'
import { checkScope } from '../../core/scope.ts'
import { givenBy, permissionsOf, type Verdict, type Wanted } from '../../core/verdict.ts'
import { verifyToken } from '../../core/verify-token.ts'

interface Options extends Pick<Wanted, 'permission' | 'scope'> {
  readonly file?: string | undefined
}

export function tokenVerify(group: Group, app: App): void {
  const command = group
    .command('verify')
    .summary('say whether a token is good, and for what')
    .description(
      'Says whether a token is good, and with --permission or --scope, whether it is good for that.\n' +
        'The token comes in by standard input, a file, or a masked prompt; never as an argument.\n' +
        'Exit: 0 valid, 10 malformed, 11 unknown or dead, 12 expired, 13 disabled, 14 good, but not for that.',
    )
    .addOption(tokenFile)
    .option('--permission <permission>', 'whether it holds that, such as select:sales.orders')
    .addOption(wantedScope)
    .action(app.action(async (options) => verify(app, options)))
  addHelp(command, {
    json: FIELDS,
    examples: [
      'tokenctl token verify < token.txt',
      'tokenctl token verify --file /run/secrets/bi --json',
      'tokenctl token verify --permission select:sales.orders --scope acme < token.txt',
    ],
  })
}

async function verify(app: App, { file, permission, scope }: Options): Promise<Result> {
  if (permission !== undefined) checkPattern(permission)
  if (scope !== undefined) checkScope(scope)
  const wanted = { permission, scope }
  const token = await readToken(app, file)
  const verdict = await verifyToken(await app.verifying(), token, wanted)
  return {
    data: json(verdict),
    text: (style) => sentence(words(style, verdict, wanted))(),
    exitCode: verdict.valid ? 0 : VERDICT_CODES[verdict.reason],
  }
}

function words(style: Style, verdict: Verdict, wanted: Wanted): string {
  if (verdict.valid) {
    return `valid: token ${verdict.id} of client ${named({ name: verdict.client, scope: verdict.scope })}, ${inRole(verdict.role)}, ${expiry(style, verdict.expiresAt)}`
  }
  const { reason } = verdict
  return reason === 'forbidden' ? `not valid: ${reason}: ${missing(wanted)}` : `not valid: ${reason}`
}

function missing({ permission, scope }: Wanted): string {
  const where = scope === undefined ? '' : ` at ${scope}`
  return permission === undefined ? `it has no role${where}` : `it does not hold ${permission}${where}`
}

const expiry = (style: Style, at: Millis | null): string =>
  at === null ? 'never expires' : `expires ${moment(style, at, '')}`

const FIELDS = {
  valid: 'true or false',
  reason:
    'why not: malformed, unknown, deleted, replaced, lapsed, disabled, expired or forbidden; null: valid',
  id: "the token's public ID, or null",
  client: 'its client, or null',
  role: "its client's role; null: a personal token's, or it is not valid",
  scope: "its client's scope, or null",
  expiresAt: 'until when this secret is good, or null',
  permissions: "what it may at its client's scope: permissions, some ending in *; or null",
  grants: 'each with role, scope and permissions: what it may at that scope and below; or null',
} as const

function json(verdict: Verdict): Readonly<Record<keyof typeof FIELDS, unknown>> {
  if (!verdict.valid) {
    return {
      valid: false,
      reason: verdict.reason,
      id: null,
      client: null,
      role: null,
      scope: null,
      expiresAt: null,
      permissions: null,
      grants: null,
    }
  }
  const { id, client, role, scope, expiresAt, grants } = verdict
  return {
    valid: true,
    reason: null,
    id,
    client,
    role,
    scope,
    expiresAt: timestamp(expiresAt),
    permissions: permissionsOf(verdict),
    grants: grants.map((grant) => ({ role: grant.role, scope: grant.scope, permissions: givenBy(grant) })),
  }
}
