import type { Context } from './change.ts'
import { DAY } from './day.ts'
import { EVERYTHING, type SortKey, type TokenFilter } from './list-filter.ts'
import { tokenFilterOf } from './lists.ts'
import type { Millis, TokenSummary } from './model.ts'

/** How far it looks ahead. */
export const DAYS_AHEAD = 90
/** Who expires within so many days is due. */
export const DAYS_LEFT = 14
/** Who was not used for so many days is due. */
export const DAYS_IDLE = 90

const WEEKS = 13
/** Of how many tokens of each kind more is said than that they are there. */
const FIRST = 20

/**
 * What falls due:
 * - `expiring`: ends within `DAYS_LEFT`
 * - `neverExpiring`: has no end
 * - `unused`: neither made nor used for `DAYS_IDLE`
 * - `neverUsed`: never verified
 */
export const DUES = ['expiring', 'neverExpiring', 'unused', 'neverUsed'] as const
export type DueName = (typeof DUES)[number]

export interface Due {
  readonly tokens: number
  /** The first few of them, in the order of `DUE_ORDER`. */
  readonly first: readonly TokenSummary[]
}

/** The most urgent first, where there is such a thing. */
export const DUE_ORDER: Readonly<Record<DueName, SortKey>> = {
  expiring: 'expires',
  neverExpiring: 'created',
  unused: 'last-used',
  neverUsed: 'created',
}

/** From its first millisecond to its last. */
export interface Span {
  readonly from: Millis
  readonly until: Millis
}

/** How many current secrets end in it. */
export interface Week extends Span {
  readonly tokens: number
}

export interface Forecast extends Span {
  /** How many there are in all. */
  readonly tokens: number
  readonly weeks: readonly Week[]
  readonly due: Readonly<Record<DueName, Due>>
}

export interface ForecastInput {
  readonly role: string | null
}

/** What expires when, and what falls due, of the tokens that the actor sees. Counted by the store, however many there are. */
export async function forecast(context: Context, { role }: ForecastInput): Promise<Forecast> {
  const filter = await tokenFilterOf(context, 'token forecast', { ...EVERYTHING, role })
  const { store } = context
  const spans = weeksFrom(filter.now)
  const counts = await store.countExpiries(
    filter,
    spans.map(({ until }) => until),
  )
  return {
    from: filter.now,
    until: filter.now + DAYS_AHEAD * DAY,
    tokens: await store.countTokens(filter),
    weeks: spans.map((span, week) => ({ ...span, tokens: counts[week] ?? 0 })),
    due: {
      expiring: await due(context, filter, 'expiring'),
      neverExpiring: await due(context, filter, 'neverExpiring'),
      unused: await due(context, filter, 'unused'),
      neverUsed: await due(context, filter, 'neverUsed'),
    },
  }
}

/** Of seven days each, of which the very first and the very last are cut: today has begun, and at this time of day it ends. */
export function weeksFrom(now: Millis): Span[] {
  const midnight = now - (now % DAY)
  const end = now + DAYS_AHEAD * DAY
  return Array.from({ length: WEEKS }, (_, week) => ({
    from: Math.max(midnight + 7 * week * DAY, now),
    until: Math.min(midnight + 7 * (week + 1) * DAY - 1, end),
  }))
}

async function due({ store }: Context, all: TokenFilter, name: DueName): Promise<Due> {
  const filter = { ...all, ...narrowing(name, all.now), sort: DUE_ORDER[name] }
  const tokens = await store.countTokens(filter)
  const first: TokenSummary[] = []
  if (tokens > 0) for await (const token of store.tokens({ ...filter, limit: FIRST })) first.push(token)
  return { tokens, first }
}

function narrowing(name: DueName, now: Millis): Partial<TokenFilter> {
  switch (name) {
    case 'expiring':
      return { expiresBy: now + DAYS_LEFT * DAY }
    case 'neverExpiring':
      return { neverExpires: true }
    case 'unused':
      return { unusedSince: now - DAYS_IDLE * DAY }
    case 'neverUsed':
      return { neverUsed: true }
  }
}
