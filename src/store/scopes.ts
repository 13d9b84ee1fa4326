import type { Millis, NamedScope, ScopeSummary } from '../core/model.ts'
import { nameKey } from '../core/name.ts'
import type { Scope } from '../core/scope.ts'
import { NAMED } from '../core/delete-scope.ts'
import type { LyingIn, NamesLike } from '../core/store.ts'
import type { Query } from './engine.ts'
import { below, condition } from './list-query.ts'
import { namesLike } from './names-like.ts'

const LIVING = condition('scope.deleted_at is null')

/** An organization or a group as it is called, whatever the case of the letters it was asked by. */
export async function scope(query: Query, name: Scope): Promise<Scope | null> {
  const row = await query.get<{ name: Scope }>(
    'select name from scope where name_key = ? and deleted_at is null',
    nameKey(name),
  )
  return row?.name ?? null
}

/** An organization's groups come behind it. */
export const scopes = (query: Query): Promise<ScopeSummary[]> => query.all<ScopeSummary>(SCOPES)

/** As `below`, of a row. */
const isBelow = (column: string, scope: string): string =>
  `${column} >= ${scope} || '/' and ${column} < ${scope} || '0'`

export const SCOPES = `
  select name, created_at as "createdAt", created_by as "createdBy",
    (select count(*) from scope below where below.deleted_at is null
       and ${isBelow('below.name_key', 'scope.name_key')}) as "groups",
    (select count(*) from client where client.deleted_at is null and client.scope = scope.name)
      + (select count(*) from client where client.deleted_at is null
           and ${isBelow('client.scope', 'scope.name')}) as "clients"
  from scope where deleted_at is null order by name_key`

export const scopeNames = (query: Query, like: NamesLike): Promise<string[]> =>
  namesLike(query, 'scope', like, [LIVING])

/** False: the name is taken. */
export async function addScope(query: Query, { name, createdAt, createdBy }: NamedScope): Promise<boolean> {
  const added = await query.run(
    `insert into scope (id, name, name_key, created_at, created_by)
     values ((select coalesce(max(id), 0) + 1 from scope), ?, ?, ?, ?)
     on conflict (name_key) where deleted_at is null do nothing`,
    name,
    nameKey(name),
    createdAt,
    createdBy,
  )
  return added > 0
}

export async function deleteScope(query: Query, name: Scope, at: Millis): Promise<void> {
  await query.run(
    'update scope set deleted_at = ? where name_key = ? and deleted_at is null',
    at,
    nameKey(name),
  )
}

/** One more than are named of what is in the way: so it is seen that there are more. */
const SOME = NAMED + 1

/** The living at a scope or below it. */
export async function lyingIn(query: Query, name: Scope): Promise<LyingIn> {
  const groups = await query.all<{ name: string }>(
    'select name from scope where name >= ? and name < ? and deleted_at is null order by name_key limit ?',
    ...below(name),
    SOME,
  )
  const clients = await query.all<{ name: string }>(
    `select name from client where (scope = ? or scope >= ? and scope < ?) and deleted_at is null
     order by name_key limit ?`,
    name,
    ...below(name),
    SOME,
  )
  const operators = await query.all<{ name: string }>(
    `select name from operator where deleted_at is null and id in (
       select operator_id from operator_grant where scope = ? or scope >= ? and scope < ?
     ) order by name_key limit ?`,
    name,
    ...below(name),
    SOME,
  )
  const namesOf = (rows: readonly { name: string }[]): string[] => rows.map(({ name }) => name)
  return { groups: namesOf(groups), clients: namesOf(clients), operators: namesOf(operators) }
}
