import type { Client, Millis } from '../core/model.ts'
import type {
  Beginning,
  ClientsAt,
  ClientsWithin,
  NamesLike,
  NewClient,
  NewPersonalClient,
} from '../core/store.ts'
import { nameKey } from '../core/name.ts'
import { CLUSTER, type Scope } from '../core/scope.ts'
import type { Query } from './engine.ts'
import {
  beginningWith,
  condition,
  disabledOrNot,
  type Few,
  fewOf,
  given,
  rowsOf,
  type Sql,
  where as whereAll,
  within,
} from './list-query.ts'
import { namesLike } from './names-like.ts'

export interface ClientRow {
  readonly clientId: number
  readonly clientName: string
  readonly scope: string
  readonly role: string | null
  readonly operatorId: number | null
  readonly isJobs: number
  readonly clientCreatedAt: number
  readonly createdBy: string
  readonly clientDisabledAt: number | null
  readonly clientDeletedAt: number | null
  readonly provisionalSince: number | null
}

/** Columns of `ClientRow`, for whoever joins `CLIENT_TABLES`. */
export const CLIENT_COLUMNS = `
  client.id as "clientId", client.name as "clientName", client.scope, role.name as "role",
  client.operator_id as "operatorId",
  case when jobs_connection.client_id is null then 0 else 1 end as "isJobs",
  client.created_at as "clientCreatedAt", client.created_by as "createdBy",
  client.disabled_at as "clientDisabledAt", client.deleted_at as "clientDeletedAt",
  client.provisional_since as "provisionalSince"`

export const CLIENT_TABLES = `
  client left join role on role.id = client.role_id
  left join jobs_connection on jobs_connection.client_id = client.id`

export const clientOf = (row: ClientRow): Client => ({
  id: row.clientId,
  name: row.clientName,
  scope: row.scope,
  role: row.role,
  operatorId: row.operatorId,
  isJobs: row.isJobs === 1,
  createdAt: row.clientCreatedAt,
  createdBy: row.createdBy,
  disabledAt: row.clientDisabledAt,
  deletedAt: row.clientDeletedAt,
  provisionalSince: row.provisionalSince,
})

export async function client(query: Query, name: string, scope: Scope): Promise<Client | null> {
  const row = await query.get<ClientRow>(
    `select ${CLIENT_COLUMNS} from ${CLIENT_TABLES}
     where client.scope = ? and client.name_key = ? and client.deleted_at is null`,
    scope,
    nameKey(name),
  )
  return row && clientOf(row)
}

export async function personalClient(query: Query, operatorId: number): Promise<Client | null> {
  const row = await query.get<ClientRow>(
    `select ${CLIENT_COLUMNS} from ${CLIENT_TABLES}
     where client.operator_id = ? and client.deleted_at is null`,
    operatorId,
  )
  return row && clientOf(row)
}

export async function hasClient(query: Query, name: string, where: ClientsWithin): Promise<boolean> {
  const { text, values } = whereAll([condition('client.name_key = ?', nameKey(name)), ...asked(where)])
  return (await query.get(`select 1 from client ${text} limit 1`, ...values)) !== null
}

/** So many are as good as all to who has named none. */
const SOME = 3

export async function scopesOfClient(query: Query, name: string, scopes: readonly Scope[]): Promise<Scope[]> {
  const { text, values } = whereAll([
    condition('client.name_key = ?', nameKey(name)),
    LIVING,
    ...within(scopes),
  ])
  const rows = await query.all<{ scope: Scope }>(
    `select client.scope from client ${text} order by client.scope limit ?`,
    ...values,
    SOME,
  )
  return rows.map(({ scope }) => scope)
}

export const clientNames = (query: Query, like: NamesLike, where: ClientsAt): Promise<string[]> =>
  namesLike(query, 'client', like, asked(where))

function asked(where: ClientsAt): Sql[] {
  if ('at' in where) return [condition('client.scope = ?', where.at), LIVING]
  const there = within(where.within, where.ownedBy)
  return where.withDeleted ? there : [LIVING, ...there]
}

const LIVING = condition('client.deleted_at is null')

