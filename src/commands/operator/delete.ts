import type { App } from '../../cli/app.ts'
import { consenting } from '../../cli/ask.ts'
import { existingOperator } from '../../cli/choose.ts'
import { each } from '../../cli/each.ts'
import { addHelp } from '../../cli/help.ts'
import { ifExists, unlessGone } from '../../cli/if-exists.ts'
import { type Result, sentence } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import type { Context } from '../../core/change.ts'
import { deleteOperator } from '../../core/delete-operator.ts'
import { withoutLongRuns } from '../../core/problem.ts'

export function operatorDelete(group: Group, app: App): void {
  const command = group
    .command('delete')
    .summary('delete operators and their personal tokens for good')
    .description(
      'Deletes an operator, or several, with their sessions and personal tokens, for good. Whoever is made later under that name is another one.',
    )
    .argument('[operator...]', "the operators' names")
    .addOption(ifExists)
    .action(
      app.action((names, options) =>
        each(app, names, existingOperator, (context, name) =>
          unlessGone(options.ifExists, gone(name), () => remove(app, context, name)),
        ),
      ),
    )
  addHelp(command, {
    json: {
      operator: "the operator's name",
      tokens: 'the IDs of the personal tokens that went with them',
      deleted: 'false: they were gone already',
    },
    examples: ['tokenctl operator delete alice', 'tokenctl operator delete alice bob --yes --if-exists'],
  })
}

async function remove(app: App, context: Context, name: string): Promise<Result> {
  const { operator, tokens } = await consenting(app, (consent) => deleteOperator(context, name, consent))
  return {
    data: { operator: operator.name, tokens, deleted: true },
    text: sentence(`deleted operator ${operator.name}${tokens.map((id) => `, token ${id}`).join('')}`),
  }
}

const gone = (name: string): unknown => ({ operator: withoutLongRuns(name), tokens: [], deleted: false })
