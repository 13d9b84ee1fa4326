import { counted } from './counted.ts'
import type { Millis } from './model.ts'
import { Problem, quoted } from './problem.ts'

/** Whole seconds. */
export type Seconds = number

/** How long a secret lives; null is for ever. */
export type Lifetime = Seconds | null

/** What `--expires` asked for: a lifetime, and where it was given as a date, that instant. */
export interface Expires {
  readonly lifetime: Lifetime
  readonly until: Millis | null
}

const SECONDS = { m: 60, h: 3_600, d: 86_400, w: 604_800 } as const
const SHORTEST = 60
const LONGEST = 3650 * SECONDS.d
const DURATION = /^([0-9]+)([mhdw])$/
const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/
/** RFC 3339, section 5.6; the calendar is checked apart. */
const DATE_TIME =
  /^([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$/

const EXPIRES_RULE =
  "days (90), a duration (90d, 24h, 30m, 2w), a date (2027-01-31: the end of that day, UTC; or RFC 3339), or 'never'"
const DURATION_RULE = 'a duration is a number and m, h, d or w (24h)'
const PERIOD_RULE = `${DURATION_RULE}, or of days (30)`

/**
 * What `--expires` says.
 * @param now for dates
 * @throws Problem `usage`, naming the rule
 */
export function parseExpires(text: string, now: Millis): Expires {
  if (text === 'never' || text === '-1') return { lifetime: null, until: null }
  const until = dateOf(text)
  const seconds = until === null ? (daysOf(text) ?? durationOf(text)) : (until - now) / 1000
  if (seconds !== null && inBounds(seconds)) return { lifetime: Math.ceil(seconds), until }
  if (seconds !== null) throw outOfRange('--expires', text)
  throw new Problem('usage', `not an expiry: ${quoted(text)}`, `--expires takes ${EXPIRES_RULE}`)
}

/** The same by the store's clock, from which this machine's may differ. @throws Problem `usage` for a date that is then out of range */
export function byClock({ lifetime, until }: Expires, now: Millis): Expires {
  if (until === null) return { lifetime, until }
  const seconds = (until - now) / 1000
  if (inBounds(seconds)) return { lifetime: Math.ceil(seconds), until }
  throw outOfRange('--expires', new Date(until).toISOString())
}

/** What `--overlap` says, in seconds. @throws Problem `usage`, naming the rule */
export function parseDuration(option: string, text: string): Seconds {
  return checkDuration(option, text, durationOf(text), DURATION_RULE)
}

/** A duration that is in bounds; null: it is none, or out of them. */
export function durationIn(text: string): Seconds | null {
  const seconds = durationOf(text)
  return seconds !== null && inBounds(seconds) ? seconds : null
}

/** As `parseDuration`, for spans of days: a bare number is days. @throws Problem `usage`, naming the rule */
export function parsePeriod(option: string, text: string): Seconds {
  return checkDuration(option, text, daysOf(text) ?? durationOf(text), PERIOD_RULE)
}

function checkDuration(option: string, text: string, seconds: Seconds | null, rule: string): Seconds {
  if (seconds !== null && inBounds(seconds)) return seconds
  if (seconds !== null) throw outOfRange(option, text)
  throw new Problem('usage', `not a duration for ${option}: ${quoted(text)}`, rule)
}

/** When a secret made at `madeAt` ends; null: never. */
export function expiryOf({ lifetime, until }: Expires, madeAt: Millis): Millis | null {
  return until ?? (lifetime === null ? null : madeAt + lifetime * 1000)
}

/** `90 days`, `36 hours`: in the longest unit of which there are whole ones. */
export function lengthOf(seconds: Seconds): string {
  const [amount, unit] =
    seconds % SECONDS.d === 0
      ? [seconds / SECONDS.d, 'day']
      : seconds % SECONDS.h === 0
        ? [seconds / SECONDS.h, 'hour']
        : [Math.round(seconds / SECONDS.m), 'minute']
  return counted(amount, unit)
}

function outOfRange(option: string, text: string): Problem {
  return new Problem('usage', `out of range: ${option} ${quoted(text)}`, 'from 1 minute to 3650 days')
}

function inBounds(seconds: Seconds): boolean {
  return seconds >= SHORTEST && seconds <= LONGEST
}

function durationOf(text: string): Seconds | null {
  const match = DURATION.exec(text)
  return match === null ? null : Number(match[1]) * SECONDS[match[2] as keyof typeof SECONDS]
}

function daysOf(text: string): Seconds | null {
  return /^[0-9]+$/.test(text) ? Number(text) * SECONDS.d : null
}

function dateOf(text: string): Millis | null {
  const date = DATE.exec(text) ?? DATE.exec(DATE_TIME.exec(text)?.[1] ?? '')
  if (date === null || !onCalendar(date)) return null
  return Date.parse(DATE.test(text) ? `${text}T23:59:59.999Z` : text.toUpperCase().replace(' ', 'T'))
}

/** February has no 30th, and `Date` would quietly make it March. */
function onCalendar([, year, month, day]: RegExpExecArray): boolean {
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  return at.getUTCMonth() === Number(month) - 1 && at.getUTCDate() === Number(day)
}
