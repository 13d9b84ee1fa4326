import type { NewTokenInput } from './add-token.ts'
import { type Changed, change, type Context } from './change.ts'
import { onToken } from './authority.ts'
import { refuseSecretFor } from './escalation.ts'
import { called, named } from './called.ts'
import { findClient, stillClient } from './find.ts'
import { deliverSecret, type Issued, type Sink } from './issue-secret.ts'
import type { Client, Token } from './model.ts'
import { checkDescription } from './name.ts'
import { Problem } from './problem.ts'
import { prepareToken, undoToken } from './prepare-token.ts'
import type { Writer } from './store.ts'
import { aboutClient } from './subject.ts'

/**
 * A further token for a client. A delivery that fails leaves no trace of it.
 * @returns the token with its secret in force
 * @throws Problem `not-found`, `conflict` for an unfinished client, and as `deliverSecret`
 */
export async function createToken(
  context: Context,
  clientName: string,
  input: NewTokenInput,
  sink: Sink,
): Promise<Token> {
  if (input.description !== null) checkDescription(input.description)
  const found = await findClient(context, clientName)
  const action = onToken(context.actor, 'create', found)
  const issued = await change(context, action, aboutClient(found), (store) =>
    prepare(store, context, found, input),
  )
  return deliverSecret(context, action, issued, sink, undoToken(context, issued))
}

async function prepare(
  store: Writer,
  context: Context,
  found: Client,
  input: NewTokenInput,
): Promise<Changed<Issued>> {
  const client = await stillClient(store, found)
  await refuseSecretFor(context, store, client)
  refuseUnfinished(client)
  return prepareToken(store, context, client, input)
}

/**
 * A client whose own `client create` was never confirmed can be gone the next moment: that command fails, or the next
 * one of that name replaces it, and perhaps brings it back. A further token would go and come with it while its secret
 * is on its way to somebody. So such a client has the one token it was made with, and what it lacks is a secret for that.
 */
function refuseUnfinished(client: Client): void {
  if (client.provisionalSince === null) return
  throw new Problem(
    'conflict',
    `client ${named(client)} is unfinished: nobody knows whether its first secret was delivered`,
    `tokenctl token regenerate ${called(client)} gives it one that is`,
  )
}
