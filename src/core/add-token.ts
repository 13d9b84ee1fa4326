import type { Context } from './change.ts'
import { byClock, type Expires } from './lifetime.ts'
import type { Writer } from './store.ts'
import { newTokenId } from './token-format.ts'

export interface NewTokenInput {
  readonly description: string | null
  readonly expires: Expires
}

/** A token of the client, without a secret yet. @returns its ID */
export async function addToken(
  store: Writer,
  { actor, now, randomBytes }: Context,
  clientId: number,
  { description, expires }: NewTokenInput,
): Promise<string> {
  const { lifetime } = byClock(expires, now())
  const { tokenPrefix } = await store.identity()
  const id = newTokenId(tokenPrefix, randomBytes)
  await store.addToken({ id, clientId, description, lifetime, createdAt: now(), createdBy: actor.name })
  return id
}
