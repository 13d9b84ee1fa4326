import type { Millis } from './model.ts'
import type { Writer } from './store.ts'
import { hasLivingSecret } from './token-status.ts'

/**
 * The pending secret becomes the current one; the current one lives on as the former for its successor's overlap,
 * never past its own expiry, or dies; the former one dies.
 * @returns false if that secret is not pending any more
 */
export async function activateSecret(
  store: Writer,
  tokenId: string,
  digest: string,
  now: Millis,
  deliveredTo: string,
): Promise<boolean> {
  const token = await store.token(tokenId)
  if (token?.pending?.digest !== digest) return false
  const { former, current, pending } = token
  if (former !== null) await store.killSecret(former.digest, now)
  if (current !== null) {
    if (pending.overlap !== null && hasLivingSecret(token, now)) {
      const overlapEnd = now + pending.overlap * 1000
      await store.retireSecret(current.digest, Math.min(overlapEnd, current.expiresAt ?? overlapEnd))
    } else {
      await store.killSecret(current.digest, now)
    }
  }
  return store.promoteSecret(digest, now, deliveredTo)
}
