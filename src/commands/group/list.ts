import type { App } from '../../cli/app.ts'
import { addHelp } from '../../cli/help.ts'
import { addRowOptions, type RowOptions, shortListing } from '../../cli/list-options.ts'
import type { Group } from '../../cli/program.ts'
import { listScope } from '../../cli/scope-option.ts'
import { GROUP_COLUMNS, GROUP_SUMMARY_FIELDS, groupSummaryJson } from '../../cli/scope-view.ts'
import { listGroups } from '../../core/lists.ts'

export function groupList(group: Group, app: App): void {
  const command = group
    .command('list')
    .summary('list the groups')
    .description('Lists the groups that you may see, with how many clients are in them.')
    .addOption(listScope)
  addRowOptions(command).action(
    app.action((options: RowOptions) =>
      shortListing(app, options, listGroups, groupSummaryJson, GROUP_COLUMNS),
    ),
  )
  addHelp(command, {
    json: GROUP_SUMMARY_FIELDS,
    examples: ['tokenctl group list --scope acme', "tokenctl group list --json | jq -r '.[].group'"],
  })
}
