import type { App } from '../../cli/app.ts'
import { addHelp } from '../../cli/help.ts'
import { addRowOptions, type RowOptions, shortListing } from '../../cli/list-options.ts'
import type { Group } from '../../cli/program.ts'
import { ROLE_LIST_COLUMNS, ROLE_FIELDS, roleJson } from '../../cli/role-view.ts'
import { listRoles } from '../../core/lists.ts'

export function roleList(group: Group, app: App): void {
  const command = group
    .command('list')
    .summary('list the roles')
    .description('Lists the roles, the built-in ones first.')
  addRowOptions(command).action(
    app.action((options: RowOptions) => shortListing(app, options, listRoles, roleJson, ROLE_LIST_COLUMNS)),
  )
  addHelp(command, {
    json: ROLE_FIELDS,
    examples: ['tokenctl role list', "tokenctl role list --json | jq -r '.[].role'"],
  })
}
