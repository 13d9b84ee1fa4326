import type { Millis } from './model.ts'

/** Several look at one clock, and not all see quite the same. */
export const AHEAD: Millis = 60_000

/** What is further in the future than clocks differ was timed by one that has been set right since. */
export const isAhead = (at: Millis, now: Millis): boolean => at > now + AHEAD
