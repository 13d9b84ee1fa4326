import type { App } from '../../cli/app.ts'
import { clientName, consenting } from '../../cli/ask.ts'
import { addHelp } from '../../cli/help.ts'
import type { Group } from '../../cli/program.ts'
import { deleteClient } from '../../core/delete-client.ts'

export function clientDelete(group: Group, app: App): void {
  const command = group
    .command('delete')
    .summary('delete a client and its tokens for good')
    .description(
      'Deletes a client and all its tokens for good. A client made later under that name is another one.',
    )
    .argument('[name]', "the client's name")
    .action(
      app.action(async (given) => {
        const name = await clientName(app, given)
        const context = await app.context()
        const { client, tokens } = await consenting(app, (consent) => deleteClient(context, name, consent))
        return {
          data: { client: client.name, tokens, deleted: true },
          text: () => `deleted client ${client.name}${tokens.map((id) => `, token ${id}`).join('')}`,
        }
      }),
    )
  addHelp(command, {
    json: {
      client: "the client's name",
      tokens: 'the IDs of the tokens that went with it',
      deleted: 'true',
    },
    examples: ['tokenctl client delete BI', 'tokenctl client delete BI --yes'],
  })
}
