import type { LoginAttempts, Millis } from './model.ts'

// Failed logins slow down the next ones of that name, and never shut it out: whoever knows the password gets in some time.

/** Everybody mistypes now and then. */
const FREE = 5
/** After these it is so long to the next attempt, and with each further one twice as long as before. */
const FIRST_WAIT: Millis = 1_000
const LONGEST_WAIT: Millis = 15 * 60_000
/** After so long without a failure they are forgotten. */
export const QUIET: Millis = 24 * 3_600_000

/** From when on an attempt may be made; null: now. */
export function throttledUntil(attempts: LoginAttempts | null, now: Millis): Millis | null {
  if (attempts === null || attempts.failures < FREE) return null
  const { failures, lastAt } = attempts
  // The clock has been set back since: what it said then is no reason to wait until it says so again.
  if (lastAt > now) return null
  const until = lastAt + Math.min(FIRST_WAIT * 2 ** (failures - FREE), LONGEST_WAIT)
  return until > now ? until : null
}

/** With one more, which fails until it is known that it does not. */
export function withFailure(attempts: LoginAttempts | null, now: Millis): LoginAttempts {
  const earlier = attempts === null || attempts.lastAt <= now - QUIET ? 0 : attempts.failures
  return { failures: earlier + 1, lastAt: now }
}
