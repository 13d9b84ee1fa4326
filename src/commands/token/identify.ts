import type { App } from '../../cli/app.ts'
import { addHelp } from '../../cli/help.ts'
import { offRemark } from '../../cli/off-note.ts'
import type { Style } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { readFoundToken, tokenFile } from '../../cli/read-token.ts'
import { properties, type Property } from '../../cli/table.ts'
import { moment, timestamp } from '../../cli/time.ts'
import { TOKEN_DETAIL_FIELDS, tokenDetailJson } from '../../cli/token-view.ts'
import type { Millis } from '../../core/model.ts'
import { type Identified, identifyToken } from '../../core/identify-token.ts'
import { tokenStatus } from '../../core/token-status.ts'

export function tokenIdentify(group: Group, app: App): void {
  const command = group
    .command('identify')
    .summary('say whose a found token is')
    .description(
      'Says whose a found token is, and whether it is the current secret, a former or a dead one. It comes in by standard input, a file, or a masked prompt; never as an argument. It is not printed, not activated, and not counted as used.',
    )
    .addOption(tokenFile)
    .action(
      app.action(async ({ file }) => {
        const text = await readFoundToken(app, file)
        const identified = await identifyToken(await app.context(), text)
        return {
          data: json(identified, app.now()),
          text: (style) => properties(style, COLUMNS, identified),
        }
      }),
    )
  addHelp(command, {
    json: FIELDS,
    examples: ['tokenctl token identify < found.txt', 'tokenctl token identify --file found.txt --json'],
  })
}

const FIELDS = {
  valid: 'whether token verify would say yes',
  ...TOKEN_DETAIL_FIELDS,
  secretState: 'which of its secrets was found: current, former, pending or dead',
  secretSince: 'since when it is that; null: not known',
  secretUntil: 'when that ends by itself; null: never, or it is dead',
  secretReason: 'what it died of: replaced, dropped, lapsed or deleted; null: it is not dead',
} as const

function json(
  { token, secret, verdict }: Identified,
  now: Millis,
): Readonly<Record<keyof typeof FIELDS, unknown>> {
  return {
    valid: verdict.valid,
    ...tokenDetailJson(token, now),
    secretState: secret.state,
    secretSince: timestamp(secret.since),
    secretUntil: timestamp(secret.until),
    secretReason: secret.reason,
  }
}

const COLUMNS: readonly Property<Identified>[] = [
  { title: 'VALID', cell: ({ verdict }) => (verdict.valid ? 'yes' : `no: ${verdict.reason}`) },
  { title: 'ID', cell: ({ token }) => token.id },
  { title: 'CLIENT', cell: ({ token }) => token.client.name },
  { title: 'DESCRIPTION', cell: ({ token }) => token.description ?? '' },
  { title: 'ROLE', cell: ({ token }) => token.client.role ?? '' },
  { title: 'SCOPE', cell: ({ token }) => token.client.scope },
  { title: 'SECRET', cell: ({ secret }) => secret.state },
  { title: 'SINCE', cell: ({ secret }, style) => moment(style, secret.since, '') },
  { title: 'UNTIL', cell: until },
  { title: 'REASON', cell: ({ secret }) => secret.reason ?? '' },
  { title: 'TOKEN STATUS', cell: ({ token }, { now }) => tokenStatus(token, now), paint: 'status' },
  { title: 'DISABLED', cell: ({ token }, style) => moment(style, token.disabledAt, '') },
  { title: 'CLIENT DISABLED', cell: ({ token }, style) => moment(style, token.client.disabledAt, '') },
  { title: 'DELETED', cell: ({ token }, style) => moment(style, token.deletedAt, '') },
  { title: 'REMARKS', cell: ({ token }) => offRemark(token.offBy) },
]

function until({ secret }: Identified, style: Style): string {
  return moment(style, secret.until, secret.state === 'dead' ? '' : 'never')
}
