import type { App } from '../../cli/app.ts'
import { addHelp } from '../../cli/help.ts'
import { addRowOptions, type RowOptions, shortListing } from '../../cli/list-options.ts'
import { OPERATOR_COLUMNS, OPERATOR_FIELDS, operatorJson } from '../../cli/operator-view.ts'
import type { Group } from '../../cli/program.ts'
import { listOperators } from '../../core/lists.ts'

export function operatorList(group: Group, app: App): void {
  const command = group
    .command('list')
    .summary('list the operators')
    .description('Lists the operators: by what each is known, and what each may where.')
  addRowOptions(command).action(
    app.action((options: RowOptions) =>
      shortListing(app, options, listOperators, operatorJson, OPERATOR_COLUMNS),
    ),
  )
  addHelp(command, {
    json: OPERATOR_FIELDS,
    examples: [
      'tokenctl operator list',
      `tokenctl operator list --json | jq -r '.[] | select(.disabledAt).operator'`,
    ],
  })
}
