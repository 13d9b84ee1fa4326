import type { Actor, Millis, OsUser, Session } from './model.ts'
import { Problem } from './problem.ts'
import type { Grant } from './permission.ts'
import type { Reads } from './store.ts'
import { type Policy, policyOf } from './settings.ts'
import { digestOf, parseToken } from './token-format.ts'
import { judge } from './verdict.ts'

// Who is asking: each finds it out in the store as it is, and is asked again inside the transaction of a change.

/** The operator that this person is, by uid, as PostgreSQL's peer authentication does it. @throws Problem `not-logged-in` */
export async function authenticatePeer(store: Reads, osUser: OsUser): Promise<Actor> {
  const operator = await store.operatorByUid(osUser.uid)
  if (operator !== null) return operator
  throw new Problem(
    'not-logged-in',
    `uid ${osUser.uid} is not an operator of this store`,
    'tokenctl login, if you have a password here',
  )
}

/** The client whose token it is, or for a personal one, its operator. @throws Problem `not-logged-in` */
export async function authenticateToken(store: Reads, secret: string, now: Millis): Promise<Actor> {
  const { tokenPrefix } = await store.identity()
  if (parseToken(secret)?.prefix !== tokenPrefix) throw refused('malformed')
  const credential = await store.credential(digestOf(secret))
  const verdict = judge(credential, now)
  if (credential === null || !verdict.valid) throw refused(verdict.valid ? 'unknown' : verdict.reason)

  const { tokenId: id, clientId, client, role, scope, operatorId } = credential
  const token = { id, clientId, role }
  if (role !== null) {
    return { name: client, grants: [await grantOf(store, role, scope)], operatorId: null, token }
  }
  const operator = operatorId === null ? null : await store.operatorById(operatorId)
  if (operator === null) throw refused('disabled')
  return { ...operator, name: client, token }
}

/** When a token that administers ends. */
export async function tokenEnd(store: Reads, secret: string): Promise<Millis | null> {
  const credential = await store.credential(digestOf(secret))
  return credential?.secret.formerUntil ?? credential?.secret.expiresAt ?? null
}

async function grantOf(store: Reads, role: string, scope: string): Promise<Grant> {
  return { role, patterns: (await store.role(role))?.patterns ?? [], scope }
}

const refused = (reason: string): Problem =>
  new Problem(
    'not-logged-in',
    `the token that is to administer is not valid: ${reason}`,
    'unset TOKENCTL_TOKEN and leave --token-file out to act as yourself',
  )

/** The operator who logged in. @throws Problem `not-logged-in` */
export async function authenticateSession(store: Reads, secret: string, now: Millis): Promise<Actor> {
  const session = await store.session(digestOf(secret))
  const lives =
    session !== null && sessionEnd(session, await policyOf(store)) > now && session.madeAt <= now + AHEAD
  const operator = lives ? await store.operatorById(session.operatorId) : null
  if (operator !== null) return operator
  throw new Problem(
    'not-logged-in',
    'your session has ended',
    'tokenctl login begins another, tokenctl logout leaves it at that',
  )
}

/** When a session ends, however much it is used; null: it has ended. */
export async function sessionEndOf(store: Reads, secret: string): Promise<Millis | null> {
  const session = await store.session(digestOf(secret))
  return session && session.madeAt + (await policyOf(store)).sessionLifetime * 1000
}

/** A session from further in the future than clocks differ was made by one that has been set right since. */
const AHEAD: Millis = 60_000

/** By its age, or for want of use, whichever comes first. */
export const sessionEnd = (
  { madeAt, usedAt }: Session,
  { sessionLifetime, sessionIdle }: Pick<Policy, 'sessionLifetime' | 'sessionIdle'>,
): Millis => Math.min(madeAt + sessionLifetime * 1000, usedAt + sessionIdle * 1000)
