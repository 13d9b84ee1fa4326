import type { App } from '../../cli/app.ts'
import { canDraw } from '../../cli/character-set.ts'
import { existingToken } from '../../cli/choose.ts'
import { addHelp } from '../../cli/help.ts'
import type { Group } from '../../cli/program.ts'
import { scope } from '../../cli/scope-option.ts'
import { properties } from '../../cli/table.ts'
import { SHOWN_TOKEN_FIELDS, shownTokenColumns, shownTokenJson } from '../../cli/token-uses.ts'
import { showToken } from '../../core/shows.ts'

export function tokenShow(group: Group, app: App): void {
  const command = group
    .command('show')
    .summary('show everything about a token but its secret')
    .description(
      'Shows everything about a token but its secret, which is given out once and kept nowhere. Also says how often it was used, and while a former secret still works, when each of the two last was.',
    )
    .argument('[token]', 'token ID or client name')
    .addOption(scope)
    .action(
      app.action(async (given) => {
        const reference = await existingToken(app, given)
        const token = await showToken(await app.context(), reference)
        return {
          data: shownTokenJson(token, app.now()),
          text: (style) => properties(style, shownTokenColumns(canDraw(app.system)), token),
        }
      }),
    )
  addHelp(command, {
    json: SHOWN_TOKEN_FIELDS,
    examples: [
      'tokenctl token show BI',
      "tokenctl token show tkc_7fQ2mWc01xYz --json | jq -r '.deliveredAt'",
    ],
  })
}
