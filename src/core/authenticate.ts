import { bearerOf } from './bearer.ts'
import type { Actor, Millis, OsUser } from './model.ts'
import { Problem } from './problem.ts'
import type { Reads } from './store.ts'
import { livingSession } from './session.ts'
import { digestOf, parseToken } from './token-format.ts'
import { judge } from './verdict.ts'

// Who is asking: each finds it out in the store as it is, and is asked again inside the transaction of a change.

/** The operator that this person is, by uid, as PostgreSQL's peer authentication does it. @throws Problem `not-logged-in` */
export async function authenticatePeer(store: Reads, osUser: OsUser): Promise<Actor> {
  const operator = await store.actorByUid(osUser.uid)
  if (operator !== null) return operator
  throw new Problem(
    'not-logged-in',
    `uid ${osUser.uid} is not an operator of this store`,
    'tokenctl login, if you have a password here',
  )
}

/** A token that is to administer. */
export interface ActingToken {
  readonly secret: string
  readonly from: 'TOKENCTL_TOKEN' | '--token-file'
}

/** The client whose token it is, or for a personal one, its operator. @throws Problem `not-logged-in` */
export async function authenticateToken(store: Reads, acting: ActingToken, now: Millis): Promise<Actor> {
  const { secret } = acting
  const { tokenPrefix } = await store.identity()
  if (parseToken(secret)?.prefix !== tokenPrefix) throw refused(acting, 'malformed')
  const bearer = await bearerOf(store, digestOf(secret))
  const judgement = judge(bearer?.credential ?? null, now)
  if (bearer === null || !judgement.valid) {
    throw refused(acting, judgement.valid ? 'unknown' : judgement.reason)
  }

  const { tokenId: id, clientId, client, role, operatorId } = bearer.credential
  const token = { id, clientId, role }
  if (role !== null) return { name: client, grants: bearer.grants, operatorId: null, token }
  const operator = operatorId === null ? null : await store.actorById(operatorId)
  if (operator === null) throw refused(acting, 'disabled')
  return { ...operator, name: client, token }
}

/** When a token that administers ends. */
export async function tokenEnd(store: Reads, secret: string): Promise<Millis | null> {
  const credential = await store.credential(digestOf(secret))
  return credential?.secret.formerUntil ?? credential?.secret.expiresAt ?? null
}

const refused = (token: ActingToken, reason: string): Problem =>
  tokenProblem(token, `is not valid: ${reason}`)

/** The operator who logged in. @throws Problem `not-logged-in` */
export async function authenticateSession(store: Reads, secret: string, now: Millis): Promise<Actor> {
  const session = await livingSession(store, secret, now)
  const operator = session && (await store.actorById(session.operatorId))
  if (operator !== null) return operator
  throw sessionProblem('has ended')
}

/** @param fault a clause behind what has it */
export const tokenProblem = ({ from }: ActingToken, fault: string): Problem =>
  new Problem('not-logged-in', `the token in ${from} ${fault}`, `${WITHOUT[from]} to act as yourself`)

/** How one does without it. */
export const WITHOUT: Readonly<Record<ActingToken['from'], string>> = {
  TOKENCTL_TOKEN: 'unset TOKENCTL_TOKEN',
  '--token-file': 'leave --token-file out',
}

/** @param fault as for `tokenProblem` */
export const sessionProblem = (fault: string): Problem =>
  new Problem(
    'not-logged-in',
    `your session ${fault}`,
    'tokenctl login begins another; after tokenctl logout you act as yourself',
  )
