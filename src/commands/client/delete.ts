import type { App } from '../../cli/app.ts'
import { consenting } from '../../cli/ask.ts'
import { existingClient } from '../../cli/choose.ts'
import { each } from '../../cli/each.ts'
import { addHelp } from '../../cli/help.ts'
import { ifExists, unlessGone } from '../../cli/if-exists.ts'
import { type Result, sentence } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { scope } from '../../cli/scope-option.ts'
import type { Context } from '../../core/change.ts'
import { deleteClient } from '../../core/delete-client.ts'
import { withoutLongRuns } from '../../core/problem.ts'
import { named } from '../../core/called.ts'

export function clientDelete(group: Group, app: App): void {
  const command = group
    .command('delete')
    .summary('delete clients and their tokens for good')
    .description(
      'Deletes a client, or several, and all its tokens for good. A client made later under that name is another one.',
    )
    .argument('[client...]', "the clients' names")
    .addOption(scope)
    .addOption(ifExists)
    .action(
      app.action((names, options) =>
        each(app, names, existingClient, (context, name) =>
          unlessGone(options.ifExists, gone(name), () => remove(app, context, name)),
        ),
      ),
    )
  addHelp(command, {
    json: {
      client: "the client's name",
      tokens: 'the IDs of the tokens that went with it',
      deleted: 'false: it was gone already',
    },
    examples: [
      'tokenctl client delete BI',
      'tokenctl client delete BI --yes',
      'tokenctl client delete BI JDBC nightly --yes --if-exists',
    ],
  })
}

async function remove(app: App, context: Context, name: string): Promise<Result> {
  const { client, tokens } = await consenting(app, (consent) => deleteClient(context, name, consent))
  return {
    data: { client: client.name, tokens, deleted: true },
    text: sentence(`deleted client ${named(client)}${tokens.map((id) => `, token ${id}`).join('')}`),
  }
}

const gone = (name: string): unknown => ({ client: withoutLongRuns(name), tokens: [], deleted: false })
