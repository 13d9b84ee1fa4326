import type { FirstOperator } from '../core/founding.ts'
import type { Actor, Millis } from '../core/model.ts'
import { nameKey } from '../core/name.ts'
import type { Grant } from '../core/permission.ts'
import { CLUSTER, type Scope } from '../core/scope.ts'
import type { Query } from './engine.ts'
import { role } from './roles.ts'

/** Null also for one who is disabled. */
export async function operatorByUid(query: Query, uid: number): Promise<Actor | null> {
  return actor(query, 'operator.uid = ?', uid)
}

export async function firstClusteradmin(query: Query): Promise<Actor | null> {
  return actor(
    query,
    `operator.id = (
       select min(held.operator_id) from operator_grant held join role on role.id = held.role_id
       join operator on operator.id = held.operator_id
       where held.scope = ? and role.name_key = 'admin' and operator.disabled_at is null and operator.deleted_at is null)`,
    CLUSTER,
  )
}

async function actor(query: Query, condition: string, value: string | number): Promise<Actor | null> {
  const rows = await query.all<{ name: string; role: string; scope: Scope }>(
    `select operator.name, role.name as "role", operator_grant.scope
     from operator join operator_grant on operator_grant.operator_id = operator.id
     join role on role.id = operator_grant.role_id
     where ${condition} and operator.disabled_at is null and operator.deleted_at is null
     order by operator_grant.scope, role.name_key`,
    value,
  )
  const [first] = rows
  if (first === undefined) return null
  const grants: Grant[] = []
  for (const { role: name, scope } of rows) {
    const held = await role(query, name)
    grants.push({ role: name, patterns: held?.patterns ?? [], scope })
  }
  return { name: first.name, grants }
}

export async function addOperator(
  query: Query,
  operator: FirstOperator & { readonly createdAt: Millis },
  grant: { readonly role: string; readonly scope: Scope },
): Promise<void> {
  const added = await query.get<{ id: number }>(
    `insert into operator (id, name, name_key, uid, password_hash, created_at)
     values ((select coalesce(max(id), 0) + 1 from operator), ?, ?, ?, ?, ?) returning id`,
    operator.name,
    nameKey(operator.name),
    operator.uid,
    operator.passwordHash,
    operator.createdAt,
  )
  await query.run(
    `insert into operator_grant (operator_id, role_id, scope)
     values (?, (select id from role where name_key = ? and deleted_at is null), ?)`,
    added?.id ?? null,
    nameKey(grant.role),
    grant.scope,
  )
}
