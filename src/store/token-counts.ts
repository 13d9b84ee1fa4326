import type { TokenFilter } from '../core/list-filter.ts'
import type { Millis } from '../core/model.ts'
import type { Query } from './engine.ts'
import { type Sql, where } from './list-query.ts'
import { TOKEN_TABLES, wantedTokens } from './token-list.ts'

export async function countTokens(query: Query, filter: TokenFilter): Promise<number> {
  const { text, values } = tokenCountQuery(filter)
  return (await query.get<{ tokens: number }>(text, ...values))?.tokens ?? 0
}

export function tokenCountQuery(filter: TokenFilter): Sql {
  const { text, values } = where(wantedTokens(filter))
  return { text: `select count(*) as "tokens" from ${TOKEN_TABLES} ${text}`, values }
}

/** How many end up to and with each of those moments, after the one before it; the first after `now`. */
export async function countExpiries(
  query: Query,
  filter: TokenFilter,
  ends: readonly Millis[],
): Promise<number[]> {
  const { text, values } = expiriesQuery(filter, ends)
  const rows = await query.all<{ span: number; tokens: number }>(text, ...values)
  return ends.map((_, i) => rows.find(({ span }) => span === i)?.tokens ?? 0)
}

export function expiriesQuery(filter: TokenFilter, ends: readonly Millis[]): Sql {
  const spans = ends.map((_, i) => `when current.expires_at <= ? then ${i}`).join(' ')
  const { text, values } = where(wantedTokens({ ...filter, expiresBy: ends.at(-1) ?? filter.now }))
  return {
    text: `select span, count(*) as "tokens"
           from (select case ${spans} end as span from ${TOKEN_TABLES} ${text}) ending group by span`,
    values: [...ends, ...values],
  }
}
