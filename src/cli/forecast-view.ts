import { counted } from '../core/counted.ts'
import {
  DAY,
  DAYS_AHEAD,
  DAYS_IDLE,
  DAYS_LEFT,
  DUE_ORDER,
  type DueName,
  DUES,
  type Forecast,
  type Week,
} from '../core/forecast.ts'
import type { Millis } from '../core/model.ts'
import { type Block, drawBars } from './bars.ts'
import { measure, wrapped } from './cells.ts'
import type { Style } from './output.ts'
import { painter } from './paint.ts'
import { header, line, type Property, table } from './table.ts'
import { dayOf, timestamp } from './time.ts'
import { TOKEN_COLUMNS, tokenJson } from './token-view.ts'

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

/** What was asked for besides, as options of `token list` too. */
export interface Asked {
  readonly role: string | null
  readonly scope: string | null
}

export async function forecastText(
  style: Style,
  forecast: Forecast,
  asked: Asked,
  block: Block,
): Promise<string> {
  return style.forPeople ? sections(style, forecast, asked, block) : tabbed(style, forecast)
}

/** Of each kind that many are shown, and how to list them all. */
const SHOWN = 5
const SHOWN_COLUMNS = TOKEN_COLUMNS.filter(({ title }) =>
  ['ID', 'CLIENT', 'STATUS', 'EXPIRES', 'LAST USED'].includes(title),
)

interface Words {
  readonly some: (tokens: number) => string
  readonly none: string
  /** What `token list` finds them by. */
  readonly option: string
}

const WORDS: Readonly<Record<DueName, Words>> = {
  expiring: {
    some: (tokens) =>
      `${counted(tokens, 'token')} ${tokens === 1 ? 'expires' : 'expire'} within ${DAYS_LEFT} days`,
    none: `no token expires within ${DAYS_LEFT} days`,
    option: `--expires-within ${DAYS_LEFT}d`,
  },
  neverExpiring: {
    some: (tokens) => `${counted(tokens, 'token')} never ${tokens === 1 ? 'expires' : 'expire'}`,
    none: 'no token is without an end',
    option: '--never-expires',
  },
  unused: {
    some: (tokens) => `${counted(tokens, 'token')} unused for ${DAYS_IDLE} days`,
    none: `no token unused for ${DAYS_IDLE} days`,
    option: `--unused-for ${DAYS_IDLE}d`,
  },
  neverUsed: {
    some: (tokens) => `${counted(tokens, 'token')} never used`,
    none: 'every token has been used',
    option: '--never-used',
  },
}

async function sections(style: Style, forecast: Forecast, asked: Asked, block: Block): Promise<string> {
  if (forecast.tokens === 0) return sentence(style, 'there are no tokens: nothing falls due')
  const isQuiet = forecast.weeks.every(({ tokens }) => tokens === 0)
  if (isQuiet && DUES.every((name) => forecast.due[name].tokens === 0)) {
    return sentence(
      style,
      `nothing falls due: no token expires within ${DAYS_AHEAD} days, and none is without an end or unused`,
    )
  }
  const said = [
    isQuiet
      ? await sentence(style, `no token expires within ${DAYS_AHEAD} days`)
      : await chart(style, forecast, block),
  ]
  for (const name of DUES) said.push(await dueText(style, forecast, name, asked))
  return said.join('\n\n')
}

async function chart(style: Style, { weeks, from }: Forecast, block: Block): Promise<string> {
  const widthOf = await measure()
  const painted = await painter(style)
  const bars = weeks.map((week) => ({
    label: datesOf(week),
    shortLabel: dayOf(week.from),
    amount: week.tokens,
  }))
  const lines = drawBars(bars, style.columns, block, widthOf).map(({ label, blocks, amount }, i) => {
    const isSoon = (weeks[i]?.until ?? 0) <= from + DAYS_LEFT * DAY
    return [`${label} `, painted(blocks, isSoon ? 'warning' : undefined), amount]
      .filter((part) => part !== '')
      .join(' ')
  })
  const title = await sentence(style, `tokens that expire within ${DAYS_AHEAD} days, by week`)
  return [title, ...lines].join('\n')
}

const datesOf = ({ from, until }: Week): string => `${dayOf(from)} – ${dayOf(until)}`

async function dueText(style: Style, forecast: Forecast, name: DueName, asked: Asked): Promise<string> {
  const { tokens, first } = forecast.due[name]
  const { some, none, option } = WORDS[name]
  if (tokens === 0) return sentence(style, none)
  const painted = await painter(style)
  const title = await sentence(style, some(tokens))
  return [
    title
      .split('\n')
      .map((line) => painted(line, 'warning'))
      .join('\n'),
    await table(style, SHOWN_COLUMNS, first.slice(0, SHOWN)),
    `hint: tokenctl token list ${[option, ...optionsOf(asked), `--sort ${DUE_ORDER[name]}`].join(' ')}`,
  ].join('\n')
}

const optionsOf = ({ role, scope }: Asked): string[] => [
  ...(role === null ? [] : [`--role ${role}`]),
  ...(scope === null ? [] : [`--scope ${scope}`]),
]

const sentence = async (style: Style, text: string): Promise<string> =>
  wrapped(text, style.columns, await measure()).join('\n')

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
    { what: 'expiring', from: now, until: days(DAYS_LEFT), tokens: due.expiring.tokens },
    { what: 'never-expiring', from: null, until: null, tokens: due.neverExpiring.tokens },
    { what: 'unused', from: days(-DAYS_IDLE), until: now, tokens: due.unused.tokens },
    { what: 'never-used', from: null, until: null, tokens: due.neverUsed.tokens },
  ]
  return [header(LINE_COLUMNS), ...lines.map((each) => line(style, LINE_COLUMNS, each))].join('\n')
}
