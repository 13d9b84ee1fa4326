import type { App } from '../../cli/app.ts'
import { CLIENT_SUMMARY_COLUMNS, CLIENT_SUMMARY_FIELDS, clientSummaryJson } from '../../cli/client-view.ts'
import { addHelp } from '../../cli/help.ts'
import { addListOptions, listInput, type ListOptions, formOf } from '../../cli/list-options.ts'
import type { Group } from '../../cli/program.ts'
import { CLIENT_STATUSES } from '../../core/client-status.ts'
import { listClients } from '../../core/lists.ts'

export function clientList(group: Group, app: App): void {
  const command = group
    .command('list')
    .summary('list the clients')
    .description(
      'Lists the clients with what their tokens add up to. --expires-within finds those with any token that does, --unused-for those all of whose tokens are.',
    )
  addListOptions(command, 'clients', 'the name', CLIENT_STATUSES).action(
    app.action(async (options: ListOptions) => {
      const input = listInput(app, options, CLIENT_STATUSES)
      return {
        rows: await listClients(await app.context(), input),
        json: clientSummaryJson,
        columns: CLIENT_SUMMARY_COLUMNS,
        ...formOf(options),
      }
    }),
  )
  addHelp(command, {
    json: CLIENT_SUMMARY_FIELDS,
    examples: [
      'tokenctl client list --role analyst --sort last-used',
      'tokenctl client list --unused-for 90d --fail-if-any',
      "tokenctl client list --json | jq -r '.[].client'",
    ],
  })
}
