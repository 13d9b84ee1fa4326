import type { App } from '../../cli/app.ts'
import { addHelp } from '../../cli/help.ts'
import type { Group } from '../../cli/program.ts'
import { cutNote, table } from '../../cli/table.ts'
import { TOKEN_COLUMNS, TOKEN_FIELDS, tokenJson } from '../../cli/token-view.ts'
import { listTokens } from '../../core/lists-and-shows.ts'

export function tokenList(group: Group, app: App): void {
  const command = group
    .command('list')
    .summary('list the tokens')
    .description('Lists the tokens: ID, description, status, created, expires, last used.')
    .action(
      app.action(async () => {
        const tokens = await listTokens(await app.context())
        return {
          data: tokens.map((token) => tokenJson(token, app.system.now())),
          text: (style) => table(style, TOKEN_COLUMNS, tokens),
          notes: cutNote(app.style, tokens),
        }
      }),
    )
  addHelp(command, {
    json: TOKEN_FIELDS,
    examples: [
      'tokenctl token list',
      'tokenctl token list --json | jq -r \'.[] | select(.status == "expired").id\'',
    ],
  })
}
