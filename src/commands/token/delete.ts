import type { App } from '../../cli/app.ts'
import { consenting } from '../../cli/ask.ts'
import { existingToken } from '../../cli/choose.ts'
import { each } from '../../cli/each.ts'
import { addHelp } from '../../cli/help.ts'
import { ifExists, unlessGone } from '../../cli/if-exists.ts'
import { type Result, sentence } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { scope } from '../../cli/scope-option.ts'
import type { Context } from '../../core/change.ts'
import { deleteToken } from '../../core/delete-token.ts'
import { withoutLongRuns } from '../../core/problem.ts'
import { isTokenId } from '../../core/token-format.ts'
import { named } from '../../core/called.ts'

export function tokenDelete(group: Group, app: App): void {
  const command = group
    .command('delete')
    .summary('delete tokens for good')
    .description('Deletes a token, or several, for good. Whatever uses it stops working.')
    .argument('[token...]', 'token IDs or client names')
    .addOption(scope)
    .addOption(ifExists)
    .action(
      app.action((references, options) =>
        each(app, references, existingToken, (context, reference) =>
          unlessGone(options.ifExists, gone(reference), () => remove(app, context, reference)),
        ),
      ),
    )
  addHelp(command, {
    json: {
      id: "the token's public ID; null: a client's name was given, and there was none",
      client: 'the client it belonged to; null: an ID was given, and there was none',
      deleted: 'false: it was gone already',
    },
    examples: [
      'tokenctl token delete tkc_7fQ2mWc01xYz',
      'tokenctl token delete BI --yes',
      'tokenctl token delete tkc_7fQ2mWc01xYz JDBC --yes --if-exists',
    ],
  })
}

async function remove(app: App, context: Context, reference: string): Promise<Result> {
  const { id, client } = await consenting(app, (consent) => deleteToken(context, reference, consent))
  return {
    data: { id, client: client.name, deleted: true },
    text: sentence(`deleted token ${id} of client ${named(client)}`),
  }
}

const gone = (reference: string): unknown =>
  isTokenId(reference)
    ? { id: reference, client: null, deleted: false }
    : { id: null, client: withoutLongRuns(reference), deleted: false }
