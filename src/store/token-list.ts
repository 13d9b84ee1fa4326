import type { TokenFilter } from '../core/list-filter.ts'
import type { Millis, TokenSummary } from '../core/model.ts'
import { nameKey } from '../core/name.ts'
import type { Beginning } from '../core/store.ts'
import type { TokenStatus } from '../core/token-status.ts'
import { CLIENT_COLUMNS, CLIENT_TABLES, type ClientRow, clientOf, ofNamed } from './clients.ts'
import type { Engine, Query } from './engine.ts'
import { OFF_BY } from './off.ts'
import {
  beginningWith,
  condition,
  contains,
  disabledOrNot,
  either,
  type Few,
  fewOf,
  given,
  listQuery,
  ofClient,
  rowsOf,
  type Sql,
  type Terms,
  within,
} from './list-query.ts'

// What few rows have is a set of IDs, `in (select …)`: so each engine begins with the index of just those.

type Row = ClientRow &
  Pick<
    TokenSummary,
    'id' | 'description' | 'createdAt' | 'disabledAt' | 'deletedAt' | 'offBy' | 'lastUsedAt'
  > & {
    readonly currentState: 'current' | null
    readonly expiresAt: Millis | null
  }

/** A token with its client, and its current secret where it has one. */
export const TOKEN_TABLES = `
  ${CLIENT_TABLES} join token on token.client_id = client.id
  left join secret current on current.token_id = token.id and current.state = 'current'`

const SELECT = `
  select ${CLIENT_COLUMNS}, token.id, token.description, token.created_at as "createdAt",
    token.disabled_at as "disabledAt", token.deleted_at as "deletedAt", ${OFF_BY} as "offBy",
    current.state as "currentState", current.expires_at as "expiresAt",
    (select max(last_used_at) from token_use where token_use.token_id = token.id) as "lastUsedAt"
  from ${TOKEN_TABLES}`

const LIVING = 'token.deleted_at is null and client.deleted_at is null'
const ENABLED = `token.disabled_at is null and client.disabled_at is null and ${OFF_BY} is null`

const NEVER_EXPIRES =
  "token.id in (select token_id from secret where state = 'current' and expires_at is null)"
const NEVER_USED = 'not exists (select 1 from token_use where token_use.token_id = token.id)'

const ORDER: Terms = {
  client: [{ by: 'client.name_key' }, { by: 'client.scope' }, { by: 'token.created_at' }, { by: 'token.id' }],
  created: [{ by: 'token.created_at' }],
  expires: [{ by: 'current.expires_at', nulls: 'last' }],
  'last-used': [{ by: '"lastUsedAt"', nulls: 'first' }],
}

export async function* tokens(engine: Engine, filter: TokenFilter): AsyncGenerator<TokenSummary> {
  const { text, values } = tokenListQuery(filter)
  for await (const row of engine.each<Row>(text, ...values)) yield summaryOf(row)
}

export async function tokensBeginning(
  query: Query,
  start: Beginning,
  by: 'id' | 'client',
): Promise<TokenSummary[]> {
  return (await rowsOf<Row>(query, tokensBeginningQuery(start, by))).map(summaryOf)
}

export function tokensBeginningQuery(start: Beginning, by: 'id' | 'client'): Few {
  const { prefix, scopes, isDisabled } = start
  return fewOf(SELECT, by === 'id' ? 'token.id' : 'client.name_key', [
    condition(LIVING),
    ...disabledOrNot('token.disabled_at', isDisabled),
    ...(by === 'id'
      ? [beginningWith('token.id', prefix), ...within(scopes)]
      : [condition(ONLY_ONE), ...ofNamed(start)]),
  ])
}

/** Counted for each as it comes: as `not exists`, it would be found out for all clients first. */
const ONLY_ONE = `1 = (
  select count(*) from token other where other.client_id = client.id and other.deleted_at is null
)`

export function tokenListQuery(filter: TokenFilter): Sql {
  return listQuery(SELECT, filter, ORDER, wantedTokens(filter))
}

/** What the rows of `TOKEN_TABLES` must be like. */
export function wantedTokens(filter: TokenFilter): Sql[] {
  const { client, search, status, now, expiresBy, unusedSince, withDeleted } = filter
  return [
    ...(withDeleted ? [] : [condition(LIVING)]),
    ...ofClient(filter),
    ...given(client, (name) => condition('client.name_key = ?', nameKey(name))),
    ...given(search, (text) =>
      either(['client.name', 'token.id', 'token.description'].map((column) => contains(column, text))),
    ),
    ...given(status, (status) => hasStatus(status, filter)),
    ...given(expiresBy, (then) =>
      condition(
        `token.id in (
           select token_id from secret where state = 'current' and expires_at > ? and expires_at <= ?
         )`,
        now,
        then,
      ),
    ),
    ...given(unusedSince, (then) =>
      condition('token.id in (select token_id from token_idle where since < ?)', then),
    ),
    ...(filter.neverExpires ? [condition(NEVER_EXPIRES)] : []),
    ...(filter.neverUsed ? [condition(NEVER_USED)] : []),
  ]
}

/** As `tokenStatus` derives it. */
function hasStatus(status: TokenStatus, { now, areOff }: TokenFilter): Sql {
  switch (status) {
    case 'deleted':
      return condition('token.id in (select id from token where deleted_at is not null)')
    case 'pending':
      return condition(
        `current.state is null
         and token.id in (select id from token where activated_at is null and deleted_at is null)`,
      )
    case 'disabled':
      if (areOff) return condition(`${LIVING} and current.state is not null`)
      return condition(
        `${LIVING} and current.state is not null and token.id in (
           select id from token where disabled_at is not null and deleted_at is null
           union all
           select id from token where client_id in (
             select id from client where disabled_at is not null and deleted_at is null
           )
           union all
           select id from token where client_id in (
             select id from client where operator_id is not null and deleted_at is null and ${OFF_BY} is not null
           )
         )`,
      )
    case 'expired':
      return condition(
        `${LIVING} and ${ENABLED} and token.id in (
           select token_id from secret where state = 'current' and expires_at <= ?
         )`,
        now,
      )
    case 'active':
      return condition(
        `${LIVING} and ${ENABLED} and current.state is not null
         and (current.expires_at is null or current.expires_at > ?)`,
        now,
      )
  }
}

function summaryOf(row: Row): TokenSummary {
  const { id, description, createdAt, disabledAt, deletedAt, offBy, lastUsedAt, currentState, expiresAt } =
    row
  const current = currentState === null ? null : { expiresAt }
  return {
    id,
    client: clientOf(row),
    description,
    createdAt,
    disabledAt,
    deletedAt,
    offBy,
    current,
    lastUsedAt,
  }
}
