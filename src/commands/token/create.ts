import type { App } from '../../cli/app.ts'
import { existingClient } from '../../cli/choose.ts'
import { addHelp } from '../../cli/help.ts'
import { description, expires, newTokenBy, type NewTokenOptions } from '../../cli/new-token-options.ts'
import type { Result } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { deliveryBy, type SecretOptions } from '../../cli/secret-delivery.ts'
import { copy, noCopy, replace, secretFile } from '../../cli/secret-options.ts'
import { ending } from '../../cli/time.ts'
import { stoppedNotes, ISSUED_FIELDS, issuedAnswer, newTokenNote } from '../../cli/token-view.ts'
import { createToken } from '../../core/create-token.ts'
import type { Millis, Token } from '../../core/model.ts'

export function tokenCreate(group: Group, app: App): void {
  const command = group
    .command('create')
    .summary('give a client a further token')
    .description(
      "Gives a client a further token, whose secret is given out this once. The client's other tokens go on.",
    )
    .argument('[client]', "the client's name")
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
      'tokenctl token create BI --expires never --secret-file /run/secrets/bi-2',
    ],
  })
}

async function create(
  app: App,
  given: string | undefined,
  options: NewTokenOptions & SecretOptions,
): Promise<Result> {
  const input = newTokenBy(options, app.now())
  const delivery = await deliveryBy(app, options, issuedAnswer)
  const name = await existingClient(app, given)
  const token = await createToken(await app.context(), name, input, delivery.sink)
  return { notes: [...remarks(token, app.now()), ...(await delivery.afterwards())] }
}

function remarks(token: Token, now: Millis): string[] {
  const { current } = token
  return [newTokenNote(token, ending(current?.expiresAt ?? null, now)), ...stoppedNotes(token)]
}
