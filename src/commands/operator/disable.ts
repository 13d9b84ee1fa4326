import type { App } from '../../cli/app.ts'
import { existingOperator } from '../../cli/choose.ts'
import { each } from '../../cli/each.ts'
import { addHelp } from '../../cli/help.ts'
import { OPERATOR_FIELDS, operatorJson } from '../../cli/operator-view.ts'
import { switched } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { disableOperator } from '../../core/switch-operator.ts'

export function operatorDisable(group: Group, app: App): void {
  const command = group
    .command('disable')
    .summary('stop operators, until they are enabled again')
    .description(
      'Stops an operator, or several: their sessions end, and their personal tokens are not valid until they are enabled again.',
    )
    .argument('[operator...]', "the operators' names")
    .action(
      app.action((names) =>
        each(app, names, existingOperator, async (context, name) => {
          const { operator, changed } = await disableOperator(context, name)
          return {
            data: { ...operatorJson(operator), changed },
            ...switched(
              changed,
              `disabled operator ${operator.name}`,
              `operator ${operator.name} is disabled already`,
            ),
          }
        }),
      ),
    )
  addHelp(command, {
    json: { ...OPERATOR_FIELDS, changed: 'false: they were disabled already' },
    examples: ['tokenctl operator disable alice', 'tokenctl operator disable alice bob --json'],
  })
}
