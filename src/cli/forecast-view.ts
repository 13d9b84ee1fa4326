import { DAY } from '../core/day.ts'
import { DAYS_AHEAD, DAYS_IDLE, DAYS_LEFT, type DueName, type Forecast } from '../core/forecast.ts'
import type { Millis } from '../core/model.ts'
import type { Block } from './bars.ts'
import { KIND } from './forecast-kinds.ts'
import { type Asked, sections } from './forecast-text.ts'
import type { Style } from './output.ts'
import { header, line, type Property } from './table.ts'
import { timestamp } from './time.ts'
import { tokenJson } from './token-view.ts'

export const FORECAST_FIELDS = {
  from: 'now, RFC 3339',
  until: `in ${DAYS_AHEAD} days`,
  tokens: 'how many tokens there are in all',
  weeks: 'each with from, until, and tokens: how many have a current secret that ends between them',
  expiring: `within ${DAYS_LEFT} days: tokens (how many), and first (20 of them, each as in token list)`,
  neverExpiring: 'the same of those whose current secret has no end',
  unused: `the same of those neither made nor used for ${DAYS_IDLE} days`,
  neverUsed: 'the same of those never verified',
} as const

export function forecastJson(
  forecast: Forecast,
  now: Millis,
): Readonly<Record<keyof typeof FORECAST_FIELDS, unknown>> {
  const due = (name: DueName): unknown => ({
    tokens: forecast.due[name].tokens,
    first: forecast.due[name].first.map((token) => tokenJson(token, now)),
  })
  return {
    from: timestamp(forecast.from),
    until: timestamp(forecast.until),
    tokens: forecast.tokens,
    weeks: forecast.weeks.map(({ from, until, tokens }) => ({
      from: timestamp(from),
      until: timestamp(until),
      tokens,
    })),
    expiring: due('expiring'),
    neverExpiring: due('neverExpiring'),
    unused: due('unused'),
    neverUsed: due('neverUsed'),
  }
}

export async function forecastText(
  style: Style,
  forecast: Forecast,
  asked: Asked,
  block: Block,
): Promise<string> {
  return style.forPeople ? sections(style, forecast, asked, block) : tabbed(style, forecast)
}

interface Line {
  readonly what: string
  readonly from: Millis | null
  readonly until: Millis | null
  readonly tokens: number
}

const LINE_COLUMNS: readonly Property<Line>[] = [
  { title: 'WHAT', cell: ({ what }) => what },
  { title: 'FROM', cell: ({ from }) => timestamp(from) ?? '' },
  { title: 'UNTIL', cell: ({ until }) => timestamp(until) ?? '' },
  { title: 'TOKENS', cell: ({ tokens }) => String(tokens) },
]

/** The weeks, then what falls due, each with the time that it is about. */
function tabbed(style: Style, { from: now, weeks, due }: Forecast): string {
  const days = (count: number): Millis => now + count * DAY
  const lines: Line[] = [
    ...weeks.map((week) => ({ what: 'week', ...week })),
    { what: KIND.expiring, from: now, until: days(DAYS_LEFT), tokens: due.expiring.tokens },
    { what: KIND.neverExpiring, from: null, until: null, tokens: due.neverExpiring.tokens },
    { what: KIND.unused, from: days(-DAYS_IDLE), until: now, tokens: due.unused.tokens },
    { what: KIND.neverUsed, from: null, until: null, tokens: due.neverUsed.tokens },
  ]
  return [header(LINE_COLUMNS), ...lines.map((each) => line(style, LINE_COLUMNS, each))].join('\n')
}
