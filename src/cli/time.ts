import type { Millis } from '../core/model.ts'
import type { Style } from './output.ts'

/** From how many seconds on a unit is used: a little before it is full, for 59 min 45 s are read as an hour. */
const UNITS = [
  { name: 'd', seconds: 86_400, from: 84_600 },
  { name: 'h', seconds: 3_600, from: 3_570 },
  { name: 'min', seconds: 60, from: 59.5 },
] as const

/** RFC 3339, for JSON and pipes; null stays null. */
export const timestamp = (at: Millis | null): string | null =>
  at === null ? null : new Date(at).toISOString()

/** People read `in 90 d`, pipes RFC 3339; `otherwise` stands for no time at all. */
export function moment(style: Style, at: Millis | null, otherwise: string): string {
  if (at === null) return otherwise
  return style.forPeople ? relative(at, style.now) : new Date(at).toISOString()
}

/** `for 23 h` for people, `until 2026-…Z` for pipes; null: it has no end. */
export function lasting(style: Style, until: Millis | null): string {
  if (until === null) return 'for ever'
  return style.forPeople
    ? relative(until, style.now).replace(/^in /, 'for ')
    : `until ${new Date(until).toISOString()}`
}

/** To the nearest unit that says it in small numbers: `2 min ago`, `in 90 d`. */
export function relative(at: Millis, now: Millis): string {
  const seconds = Math.round(Math.abs(at - now) / 1000)
  if (seconds === 0) return 'now'
  const unit = UNITS.find(({ from }) => seconds >= from) ?? { name: 's', seconds: 1 }
  const amount = `${Math.round(seconds / unit.seconds)} ${unit.name}`
  return at > now ? `in ${amount}` : `${amount} ago`
}

/** A day of the calendar, UTC, all as long as each other: ` 2 Mar`. */
export function dayOf(at: Millis): string {
  const [, , month = '', day = ''] = /(\d+)-(\d+)-(\d+)/.exec(new Date(at).toISOString()) ?? []
  return `${String(Number(day)).padStart(2)} ${MONTHS[Number(month) - 1] ?? ''}`
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** For remarks: `expires in 90 d`, `never expires`. */
export const ending = (at: Millis | null, now: Millis): string =>
  at === null ? 'never expires' : `expires ${relative(at, now)}`
