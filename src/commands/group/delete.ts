import type { App } from '../../cli/app.ts'
import { existingGroup } from '../../cli/choose.ts'
import { each } from '../../cli/each.ts'
import { addHelp } from '../../cli/help.ts'
import { ifExists, unlessGone } from '../../cli/if-exists.ts'
import { sentence } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { groupScope } from '../../cli/scope-option.ts'
import { deleteGroup } from '../../core/delete-scope.ts'
import { withoutLongRuns } from '../../core/problem.ts'

export function groupDelete(group: Group, app: App): void {
  const command = group
    .command('delete')
    .summary('delete empty groups')
    .description(
      'Deletes a group, or several. One that has a client, or where an operator has a role, is not deleted.',
    )
    .argument('[group...]', 'the groups: acme/etl, or etl in your own organization')
    .addOption(groupScope)
    .addOption(ifExists)
    .action(
      app.action((names, options) =>
        each(app, names, existingGroup, (context, name) =>
          unlessGone(options.ifExists, { group: withoutLongRuns(name), deleted: false }, async () => {
            const deleted = await deleteGroup(context, name)
            return { data: { group: deleted, deleted: true }, text: sentence(`deleted group ${deleted}`) }
          }),
        ),
      ),
    )
  addHelp(command, {
    json: { group: 'the whole of its name: acme/etl', deleted: 'false: it was gone already' },
    examples: ['tokenctl group delete acme/etl', 'tokenctl group delete etl ops --scope acme --if-exists'],
  })
}
