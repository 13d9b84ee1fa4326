import { DAY } from '../core/day.ts'
import { counted } from '../core/counted.ts'
import {
  DAYS_AHEAD,
  DAYS_IDLE,
  DAYS_LEFT,
  DUE_ORDER,
  type DueName,
  DUES,
  type Forecast,
  type Week,
} from '../core/forecast.ts'
import { type Block, drawBars } from './bars.ts'
import { measure, wrapped } from './cells.ts'
import type { Style } from './output.ts'
import { painter } from './paint.ts'
import { table } from './table.ts'
import { dayOf } from './time.ts'
import { TOKEN_COLUMNS } from './token-view.ts'

/** What was asked for besides, as options of `token list` too. */
export interface Asked {
  readonly role: string | null
  readonly scope: string | null
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
    none: 'every token has an end',
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

/** For people: first what there is to say, then what there is not, a line each. */
export async function sections(
  style: Style,
  forecast: Forecast,
  asked: Asked,
  block: Block,
): Promise<string> {
  if (forecast.tokens === 0) return sentence(style, 'there are no tokens: nothing falls due')
  const isAhead = forecast.weeks.some(({ tokens }) => tokens > 0)
  const due = DUES.filter((name) => forecast.due[name].tokens > 0)
  if (!isAhead && due.length === 0) {
    return sentence(style, `nothing falls due: ${NONE_AHEAD}, every one has an end, and none is unused`)
  }
  const loud = isAhead ? [await chart(style, forecast, block)] : []
  for (const name of due) loud.push(await dueText(style, forecast, name, asked))
  const quiet = await Promise.all(quietWords(forecast, isAhead).map((words) => sentence(style, words)))
  return [...loud, ...(quiet.length === 0 ? [] : [quiet.join('\n')])].join('\n\n')
}

const NONE_AHEAD = `no token expires within ${DAYS_AHEAD} days`

/** Where none expires within 90 days, that it does not within 14 goes without saying. */
function quietWords({ due }: Forecast, isAhead: boolean): string[] {
  const words = (name: DueName): string => (name === 'expiring' && !isAhead ? NONE_AHEAD : WORDS[name].none)
  return DUES.filter((name) => due[name].tokens === 0).map(words)
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
  const { some, option } = WORDS[name]
  const painted = await painter(style)
  const title = await sentence(style, some(tokens))
  return [
    title
      .split('\n')
      .map((line) => painted(line, 'warning'))
      .join('\n'),
    await table(style, SHOWN_COLUMNS, first.slice(0, SHOWN)),
    `all of them: tokenctl token list ${[option, ...optionsOf(asked), `--sort ${DUE_ORDER[name]}`].join(' ')}`,
  ].join('\n')
}

const optionsOf = ({ role, scope }: Asked): string[] => [
  ...(role === null ? [] : [`--role ${role}`]),
  ...(scope === null ? [] : [`--scope ${scope}`]),
]

const sentence = async (style: Style, text: string): Promise<string> =>
  wrapped(text, style.columns, await measure()).join('\n')
