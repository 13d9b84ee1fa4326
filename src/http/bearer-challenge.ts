import { type Answer, type Refusal, refused } from './message.ts'

/** What goes with a refusal, by RFC 6750, 3. */
const REALM = 'Bearer realm="tokenctl"'

const challenge = (error: string): readonly string[] => ['WWW-Authenticate', `${REALM}, ${error}`]

const UNAUTHENTICATED = ['WWW-Authenticate', REALM] as const
const INVALID = challenge('error="invalid_token", error_description="the token is not valid"')
const MALFORMED = challenge('error="invalid_request"')

/** Nothing was presented: not even an error code is due (3.1). */
export const unauthenticated = (refusal: Omit<Refusal, 'reason'>): Answer =>
  refused(401, 'no token', UNAUTHENTICATED, { ...refusal, reason: 'no token' })

/** Whatever is wrong with it, it is told in one way. */
export const invalidToken = (refusal: Refusal): Answer =>
  refused(401, 'the token is not valid', INVALID, refusal)

export const invalidRequest = (status: number, reason: string): Answer =>
  refused(status, reason, status === 400 ? MALFORMED : [], { reason })

/** @param permission as `checkPattern` lets it through, so that it can stand in a header */
export function insufficientScope(permission: string | undefined, refusal: Refusal): Answer {
  const scope = permission === undefined ? '' : `, scope="${permission}"`
  return refused(403, 'not permitted', challenge(`error="insufficient_scope"${scope}`), refusal)
}
