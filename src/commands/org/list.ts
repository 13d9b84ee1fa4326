import type { App } from '../../cli/app.ts'
import { addHelp } from '../../cli/help.ts'
import { addRowOptions, type RowOptions, shortListing } from '../../cli/list-options.ts'
import type { Group } from '../../cli/program.ts'
import { ORG_COLUMNS, ORG_SUMMARY_FIELDS, orgSummaryJson } from '../../cli/scope-view.ts'
import { listOrgs } from '../../core/lists.ts'

export function orgList(group: Group, app: App): void {
  const command = group
    .command('list')
    .summary('list the organizations')
    .description('Lists the organizations that you may see, with how many groups and clients are in them.')
  addRowOptions(command).action(
    app.action((options: RowOptions) => shortListing(app, options, listOrgs, orgSummaryJson, ORG_COLUMNS)),
  )
  addHelp(command, {
    json: ORG_SUMMARY_FIELDS,
    examples: ['tokenctl org list', "tokenctl org list --json | jq -r '.[].org'"],
  })
}
