import type { App } from '../../cli/app.ts'
import { groupName } from '../../cli/ask.ts'
import { addHelp } from '../../cli/help.ts'
import { sentence } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { groupScope } from '../../cli/scope-option.ts'
import { GROUP_FIELDS, groupJson } from '../../cli/scope-view.ts'
import { createGroup } from '../../core/create-scope.ts'
import { checkGroupName } from '../../core/scope.ts'

export function groupCreate(group: Group, app: App): void {
  const command = group
    .command('create')
    .summary('make a group in an organization')
    .description('Makes a group in an organization: a place for clients, and for operators to administer.')
    .argument('[name]', 'what the group is called: acme/etl, or etl in your own organization')
    .addOption(groupScope)
    .action(
      app.action(async (given) => {
        const name = checkGroupName(await groupName(app, given))
        const made = await createGroup(await app.context(), name)
        return { data: groupJson(made), text: sentence(`created group ${made.name}`) }
      }),
    )
  addHelp(command, {
    json: GROUP_FIELDS,
    examples: ['tokenctl group create acme/etl', 'tokenctl group create etl --scope acme'],
  })
}
