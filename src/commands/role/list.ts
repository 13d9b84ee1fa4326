import type { App } from '../../cli/app.ts'
import { addHelp } from '../../cli/help.ts'
import type { Group } from '../../cli/program.ts'
import { ROLE_LIST_COLUMNS, ROLE_FIELDS, roleJson } from '../../cli/role-view.ts'
import { cutNote, table } from '../../cli/table.ts'
import { listRoles } from '../../core/lists-and-shows.ts'

export function roleList(group: Group, app: App): void {
  const command = group
    .command('list')
    .summary('list the roles')
    .description('Lists the roles, the built-in ones first.')
    .action(
      app.action(async () => {
        const roles = await listRoles(await app.context())
        return {
          data: roles.map(roleJson),
          text: (style) => table(style, ROLE_LIST_COLUMNS, roles),
          notes: cutNote(app.style, roles),
        }
      }),
    )
  addHelp(command, {
    json: ROLE_FIELDS,
    examples: ['tokenctl role list', "tokenctl role list --json | jq -r '.[].role'"],
  })
}
