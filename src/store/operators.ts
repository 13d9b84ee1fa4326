import type { Millis, Actor } from '../core/model.ts'
import { nameKey } from '../core/name.ts'
import type { Scope } from '../core/scope.ts'
import type { Query } from './engine.ts'
import { role } from './roles.ts'

/** Null also for one who is disabled. */
export async function operatorByUid(query: Query, uid: number): Promise<Actor | null> {
  const rows = await query.all<{ name: string; role: string; scope: Scope }>(
    `select operator.name, role.name as "role", operator_grant.scope
     from operator join operator_grant on operator_grant.operator_id = operator.id
     join role on role.id = operator_grant.role_id
     where operator.uid = ? and operator.disabled_at is null and operator.deleted_at is null
     order by operator_grant.scope, role.name_key`,
    uid,
  )
  const [first] = rows
  if (first === undefined) return null
  const grants = rows.map(async ({ role: name, scope }) => {
    const held = await role(query, name)
    return { role: name, patterns: held?.patterns ?? [], scope }
  })
  return { name: first.name, grants: await Promise.all(grants) }
}

export async function addOperator(
  query: Query,
  operator: { readonly name: string; readonly uid: number; readonly createdAt: Millis },
  grant: { readonly role: string; readonly scope: Scope },
): Promise<void> {
  const added = await query.get<{ id: number }>(
    `insert into operator (id, name, name_key, uid, created_at)
     values ((select coalesce(max(id), 0) + 1 from operator), ?, ?, ?, ?) returning id`,
    operator.name,
    nameKey(operator.name),
    operator.uid,
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
