import type { Millis } from './model.ts'

/** Days since 1970, UTC: by these uses are counted. */
export type Day = number

export const DAY: Millis = 86_400_000

/** How far back it is kept how often a token was used. */
export const DAYS_OF_USES = 90

export const dayOf = (at: Millis): Day => Math.floor(at / DAY)

/** Its first moment. */
export const startOf = (day: Day): Millis => day * DAY
