import { isAhead } from './ahead.ts'
import type { Millis, Session } from './model.ts'
import { type Policy, policyOf } from './policy.ts'
import type { Reads } from './store.ts'
import { digestOf } from './token-format.ts'

/** When a session ends however much it is used. */
export const sessionExpiry = (
  { madeAt }: Pick<Session, 'madeAt'>,
  { sessionLifetime }: Pick<Policy, 'sessionLifetime'>,
): Millis => madeAt + sessionLifetime * 1000

/** By its age, or for want of use, whichever comes first. */
export const sessionEnd = (
  session: Session,
  policy: Pick<Policy, 'sessionLifetime' | 'sessionIdle'>,
): Millis => Math.min(sessionExpiry(session, policy), session.usedAt + policy.sessionIdle * 1000)

/** A session that has not ended; null: there is none. */
export async function livingSession(store: Reads, secret: string, now: Millis): Promise<Session | null> {
  const session = await store.session(digestOf(secret))
  if (session === null || isAhead(session.madeAt, now)) return null
  return sessionEnd(session, await policyOf(store)) > now ? session : null
}

/** As `sessionExpiry`, by its secret; null: there is none. */
export async function sessionUntil(store: Reads, secret: string): Promise<Millis | null> {
  const session = await store.session(digestOf(secret))
  return session && sessionExpiry(session, await policyOf(store))
}
