import type { App } from '../../cli/app.ts'
import { escaped } from '../../cli/escape.ts'
import { VERDICT_CODES } from '../../cli/exit-codes.ts'
import { addHelp } from '../../cli/help.ts'
import type { Style } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { readToken, tokenFile } from '../../cli/read-token.ts'
import { moment, timestamp } from '../../cli/time.ts'
import { inRole } from '../../cli/token-view.ts'
import type { Millis } from '../../core/model.ts'
import type { Verdict } from '../../core/verdict.ts'
import { verifyToken } from '../../core/verify-token.ts'
import { named } from '../../core/called.ts'

export function tokenVerify(group: Group, app: App): void {
  const command = group
    .command('verify')
    .summary('say whether a token is good')
    .description(
      'Says whether a token is good. It comes in by standard input, a file, or a masked prompt; never as an argument.\n' +
        'Exit: 0 valid, 10 malformed, 11 unknown or dead, 13 disabled, 12 expired.',
    )
    .addOption(tokenFile)
    .action(
      app.action(async ({ file }) => {
        const token = await readToken(app, file)
        const verdict = await verifyToken(await app.verifying(), token)
        return {
          data: json(verdict),
          text: (style) =>
            verdict.valid
              ? escaped(
                  `valid: token ${verdict.id} of client ${named({ name: verdict.client, scope: verdict.scope })}, ${inRole(verdict.role)}, ${expiry(style, verdict.expiresAt)}`,
                )
              : `not valid: ${verdict.reason}`,
          exitCode: verdict.valid ? 0 : VERDICT_CODES[verdict.reason],
        }
      }),
    )
  addHelp(command, {
    json: FIELDS,
    examples: ['tokenctl token verify < token.txt', 'tokenctl token verify --file /run/secrets/bi --json'],
  })
}

const expiry = (style: Style, at: Millis | null): string =>
  at === null ? 'never expires' : `expires ${moment(style, at, '')}`

const FIELDS = {
  valid: 'true or false',
  reason: 'why not: malformed, unknown, deleted, replaced, lapsed, disabled or expired; null: valid',
  id: "the token's public ID, or null",
  client: 'its client, or null',
  role: "its client's role; null: a personal token's, or it is not valid",
  scope: "its client's scope, or null",
  expiresAt: 'until when this secret is good, or null',
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
    }
  }
  return { ...verdict, reason: null, expiresAt: timestamp(verdict.expiresAt) }
}
