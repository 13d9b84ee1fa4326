import { DAYS_OF_USES, dayOf } from '../core/day.ts'
import type { Millis, Uses, UsesOfDay } from '../core/model.ts'
import type { Query, Value } from './engine.ts'

/** One row each for its secret, its token and its day, however many uses there were. */
export async function recordUses(query: Query, uses: readonly Uses[]): Promise<void> {
  // In one order, by token first as in each of the tables, so that of two at once neither has what the other waits for.
  const sorted = [...uses].sort(
    (a, b) => compared(a.tokenId, b.tokenId) || compared(a.digest, b.digest) || a.at - b.at,
  )
  const bySecret = new Map(sorted.map((use) => [use.digest, use]))
  const byDay = countedByDay(sorted)

  await inRows(query, LAST_USE, [...bySecret.values()], ({ tokenId, digest, at }) => [tokenId, digest, at])
  await inRows(query, IDLE, lastOfEach([...bySecret.values()]), ({ tokenId, at }) => [tokenId, at])
  await inRows(query, DAYS, byDay, ({ tokenId, day, uses }) => [tokenId, day, uses])
  await forgetOldDays(query, byDay)
}

const compared = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

/** Forward only: of two uses recorded out of order, the later one stays. */
const LAST_USE = {
  insert: 'insert into token_use (token_id, digest, last_used_at)',
  conflict: `on conflict (token_id, digest) do update set last_used_at = excluded.last_used_at
    where excluded.last_used_at > token_use.last_used_at`,
} as const

const IDLE = {
  insert: 'insert into token_idle (token_id, since)',
  conflict: `on conflict (token_id) do update set since = excluded.since where excluded.since > token_idle.since`,
} as const

const DAYS = {
  insert: 'insert into token_use_day (token_id, day, uses)',
  conflict: 'on conflict (token_id, day) do update set uses = token_use_day.uses + excluded.uses',
} as const

interface DayOfToken extends UsesOfDay {
  readonly tokenId: string
}

function countedByDay(uses: readonly Uses[]): DayOfToken[] {
  const days = new Map<string, DayOfToken>()
  for (const { tokenId, at, count } of uses) {
    const day = dayOf(at)
    const key = `${tokenId} ${day}`
    days.set(key, { tokenId, day, uses: (days.get(key)?.uses ?? 0) + count })
  }
  return [...days.values()]
}

/** A token may have been used by two secrets. */
function lastOfEach(uses: readonly Uses[]): readonly Uses[] {
  const last = new Map<string, Uses>()
  for (const use of uses) {
    if (use.at > (last.get(use.tokenId)?.at ?? -Infinity)) last.set(use.tokenId, use)
  }
  return [...last.values()]
}

/** So many rows a statement: few sizes, for each is prepared. */
const SIZES = [256, 16, 1] as const

async function inRows<Row>(
  query: Query,
  { insert, conflict }: { readonly insert: string; readonly conflict: string },
  rows: readonly Row[],
  values: (row: Row) => readonly Value[],
): Promise<void> {
  for (const some of inSizes(rows.map(values))) {
    const places = some.map((row) => `(${placesOf(row)})`).join(', ')
    await query.run(`${insert} values ${places} ${conflict}`, ...some.flat())
  }
}

/** Those of the tokens that were used: of one that is not used any more no more are kept than it has. */
async function forgetOldDays(query: Query, days: readonly DayOfToken[]): Promise<void> {
  const last = days.reduce((last, { day }) => Math.max(last, day), 0) - DAYS_OF_USES
  for (const tokens of inSizes([...new Set(days.map(({ tokenId }) => tokenId))])) {
    const these = placesOf(tokens)
    await query.run(`delete from token_use_day where day <= ? and token_id in (${these})`, last, ...tokens)
  }
}

const placesOf = (values: readonly unknown[]): string => values.map(() => '?').join(', ')

function* inSizes<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < rows.length;) {
    const size = SIZES.find((size) => size <= rows.length - start) ?? 1
    yield rows.slice(start, start + size)
    start += size
  }
}

export async function lastUses(query: Query, tokenId: string): Promise<ReadonlyMap<string, Millis>> {
  const rows = await query.all<{ digest: string; at: Millis }>(
    'select digest, last_used_at as "at" from token_use where token_id = ?',
    tokenId,
  )
  return new Map(rows.map(({ digest, at }) => [digest, at]))
}

export async function usesByDay(query: Query, tokenId: string, since: number): Promise<UsesOfDay[]> {
  return query.all<UsesOfDay>(
    'select day, uses from token_use_day where token_id = ? and day >= ? order by day',
    tokenId,
    since,
  )
}
