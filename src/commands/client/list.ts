import type { App } from '../../cli/app.ts'
import { CLIENT_SUMMARY_COLUMNS, CLIENT_SUMMARY_FIELDS, clientSummaryJson } from '../../cli/client-view.ts'
import { addHelp } from '../../cli/help.ts'
import type { Group } from '../../cli/program.ts'
import { cutNote, table } from '../../cli/table.ts'
import { listClients } from '../../core/lists-and-shows.ts'

export function clientList(group: Group, app: App): void {
  const command = group
    .command('list')
    .summary('list the clients')
    .description('Lists the clients with what their tokens add up to.')
    .action(
      app.action(async () => {
        const clients = await listClients(await app.context())
        return {
          data: clients.map(clientSummaryJson),
          text: (style) => table(style, CLIENT_SUMMARY_COLUMNS, clients),
          notes: cutNote(app.style, clients),
        }
      }),
    )
  addHelp(command, {
    json: CLIENT_SUMMARY_FIELDS,
    examples: ['tokenctl client list', "tokenctl client list --json | jq -r '.[].client'"],
  })
}
