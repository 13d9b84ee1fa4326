import type { Context } from './change.ts'
import type { Expires } from './lifetime.ts'
import { expiresBy } from './limits.ts'
import { policyOf } from './policy.ts'
import type { Writer } from './store.ts'
import { newTokenId } from './token-format.ts'

export interface NewTokenInput {
  readonly description: string | null
  /** Null: as the settings say. */
  readonly expires: Expires | null
}

/** A token of the client, without a secret yet. @returns its ID, and when that is to end. @throws Problem as `expiresBy` */
export async function addToken(
  store: Writer,
  { actor, now, randomBytes }: Context,
  clientId: number,
  { description, expires: asked }: NewTokenInput,
): Promise<{ readonly id: string; readonly expires: Expires }> {
  const expires = expiresBy(await policyOf(store), asked, now())
  const { lifetime } = expires
  const { tokenPrefix } = await store.identity()
  const id = newTokenId(tokenPrefix, randomBytes)
  await store.addToken({ id, clientId, description, lifetime, createdAt: now(), createdBy: actor.name })
  return { id, expires }
}
