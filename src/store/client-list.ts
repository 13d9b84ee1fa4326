import type { ClientStatus } from '../core/client-status.ts'
import type { ClientFilter } from '../core/list-filter.ts'
import type { ClientSummary } from '../core/model.ts'
import { CLIENT_COLUMNS, CLIENT_TABLES, type ClientRow, clientOf } from './clients.ts'
import type { Engine } from './engine.ts'
import { condition, contains, given, listQuery, ofClient, type Sql, type Terms } from './list-query.ts'

type Row = ClientRow &
  Pick<ClientSummary, 'tokens' | 'expiresAt' | 'lastUsedAt'> & { readonly endless: number }

const CURRENT_SECRETS = `
  from token join secret on secret.token_id = token.id and secret.state = 'current'
  where token.client_id = client.id and token.deleted_at is null`

/** What the tokens add up to is asked for each client as it comes: gathered beforehand, it would be for all of them. */
const SELECT = `
  select ${CLIENT_COLUMNS},
    (select count(*) from token where token.client_id = client.id and token.deleted_at is null) as "tokens",
    (select count(*) - count(secret.expires_at) ${CURRENT_SECRETS}) as "endless",
    (select case when count(*) = count(secret.expires_at) then max(secret.expires_at) end
     ${CURRENT_SECRETS}) as "expiresAt",
    (select max(token_use.last_used_at) from token join token_use on token_use.token_id = token.id
     where token.client_id = client.id and token.deleted_at is null) as "lastUsedAt"
  from ${CLIENT_TABLES}`

const ORDER: Terms = {
  client: [
    { by: 'client.name_key' },
    { by: 'client.scope' },
    { by: 'client.created_at' },
    { by: 'client.id' },
  ],
  created: [{ by: 'client.created_at' }],
  expires: [{ by: '"expiresAt"', nulls: 'last' }],
  'last-used': [{ by: '"lastUsedAt"', nulls: 'first' }],
}

export async function* clients(engine: Engine, filter: ClientFilter): AsyncGenerator<ClientSummary> {
  const { text, values } = clientListQuery(filter)
  for await (const row of engine.each<Row>(text, ...values)) yield summaryOf(row)
}

export function clientListQuery(filter: ClientFilter): Sql {
  const { search, status, now, expiresBy, unusedSince, withDeleted } = filter
  return listQuery(SELECT, filter, ORDER, [
    ...(withDeleted ? [] : [condition('client.deleted_at is null')]),
    ...ofClient(filter),
    ...given(search, (text) => contains('client.name', text)),
    ...given(status, hasStatus),
    ...given(expiresBy, (then) =>
      condition(
        `client.id in (
           select token.client_id from secret join token on token.id = secret.token_id
           where secret.state = 'current' and secret.expires_at > ? and secret.expires_at <= ?
         )`,
        now,
        then,
      ),
    ),
    // All of its living tokens must be idle: one is, or one was deleted, as indexes know; and none is not.
    ...given(unusedSince, (then) =>
      condition(
        `client.created_at < ?
         and client.id in (
           select token.client_id from token_idle join token on token.id = token_idle.token_id
           where token_idle.since < ?
           union all select client_id from token where deleted_at is not null
         )
         and not exists (
           select 1 from token join token_idle on token_idle.token_id = token.id
           where token.client_id = client.id and token.deleted_at is null and token_idle.since >= ?
         )`,
        then,
        then,
        then,
      ),
    ),
  ])
}

/** As `clientStatus` derives it. */
function hasStatus(status: ClientStatus): Sql {
  switch (status) {
    case 'deleted':
      return condition('client.id in (select id from client where deleted_at is not null)')
    case 'disabled':
      return condition(
        'client.id in (select id from client where disabled_at is not null and deleted_at is null)',
      )
    case 'pending':
      return condition(
        `client.disabled_at is null and client.id in (
           select id from client where provisional_since is not null and deleted_at is null
         )`,
      )
    case 'active':
      return condition(
        'client.deleted_at is null and client.disabled_at is null and client.provisional_since is null',
      )
  }
}

const summaryOf = (row: Row): ClientSummary => ({
  ...clientOf(row),
  tokens: row.tokens,
  expiresAt: row.expiresAt,
  isEndless: row.endless > 0,
  lastUsedAt: row.lastUsedAt,
})
