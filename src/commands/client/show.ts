import type { App } from '../../cli/app.ts'
import { existingClient } from '../../cli/choose.ts'
import { CLIENT_COLUMNS, CLIENT_FIELDS, clientJson } from '../../cli/client-view.ts'
import { addHelp } from '../../cli/help.ts'
import { offRemark } from '../../cli/off-note.ts'
import type { Group } from '../../cli/program.ts'
import { properties, type Property, table } from '../../cli/table.ts'
import { scope } from '../../cli/scope-option.ts'
import { TOKEN_COLUMNS, tokenJson } from '../../cli/token-view.ts'
import type { Client, Token } from '../../core/model.ts'
import { showClient } from '../../core/shows.ts'

export function clientShow(group: Group, app: App): void {
  const command = group
    .command('show')
    .summary('show a client and its tokens')
    .description('Shows a client and its tokens.')
    .argument('[client]', "the client's name")
    .addOption(scope)
    .action(
      app.action(async (given) => {
        const name = await existingClient(app, given)
        const { client, tokens } = await showClient(await app.context(), name)
        return {
          data: { ...clientJson(client), tokens: tokens.map((token) => tokenJson(token, app.now())) },
          text: async (style) =>
            `${await properties(style, [...CLIENT_COLUMNS, remarks(tokens)], client)}\n\n${await table(style, TOKEN_COLUMNS, tokens)}`,
        }
      }),
    )
  addHelp(command, {
    json: { ...CLIENT_FIELDS, tokens: 'its tokens, each as in token list' },
    examples: ['tokenctl client show BI', "tokenctl client show BI --json | jq -r '.tokens[].id'"],
  })
}

/** What stops one of its tokens beside itself stops them all. */
const remarks = (tokens: readonly Token[]): Property<Client> => ({
  title: 'REMARKS',
  cell: () => offRemark(tokens[0]?.offBy),
})
