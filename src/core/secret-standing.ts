import type { Millis, Secret, SecretState, Token } from './model.ts'
import { PENDING_LIFE } from './verdict.ts'

/**
 * What ended a secret:
 * - `replaced`: by its successor, at once or when its overlap had passed
 * - `dropped`: it was given up before anybody was known to have it
 * - `lapsed`: nobody used it in time
 * - `deleted`: with its token
 */
type DeadBecause = 'replaced' | 'dropped' | 'lapsed' | 'deleted'

/** What a secret is at a moment, which is not always what its row still says. */
export interface Standing {
  readonly state: SecretState
  /** Null: not known. */
  readonly since: Millis | null
  /** When that ends by itself; null: never, or it has ended. */
  readonly until: Millis | null
  /** Null: it is not dead. */
  readonly reason: DeadBecause | null
}

/** @param token of the secret, as it is at the same moment */
export function standingOf(
  secret: Secret,
  token: Pick<Token, 'current' | 'deletedAt'>,
  now: Millis,
): Standing {
  const death = secret.activatedAt === null ? deathUnused(secret, now) : deathOf(secret, token, now)
  if (death !== null) return { state: 'dead', since: death.at, until: null, reason: death.reason }
  return { state: secret.state, ...spanOf(secret, token), reason: null }
}

function spanOf(secret: Secret, { current }: Pick<Token, 'current'>): Pick<Standing, 'since' | 'until'> {
  const { state, madeAt, activatedAt, expiresAt, formerUntil } = secret
  if (state === 'pending') return { since: madeAt, until: earlier(lapseOf(secret), expiresAt) }
  if (state === 'current') return { since: activatedAt, until: expiresAt }
  // It became the former one when its successor became the current one.
  return { since: current?.activatedAt ?? null, until: formerUntil }
}

interface Death {
  readonly at: Millis
  readonly reason: DeadBecause
}

/** Of one that never was in force. */
function deathUnused(secret: Secret, now: Millis): Death | null {
  const { deadAt } = secret
  const lapse = lapseOf(secret)
  if (deadAt !== null && deadAt < lapse) return { at: deadAt, reason: 'dropped' }
  return deadAt !== null || lapse <= now ? { at: lapse, reason: 'lapsed' } : null
}

/** A former one died when its overlap ended, though its row says so only when the next one comes. */
function deathOf(
  { deadAt, formerUntil }: Secret,
  { deletedAt }: Pick<Token, 'deletedAt'>,
  now: Millis,
): Death | null {
  if (formerUntil !== null && formerUntil <= (deadAt ?? now)) return { at: formerUntil, reason: 'replaced' }
  return deadAt === null ? null : { at: deadAt, reason: deadAt === deletedAt ? 'deleted' : 'replaced' }
}

const lapseOf = ({ madeAt }: Secret): Millis => madeAt + PENDING_LIFE

const earlier = (one: Millis, other: Millis | null): Millis => Math.min(one, other ?? one)
