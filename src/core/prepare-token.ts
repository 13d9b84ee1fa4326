import { addToken, type NewTokenInput } from './add-token.ts'
import type { Changed, Context } from './change.ts'
import { type Issued, prepareSecret, type Undo } from './issue-secret.ts'
import type { Client } from './model.ts'
import type { Writer } from './store.ts'

/** A further token of the client, with a secret that is pending. @throws Problem as `addToken` */
export async function prepareToken(
  store: Writer,
  context: Context,
  { id: clientId, name }: Pick<Client, 'id' | 'name'>,
  input: NewTokenInput,
): Promise<Changed<Issued>> {
  const { id, expires } = await addToken(store, context, clientId, input)
  const issued = await prepareSecret(store, context, id, expires)
  return {
    result: issued,
    record: {
      targets: [name, id],
      outcome: 'prepared',
      details: { description: input.description, expiresAt: issued.expiresAt },
    },
  }
}

/** A delivery that fails leaves no trace of it. */
export const undoToken =
  ({ now }: Context, { token }: Issued): Undo =>
  async (store) => {
    await store.deleteToken(token.id, now())
    return { left: null }
  }
