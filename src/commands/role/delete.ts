import type { App } from '../../cli/app.ts'
import { ownRole } from '../../cli/choose.ts'
import { each } from '../../cli/each.ts'
import { addHelp } from '../../cli/help.ts'
import { ifExists, unlessGone } from '../../cli/if-exists.ts'
import { sentence } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { deleteRole } from '../../core/delete-role.ts'
import { withoutLongRuns } from '../../core/problem.ts'

export function roleDelete(group: Group, app: App): void {
  const command = group
    .command('delete')
    .summary('delete roles that nobody has')
    .description('Deletes a role, or several. One that a client or an operator still has is not deleted.')
    .argument('[role...]', "the roles' names")
    .addOption(ifExists)
    .action(
      app.action((names, options) =>
        each(app, names, ownRole, (context, name) =>
          unlessGone(options.ifExists, { role: withoutLongRuns(name), deleted: false }, async () => {
            const role = await deleteRole(context, name)
            return { data: { role: role.name, deleted: true }, text: sentence(`deleted role ${role.name}`) }
          }),
        ),
      ),
    )
  addHelp(command, {
    json: { role: "the role's name", deleted: 'false: it was gone already' },
    examples: ['tokenctl role delete analyst', 'tokenctl role delete analyst nightly --if-exists'],
  })
}
