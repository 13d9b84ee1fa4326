import { askGrantScope } from '../../cli/ask-scope.ts'
import type { App } from '../../cli/app.ts'
import { existingOperator, grantedRole } from '../../cli/choose.ts'
import { addHelp } from '../../cli/help.ts'
import { GRANT_FIELDS, grantText, operatorJson } from '../../cli/operator-view.ts'
import { switched } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { grantScope } from '../../cli/scope-option.ts'
import { grantRole } from '../../core/change-grants.ts'

export function operatorGrant(group: Group, app: App): void {
  const command = group
    .command('grant')
    .summary('give an operator a role at a scope')
    .description(
      'Gives an operator a role at a scope: its permissions hold there and below. Nobody gives what they do not hold.',
    )
    .argument('[operator]', "the operator's name")
    .option('--role <role>', 'the role')
    .addOption(grantScope)
    .action(
      app.action(async (given, options) => {
        const name = await existingOperator(app, given)
        const role = await grantedRole(app, options.role)
        await askGrantScope(app, options, 'operator grant')
        const { operator, changed, ...grant } = await grantRole(await app.context(), name, role)
        return {
          data: { ...operatorJson(operator), ...grant, changed },
          ...switched(
            changed,
            `granted ${grantText(grant)} to ${operator.name}`,
            `${operator.name} holds ${grantText(grant)} already`,
          ),
        }
      }),
    )
  addHelp(command, {
    json: { ...GRANT_FIELDS, changed: 'false: they held it already' },
    examples: [
      'tokenctl operator grant alice --role admin --scope acme/etl',
      'tokenctl operator grant alice --role auditor --scope cluster',
    ],
  })
}
