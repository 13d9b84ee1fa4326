import { dayOf, startOf } from '../core/day.ts'
import type { Millis } from '../core/model.ts'
import type { ShownToken } from '../core/shows.ts'
import { hasLivingFormer } from '../core/token-status.ts'
import type { Style } from './output.ts'
import { sparkline } from './sparkline.ts'
import type { Property } from './table.ts'
import { moment, timestamp } from './time.ts'
import { TOKEN_DETAIL_COLUMNS, TOKEN_DETAIL_FIELDS, tokenDetailJson } from './token-view.ts'

/** As many as are counted for people, and drawn. */
const DAYS = 30

export const SHOWN_TOKEN_FIELDS = {
  ...TOKEN_DETAIL_FIELDS,
  currentLastUsedAt: 'when the current secret was last verified; null: never, or there is none',
  formerLastUsedAt: 'when the former secret was, while it still works; or null',
  uses: 'how often it was verified: day (2026-03-01, UTC) and uses, of the last 90 days those with any',
} as const

export function shownTokenJson(
  token: ShownToken,
  now: Millis,
): Readonly<Record<keyof typeof SHOWN_TOKEN_FIELDS, unknown>> {
  return {
    ...tokenDetailJson(token, now),
    currentLastUsedAt: timestamp(token.currentLastUsedAt),
    formerLastUsedAt: hasLivingFormer(token, now) ? timestamp(token.formerLastUsedAt) : null,
    uses: token.usesByDay.map(({ day, uses }) => ({ day: timestamp(startOf(day))?.slice(0, 10), uses })),
  }
}

/** @param isDrawn a line of marks is beside the number */
export const shownTokenColumns = (isDrawn: boolean): readonly Property<ShownToken>[] => [
  ...TOKEN_DETAIL_COLUMNS,
  { title: 'ROTATION', cell: rotation },
  { title: 'USES', cell: (token, style) => uses(token, style, isDrawn) },
]

/** Whether the new secret has arrived everywhere: while the former one works, which of them was used when. */
function rotation(token: ShownToken, style: Style): string {
  if (!hasLivingFormer(token, style.now)) return ''
  const used = (at: Millis | null): string =>
    at === null ? 'never used' : `last used ${moment(style, at, '')}`
  return `new secret ${used(token.currentLastUsedAt)}, former secret ${used(token.formerLastUsedAt)}`
}

/** Oldest first. */
function uses({ usesByDay }: ShownToken, style: Style, isDrawn: boolean): string {
  const first = dayOf(style.now) - DAYS + 1
  const counts = new Map(usesByDay.map(({ day, uses }) => [day, uses]))
  const amounts = Array.from({ length: DAYS }, (_, i) => counts.get(first + i) ?? 0)
  const total = amounts.reduce((sum, amount) => sum + amount, 0)
  if (total === 0) return ''
  const words = `${style.forPeople ? total.toLocaleString('en-US') : total} in ${DAYS} days`
  const fits = style.forPeople && style.columns >= NARROWEST
  return isDrawn && fits ? `${words} ${sparkline(amounts)}` : words
}

/** With room for the titles, and for the marks on one line. */
const NARROWEST = DAYS + 16
