import type { App } from '../../cli/app.ts'
import { existingOrg } from '../../cli/choose.ts'
import { each } from '../../cli/each.ts'
import { addHelp } from '../../cli/help.ts'
import { ifExists, unlessGone } from '../../cli/if-exists.ts'
import { sentence } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { deleteOrg } from '../../core/delete-scope.ts'
import { withoutLongRuns } from '../../core/problem.ts'

export function orgDelete(group: Group, app: App): void {
  const command = group
    .command('delete')
    .summary('delete empty organizations')
    .description(
      'Deletes an organization, or several. One that has a group or a client, or where an operator has a role, is not deleted.',
    )
    .argument('[org...]', "the organizations' names")
    .addOption(ifExists)
    .action(
      app.action((names, options) =>
        each(app, names, existingOrg, (context, name) =>
          unlessGone(options.ifExists, { org: withoutLongRuns(name), deleted: false }, async () => {
            const org = await deleteOrg(context, name)
            return { data: { org, deleted: true }, text: sentence(`deleted organization ${org}`) }
          }),
        ),
      ),
    )
  addHelp(command, {
    json: { org: "the organization's name", deleted: 'false: it was gone already' },
    examples: ['tokenctl org delete acme', 'tokenctl org delete acme umbrella --if-exists'],
  })
}
