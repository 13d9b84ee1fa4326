import type { Millis } from './model.ts'

/** Days since 1970, UTC: by these uses are counted. */
export type Day = number

const LENGTH: Millis = 86_400_000

export const dayOf = (at: Millis): Day => Math.floor(at / LENGTH)

/** Its first moment. */
export const startOf = (day: Day): Millis => day * LENGTH
