import type { VerifyContext } from './change.ts'
import type { Millis } from './model.ts'
import { isProblem } from './problem.ts'
import { digestOf } from './token-format.ts'

/** How exactly a session's last use is known: not every command of a script is worth a write. */
const OFTEN: Millis = 10_000

/** Notes that a session goes on. A store that cannot be written, or is busy, ends none. */
export async function useSession({ store, now }: VerifyContext, secret: string): Promise<void> {
  const digest = digestOf(secret)
  const session = await store.session(digest)
  if (session === null || now() - session.usedAt < OFTEN) return
  try {
    await store.touchSession(digest, now())
  } catch (error) {
    if (!isProblem(error) || error.kind !== 'unavailable') throw error
  }
}
