import type { VerifyContext } from './change.ts'
import { ifAvailable } from './if-available.ts'
import type { Millis } from './model.ts'
import { digestOf } from './token-format.ts'

/** How exactly a session's last use is known: not every command of a script is worth a write. */
const OFTEN: Millis = 10_000

/** Notes that a session goes on. */
export async function useSession({ store, now }: VerifyContext, secret: string): Promise<void> {
  const digest = digestOf(secret)
  const session = await store.session(digest)
  if (session === null || now() - session.usedAt < OFTEN) return
  await ifAvailable(() => store.touchSession(digest, now()))
}
