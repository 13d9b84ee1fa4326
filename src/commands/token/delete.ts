import type { App } from '../../cli/app.ts'
import { consenting, tokenReference } from '../../cli/ask.ts'
import { addHelp } from '../../cli/help.ts'
import type { Group } from '../../cli/program.ts'
import { deleteToken } from '../../core/delete-token.ts'

export function tokenDelete(group: Group, app: App): void {
  const command = group
    .command('delete')
    .summary('delete a token for good')
    .description('Deletes a token for good. Whatever uses it stops working.')
    .argument('[token]', 'token ID or client name')
    .action(
      app.action(async (given) => {
        const reference = await tokenReference(app, given)
        const context = await app.context()
        const { id, client } = await consenting(app, (consent) => deleteToken(context, reference, consent))
        return {
          data: { id, client: client.name, deleted: true },
          text: () => `deleted token ${id} of client ${client.name}`,
        }
      }),
    )
  addHelp(command, {
    json: { id: "the token's public ID", client: 'the client it belonged to', deleted: 'true' },
    examples: ['tokenctl token delete tkc_7fQ2mWc01xYz', 'tokenctl token delete BI --yes'],
  })
}