export async function clientsBeginning(query: Query, start: Beginning): Promise<Client[]> {
  return (await rowsOf<ClientRow>(query, clientsBeginningQuery(start))).map(clientOf)
}

export function clientsBeginningQuery(start: Beginning): Few {
  return fewOf(`select ${CLIENT_COLUMNS} from ${CLIENT_TABLES}`, 'client.name_key', [
    ...ofNamed(start),
    ...disabledOrNot('client.disabled_at', start.isDisabled),
  ])
}

/** The living clients whose names begin so. */
export function ofNamed({ prefix, scope, scopes }: Beginning): Sql[] {
  return [
    condition('client.deleted_at is null'),
    beginningWith('client.name_key', nameKey(prefix)),
    ...given(scope, (scope) => condition('client.scope = ?', scope)),
    ...within(scopes),
  ]
}

export async function jobsConnection(query: Query): Promise<Client | null> {
  const row = await query.get<ClientRow>(
    `select ${CLIENT_COLUMNS} from ${CLIENT_TABLES} where jobs_connection.one = 1`,
  )
  return row && clientOf(row)
}

export async function setJobsConnection(query: Query, clientId: number | null): Promise<void> {
  await query.run('delete from jobs_connection')
  if (clientId !== null) {
    await query.run('insert into jobs_connection (one, client_id) values (1, ?)', clientId)
  }
}

export async function addClient(query: Query, client: NewClient): Promise<number | null> {
  const added = await query.get<{ id: number }>(
    `insert into client (id, name, name_key, scope, role_id, created_at, created_by, provisional_since)
     values ((select coalesce(max(id), 0) + 1 from client), ?, ?, ?, ?, ?, ?, ?)
     on conflict (scope, name_key) where deleted_at is null do nothing returning id`,
    client.name,
    nameKey(client.name),
    client.scope,
    client.roleId,
    client.createdAt,
    client.createdBy,
    client.provisional ? client.createdAt : null,
  )
  return added?.id ?? null
}

export async function addPersonalClient(query: Query, client: NewPersonalClient): Promise<number> {
  const added = await query.get<{ id: number }>(
    `insert into client (id, name, name_key, scope, operator_id, created_at, created_by)
     values ((select coalesce(max(id), 0) + 1 from client), ?, ?, ?, ?, ?, ?) returning id`,
    client.name,
    nameKey(client.name),
    CLUSTER,
    client.operatorId,
    client.createdAt,
    client.createdBy,
  )
  if (added === null) throw new Error(`the personal client ${client.name} was not made`)
  return added.id
}

export async function setClientRole(query: Query, clientId: number, roleId: number): Promise<void> {
  await query.run('update client set role_id = ? where id = ?', roleId, clientId)
}

export async function setClientDisabled(query: Query, clientId: number, at: Millis | null): Promise<void> {
  await query.run('update client set disabled_at = ? where id = ?', at, clientId)
}

export async function settleClient(query: Query, clientId: number): Promise<void> {
  await query.run('update client set provisional_since = null where id = ?', clientId)
}

export async function deleteClient(query: Query, clientId: number, at: Millis): Promise<void> {
  await query.run('delete from jobs_connection where client_id = ?', clientId)
  await query.run(
    `update secret set state = 'dead', dead_at = ?
     where state <> 'dead' and token_id in (select id from token where client_id = ?)`,
    at,
    clientId,
  )
  await query.run('update token set deleted_at = ? where client_id = ? and deleted_at is null', at, clientId)
  await query.run('update client set deleted_at = ? where id = ?', at, clientId)
}

export async function restoreClient(query: Query, clientId: number, deletedAt: Millis): Promise<boolean> {
  const restored = await query.run(
    `update client set deleted_at = null
     where id = ? and deleted_at = ? and role_id in (select id from role where deleted_at is null)`,
    clientId,
    deletedAt,
  )
  if (restored === 0) return false
  await query.run(
    'update token set deleted_at = null where client_id = ? and deleted_at = ?',
    clientId,
    deletedAt,
  )
  await query.run(
    `update secret set state = 'pending', dead_at = null
     where state = 'dead' and activated_at is null and dead_at = ?
       and token_id in (select id from token where client_id = ?)`,
    deletedAt,
    clientId,
  )
  return true
}
