import { askGrantScope } from '../../cli/ask-scope.ts'
import type { App } from '../../cli/app.ts'
import { existingOperator, grantedRole } from '../../cli/choose.ts'
import { addHelp } from '../../cli/help.ts'
import { GRANT_FIELDS, grantText, operatorJson } from '../../cli/operator-view.ts'
import { switched } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { grantScope } from '../../cli/scope-option.ts'
import { revokeRole } from '../../core/change-grants.ts'

export function operatorRevoke(group: Group, app: App): void {
  const command = group
    .command('revoke')
    .summary('take a role at a scope from an operator')
    .description(
      'Takes a role at a scope from an operator, at once. Whoever would hold nothing any more is disabled or deleted instead.',
    )
    .argument('[operator]', "the operator's name")
    .option('--role <role>', 'the role')
    .addOption(grantScope)
    .action(
      app.action(async (given, options) => {
        const name = await existingOperator(app, given)
        const role = await grantedRole(app, options.role)
        await askGrantScope(app, options, 'operator revoke')
        const { operator, changed, ...grant } = await revokeRole(await app.context(), name, role)
        return {
          data: { ...operatorJson(operator), ...grant, changed },
          ...switched(
            changed,
            `revoked ${grantText(grant)} from ${operator.name}`,
            `${operator.name} does not hold ${grantText(grant)}`,
          ),
        }
      }),
    )
  addHelp(command, {
    json: { ...GRANT_FIELDS, changed: 'false: they did not hold it' },
    examples: [
      'tokenctl operator revoke alice --role admin --scope acme/etl',
      'tokenctl operator revoke alice --role auditor --scope cluster',
    ],
  })
}
