import type { App } from '../../cli/app.ts'
import { existingRole } from '../../cli/choose.ts'
import { addHelp } from '../../cli/help.ts'
import type { Group } from '../../cli/program.ts'
import { ROLE_COLUMNS, ROLE_FIELDS, roleJson } from '../../cli/role-view.ts'
import { properties } from '../../cli/table.ts'
import { showRole } from '../../core/shows.ts'

export function roleShow(group: Group, app: App): void {
  const command = group
    .command('show')
    .summary('show a role')
    .description('Shows a role and the permissions it gives.')
    .argument('[role]', "the role's name")
    .action(
      app.action(async (given) => {
        const name = await existingRole(app, given)
        const role = await showRole(await app.context(), name)
        return { data: roleJson(role), text: (style) => properties(style, ROLE_COLUMNS, role) }
      }),
    )
  addHelp(command, {
    json: ROLE_FIELDS,
    examples: ['tokenctl role show user', "tokenctl role show analyst --json | jq -r '.allow[]'"],
  })
}
