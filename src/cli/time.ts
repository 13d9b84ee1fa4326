import type { Millis } from '../core/model.ts'
import type { Style } from './output.ts'

const UNITS: readonly (readonly [seconds: number, name: string])[] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
]

/** RFC 3339, for JSON and pipes; null stays null. */
export const timestamp = (at: Millis | null): string | null =>
  at === null ? null : new Date(at).toISOString()

/** People read `in 90 d`, pipes RFC 3339; `otherwise` stands for no time at all. */
export function moment(style: Style, at: Millis | null, otherwise: string): string {
  if (at === null) return otherwise
  return style.forPeople ? relative(at, style.now) : new Date(at).toISOString()
}

/** To the nearest unit that says it in small numbers: `2 min ago`, `in 90 d`. */
export function relative(at: Millis, now: Millis): string {
  const seconds = Math.round(Math.abs(at - now) / 1000)
  if (seconds === 0) return 'now'
  const [unit, name] = UNITS.find(([unit]) => seconds >= unit) ?? [1, 's']
  const amount = `${Math.round(seconds / unit)} ${name}`
  return at > now ? `in ${amount}` : `${amount} ago`
}

/** For remarks: `expires in 90 d`, `never expires`. */
export const ending = (at: Millis | null, now: Millis): string =>
  at === null ? 'never expires' : `expires ${relative(at, now)}`
