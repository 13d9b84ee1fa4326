import type { App } from '../../cli/app.ts'
import { existingOperator } from '../../cli/choose.ts'
import { addHelp } from '../../cli/help.ts'
import { OPERATOR_FIELDS, OPERATOR_PROPERTIES, operatorJson } from '../../cli/operator-view.ts'
import type { Group } from '../../cli/program.ts'
import { properties } from '../../cli/table.ts'
import { showOperator } from '../../core/shows.ts'

export function operatorShow(group: Group, app: App): void {
  const command = group
    .command('show')
    .summary('show an operator')
    .description('Shows an operator: by what they are known, and what they may where.')
    .argument('[operator]', "the operator's name")
    .action(
      app.action(async (given) => {
        const name = await existingOperator(app, given)
        const operator = await showOperator(await app.context(), name)
        return {
          data: operatorJson(operator),
          text: (style) => properties(style, OPERATOR_PROPERTIES, operator),
        }
      }),
    )
  addHelp(command, {
    json: OPERATOR_FIELDS,
    examples: ['tokenctl operator show alice', "tokenctl operator show alice --json | jq '.grants'"],
  })
}
