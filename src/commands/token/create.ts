import type { App } from '../../cli/app.ts'
import { existingClient } from '../../cli/choose.ts'
import { addHelp } from '../../cli/help.ts'
import { description, expires, newTokenBy, type NewTokenOptions } from '../../cli/new-token-options.ts'
import type { Result } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { scope } from '../../cli/scope-option.ts'
import { deliveryBy, type SecretOptions } from '../../cli/secret-delivery.ts'
import { copy, noCopy, replace, secretFile } from '../../cli/secret-options.ts'
import { ending } from '../../cli/time.ts'
import { stoppedNotes, ISSUED_FIELDS, issuedAnswer, newTokenNote } from '../../cli/token-view.ts'
import { createOwnToken } from '../../core/create-own-token.ts'
import { createToken } from '../../core/create-token.ts'
import type { Millis, Token } from '../../core/model.ts'
import { Problem } from '../../core/problem.ts'

interface Options extends NewTokenOptions, SecretOptions {
  readonly mine?: true | undefined
  readonly scope?: string | undefined
}

export function tokenCreate(group: Group, app: App): void {
  const command = group
    .command('create')
    .summary('give a client a further token')
    .description(
      "Gives a client a further token, whose secret is given out this once. The client's other tokens go on.",
    )
    .argument('[client]', "the client's name")
    .addOption(scope)
    .option('--mine', 'a personal token: it acts as you, where the settings allow it')
    .addOption(expires)
    .addOption(description)
    .addOption(secretFile)
    .addOption(replace)
    .addOption(copy)
    .addOption(noCopy)
    .action(app.action(async (name, options) => create(app, name, options)))
  addHelp(command, {
    json: ISSUED_FIELDS,
    examples: [
      "tokenctl token create BI --description 'second data centre'",
      "tokenctl token create --mine --expires 90d --description 'my scripts'",
      'tokenctl token create BI --expires never --secret-file /run/secrets/bi-2',
    ],
  })
}

async function create(app: App, given: string | undefined, options: Options): Promise<Result> {
  if (options.mine) refuseClient(given, options)
  const input = newTokenBy(options, app.now())
  const delivery = await deliveryBy(app, options, issuedAnswer)
  // The client first: where it was chosen from a list, the context says where that was.
  const name = options.mine ? null : await existingClient(app, given)
  const context = await app.context()
  const token =
    name === null
      ? await createOwnToken(context, input, delivery.sink)
      : await createToken(context, name, input, delivery.sink)
  return { notes: [...remarks(token, app.now()), ...(await delivery.afterwards())] }
}

function refuseClient(client: string | undefined, { scope }: Options): void {
  if (client === undefined && scope === undefined) return
  throw new Problem('usage', 'a personal token is of no other client', 'leave the client and --scope out')
}

function remarks(token: Token, now: Millis): string[] {
  const { current } = token
  return [newTokenNote(token, ending(current?.expiresAt ?? null, now)), ...stoppedNotes(token)]
}
