import type { Context } from './change.ts'
import type { Expires } from './lifetime.ts'
import type { Writer } from './store.ts'
import { newTokenId } from './token-format.ts'

export interface NewTokenInput {
  readonly description: string | null
  /** Null: as the settings say. */
  readonly expires: Expires | null
}

/** A token of the client, without a secret yet. @param expires of its first secret. @returns its ID */
export async function addToken(
  store: Writer,
  { actor, now, randomBytes }: Context,
  clientId: number,
  { description }: Pick<NewTokenInput, 'description'>,
  { lifetime }: Expires,
): Promise<string> {
  const { tokenPrefix } = await store.identity()
  const id = newTokenId(tokenPrefix, randomBytes)
  await store.addToken({ id, clientId, description, lifetime, createdAt: now(), createdBy: actor.name })
  return id
}
