import type { App } from '../../cli/app.ts'
import { disabledOperator } from '../../cli/choose.ts'
import { each } from '../../cli/each.ts'
import { addHelp } from '../../cli/help.ts'
import { OPERATOR_FIELDS, operatorJson } from '../../cli/operator-view.ts'
import { switched } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { enableOperator } from '../../core/switch-operator.ts'

export function operatorEnable(group: Group, app: App): void {
  const command = group
    .command('enable')
    .summary('let disabled operators in again')
    .description('Lets a disabled operator, or several, in again, with all that they hold. They log in anew.')
    .argument('[operator...]', "the operators' names")
    .action(
      app.action((names) =>
        each(app, names, disabledOperator, async (context, name) => {
          const { operator, changed } = await enableOperator(context, name)
          return {
            data: { ...operatorJson(operator), changed },
            ...switched(
              changed,
              `enabled operator ${operator.name}`,
              `operator ${operator.name} is enabled already`,
            ),
          }
        }),
      ),
    )
  addHelp(command, {
    json: { ...OPERATOR_FIELDS, changed: 'false: they were enabled already' },
    examples: ['tokenctl operator enable alice', 'tokenctl operator enable alice bob --json'],
  })
}
