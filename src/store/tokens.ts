import type { Millis, OffBy, Secret, Token } from '../core/model.ts'
import type { NewToken } from '../core/store.ts'
import type { Scope } from '../core/scope.ts'
import { OFF_BY } from './off.ts'
import { CLIENT_COLUMNS, CLIENT_TABLES, type ClientRow, clientOf } from './clients.ts'
import type { Query } from './engine.ts'
import { condition, where, within } from './list-query.ts'
import { secretColumns, type SecretRow, secretOf } from './secrets.ts'

interface TokenRow extends ClientRow {
  readonly id: string
  readonly description: string | null
  readonly lifetime: number | null
  readonly createdAt: number
  readonly disabledAt: number | null
  readonly deletedAt: number | null
  readonly offBy: OffBy | null
  readonly lastUsedAt: number | null
}

type LivingSecret = 'current' | 'former' | 'pending'
const LIVING: readonly LivingSecret[] = ['current', 'former', 'pending']

const SELECT = `
  select ${CLIENT_COLUMNS}, token.id, token.description, token.lifetime, token.created_at as "createdAt",
    token.disabled_at as "disabledAt", token.deleted_at as "deletedAt", ${OFF_BY} as "offBy",
    (select max(last_used_at) from token_use where token_use.token_id = token.id) as "lastUsedAt",
    ${LIVING.map((state) => secretColumns(state, state)).join(', ')}
  from ${CLIENT_TABLES} join token on token.client_id = client.id
  ${LIVING.map((state) => `left join secret ${state} on ${state}.token_id = token.id and ${state}.state = '${state}'`).join('\n')}`

/** The columns of a secret come three times, each with the name of its state before it. */
type Row = TokenRow & SecretRow<LivingSecret>

export async function token(query: Query, id: string): Promise<Token | null> {
  const row = await query.get<Row>(`${SELECT} where token.id = ?`, id)
  return row && tokenOf(row)
}

export async function tokensOf(query: Query, clientId: number): Promise<Token[]> {
  const rows = await query.all<Row>(
    `${SELECT} where token.client_id = ? and token.deleted_at is null order by token.created_at, token.id`,
    clientId,
  )
  return rows.map(tokenOf)
}

/** So many characters of an ID are given that few begin with them. */
const MOST_IDS = 100

export async function tokenIds(query: Query, beginning: string, scopes: readonly Scope[]): Promise<string[]> {
  const { text, values } = where([
    // Bytewise: behind all letters and digits of an ID comes the brace.
    condition('token.id >= ? and token.id < ?', beginning, `${beginning}{`),
    condition('token.deleted_at is null'),
    ...within(scopes),
  ])
  const rows = await query.all<{ id: string }>(
    `select token.id from token join client on client.id = token.client_id ${text} order by token.id limit ?`,
    ...values,
    MOST_IDS,
  )
  return rows.map(({ id }) => id)
}

export async function addToken(query: Query, token: NewToken): Promise<void> {
  await query.run(
    'insert into token (id, client_id, description, lifetime, created_at, created_by) values (?, ?, ?, ?, ?, ?)',
    token.id,
    token.clientId,
    token.description,
    token.lifetime,
    token.createdAt,
    token.createdBy,
  )
  await query.run('insert into token_idle (token_id, since) values (?, ?)', token.id, token.createdAt)
}

export async function setTokenDescription(
  query: Query,
  tokenId: string,
  description: string | null,
): Promise<void> {
  await query.run('update token set description = ? where id = ?', description, tokenId)
}

export async function setTokenDisabled(query: Query, tokenId: string, at: Millis | null): Promise<void> {
  await query.run('update token set disabled_at = ? where id = ?', at, tokenId)
}

export async function deleteToken(query: Query, tokenId: string, at: Millis): Promise<void> {
  await query.run(
    `update secret set state = 'dead', dead_at = ? where token_id = ? and state <> 'dead'`,
    at,
    tokenId,
  )
  await query.run('update token set deleted_at = ? where id = ?', at, tokenId)
}

function tokenOf(row: Row): Token {
  const [current, former, pending] = LIVING.map((state) => secretOf(row, state)) as [
    Secret | null,
    Secret | null,
    Secret | null,
  ]
  const { id, description, lifetime, createdAt, disabledAt, deletedAt, offBy, lastUsedAt } = row
  const client = clientOf(row)
  return {
    id,
    client,
    description,
    lifetime,
    createdAt,
    disabledAt,
    deletedAt,
    offBy,
    current,
    former,
    pending,
    lastUsedAt,
  }
}
