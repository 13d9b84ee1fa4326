import type { FirstOperator } from '../core/founding.ts'
import type { Actor, Millis, Operator, UidsWithin } from '../core/model.ts'
import { nameKey } from '../core/name.ts'
import type { Grant } from '../core/permission.ts'
import { CLUSTER, type Scope } from '../core/scope.ts'
import type { NamesLike, NewOperator } from '../core/store.ts'
import { deleteClient, personalClient } from './clients.ts'
import type { Query } from './engine.ts'
import { beginningWith, condition, either, fewOf, rowsOf, type Sql } from './list-query.ts'
import { namesLike } from './names-like.ts'

/** Null also for one who is disabled. */
export async function actorById(query: Query, id: number): Promise<Actor | null> {
  return actor(query, 'operator.id = ?', id)
}

/** As `actorById`. */
export async function actorByUid(query: Query, uid: number): Promise<Actor | null> {
  return actor(query, 'operator.uid = ?', uid)
}

async function actor(query: Query, which: string, value: string | number): Promise<Actor | null> {
  const rows = await query.all<{
    id: number
    name: string
    role: string
    pattern: string | null
    scope: Scope
  }>(
    `select operator.id, operator.name, role.name as "role", operator_grant.scope, role_permission.pattern
     from operator join operator_grant on operator_grant.operator_id = operator.id
     join role on role.id = operator_grant.role_id
     left join role_permission on role_permission.role_id = role.id
     where ${which} and operator.disabled_at is null and operator.deleted_at is null
     order by operator_grant.scope, role.name_key, role_permission.pattern`,
    value,
  )
  const [first] = rows
  if (first === undefined) return null
  const grants = new Map<string, Grant & { patterns: string[] }>()
  for (const { role, scope, pattern } of rows) {
    const key = `${role} ${scope}`
    const grant = grants.get(key) ?? { role, patterns: [], scope }
    if (pattern !== null) grant.patterns.push(pattern)
    grants.set(key, grant)
  }
  return { name: first.name, grants: [...grants.values()], operatorId: first.id, token: null }
}

interface Row extends Omit<Operator, 'hasPassword' | 'grants'> {
  readonly hasPassword: number
  readonly role: string | null
  readonly scope: Scope | null
}

const SELECT = `
  select operator.id, operator.name, operator.uid, operator.created_at as "createdAt",
    operator.created_by as "createdBy", operator.disabled_at as "disabledAt",
    case when operator.password_hash is null then 0 else 1 end as "hasPassword",
    role.name as "role", operator_grant.scope
  from operator left join operator_grant on operator_grant.operator_id = operator.id
  left join role on role.id = operator_grant.role_id`

const IN_ORDER = 'order by operator.name_key, operator_grant.scope, role.name_key'

/** The living one of that name. */
export async function operator(query: Query, name: string): Promise<Operator | null> {
  const rows = await query.all<Row>(
    `${SELECT} where operator.name_key = ? and operator.deleted_at is null ${IN_ORDER}`,
    nameKey(name),
  )
  return gathered(rows)[0] ?? null
}

export async function operators(query: Query): Promise<Operator[]> {
  return gathered(await query.all<Row>(`${SELECT} where operator.deleted_at is null ${IN_ORDER}`))
}

export const operatorNames = (query: Query, like: NamesLike): Promise<string[]> =>
  namesLike(query, 'operator', like, [condition('operator.deleted_at is null')])

export async function operatorsBeginning(query: Query, prefix: string): Promise<string[]> {
  const rows = await rowsOf<{ name: string }>(
    query,
    fewOf('select operator.name from operator', 'operator.name_key', [
      condition('operator.deleted_at is null'),
      beginningWith('operator.name_key', nameKey(prefix)),
    ]),
  )
  return rows.map(({ name }) => name)
}

/** Of one who may log in. */
export async function passwordHash(query: Query, name: string): Promise<string | null> {
  const row = await query.get<{ hash: string | null }>(
    `select password_hash as "hash" from operator
     where name_key = ? and disabled_at is null and deleted_at is null`,
    nameKey(name),
  )
  return row?.hash ?? null
}

