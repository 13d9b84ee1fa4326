import { AHEAD, isAhead } from './ahead.ts'
import type { LoginAttempts, Millis } from './model.ts'

// Failed logins slow down the next ones of that name, and never shut it out: whoever knows the password gets in some time.

/** Everybody mistypes now and then. */
const FREE = 5
/** After these it is so long to the next attempt, and with each further one twice as long as before. */
const FIRST_WAIT: Millis = 1_000
/** With that, a quarter of an hour at most, by whosever clock. */
const LONGEST_WAIT: Millis = 15 * 60_000 - AHEAD
/** After so long without a failure they are forgotten. */
export const QUIET: Millis = 24 * 3_600_000

/** From when on an attempt may be made; null: now. */
export function throttledUntil(attempts: LoginAttempts | null, now: Millis): Millis | null {
  if (attempts === null || attempts.failures < FREE || isAhead(attempts.lastAt, now)) return null
  const { failures, lastAt } = attempts
  const until = lastAt + Math.min(FIRST_WAIT * 2 ** (failures - FREE), LONGEST_WAIT)
  return until > now ? until : null
}

/** With one more, which fails until it is known that it does not. */
export function withFailure(attempts: LoginAttempts | null, now: Millis): LoginAttempts {
  if (attempts === null || attempts.lastAt <= now - QUIET) return { failures: 1, lastAt: now }
  const { failures, lastAt } = attempts
  return { failures: failures + 1, lastAt: isAhead(lastAt, now) ? now : Math.max(lastAt, now) }
}