export async function countClusteradmins(query: Query, uids: UidsWithin): Promise<number> {
  const { text, values } = either([condition('password_hash is not null'), ...within(uids)])
  const row = await query.get<{ count: number }>(
    `select count(*) as "count" from operator
     where disabled_at is null and deleted_at is null and (${text})
       and id in (
         select operator_id from operator_grant join role on role.id = operator_grant.role_id
         where operator_grant.scope = ? and role.name_key = 'admin' and role.built_in = 1
       )`,
    ...values,
    CLUSTER,
  )
  return row?.count ?? 0
}

function within(uids: UidsWithin): Sql[] {
  if (uids === 'none') return []
  return [uids === 'any' ? condition('uid is not null') : condition('uid = ?', uids)]
}

/** @returns the new operator's number, or null: the name or the uid is another's */
export async function addOperator(query: Query, operator: NewOperator): Promise<number | null> {
  const added = await query.get<{ id: number }>(
    `insert into operator (id, name, name_key, uid, password_hash, created_at, created_by)
     values ((select coalesce(max(id), 0) + 1 from operator), ?, ?, ?, ?, ?, ?)
     on conflict do nothing returning id`,
    operator.name,
    nameKey(operator.name),
    operator.uid,
    operator.passwordHash,
    operator.createdAt,
    operator.createdBy,
  )
  return added?.id ?? null
}

export async function addFirstOperator(
  query: Query,
  operator: FirstOperator & { readonly createdAt: Millis },
): Promise<void> {
  const id = await addOperator(query, { ...operator, createdBy: null })
  const admin = await query.get<{ id: number }>(
    `select id from role where name_key = 'admin' and built_in = 1`,
  )
  if (id === null || admin === null) throw new Error('a new store has no room for its first clusteradmin')
  await addGrant(query, id, admin.id, CLUSTER)
}

/** @returns false if it was held already */
export async function addGrant(
  query: Query,
  operatorId: number,
  roleId: number,
  scope: Scope,
): Promise<boolean> {
  const added = await query.run(
    `insert into operator_grant (operator_id, role_id, scope) values (?, ?, ?) on conflict do nothing`,
    operatorId,
    roleId,
    scope,
  )
  return added > 0
}

/** @returns false if it was not held */
export async function removeGrant(
  query: Query,
  operatorId: number,
  roleId: number,
  scope: Scope,
): Promise<boolean> {
  const removed = await query.run(
    'delete from operator_grant where operator_id = ? and role_id = ? and scope = ?',
    operatorId,
    roleId,
    scope,
  )
  return removed > 0
}

export async function setPassword(query: Query, operatorId: number, hash: string): Promise<void> {
  await query.run('update operator set password_hash = ? where id = ?', hash, operatorId)
}

/** With the personal client, which is disabled just when its operator is. */
export async function setOperatorDisabled(
  query: Query,
  operatorId: number,
  at: Millis | null,
): Promise<void> {
  await query.run('update operator set disabled_at = ? where id = ?', at, operatorId)
  await query.run(
    'update client set disabled_at = ? where operator_id = ? and deleted_at is null',
    at,
    operatorId,
  )
}

/** With the personal client, its tokens and their secrets. */
export async function deleteOperator(query: Query, operatorId: number, at: Millis): Promise<void> {
  const client = await personalClient(query, operatorId)
  if (client !== null) await deleteClient(query, client.id, at)
  await query.run('update operator set deleted_at = ? where id = ?', at, operatorId)
}

/** One row per grant becomes one operator with these. */
function gathered(rows: readonly Row[]): Operator[] {
  const byId = new Map<number, Operator & { grants: Operator['grants'][number][] }>()
  for (const { role, scope, hasPassword, ...row } of rows) {
    const operator = byId.get(row.id) ?? { ...row, hasPassword: hasPassword === 1, grants: [] }
    if (role !== null && scope !== null) operator.grants.push({ role, scope })
    byId.set(row.id, operator)
  }
  return [...byId.values()]
}
