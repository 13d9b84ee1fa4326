import type { Millis, Role } from '../core/model.ts'
import type { NamesLike, RoleUsers } from '../core/store.ts'
import { nameKey } from '../core/name.ts'
import type { Query } from './engine.ts'
import { beginningWith, condition, type Few, fewOf, rowsOf } from './list-query.ts'
import { namesLike } from './names-like.ts'

interface Row {
  readonly id: number
  readonly name: string
  readonly builtIn: number
  readonly createdAt: number
  readonly pattern: string | null
}

const SELECT = `
  select role.id, role.name, role.built_in as "builtIn", role.created_at as "createdAt", role_permission.pattern
  from role left join role_permission on role_permission.role_id = role.id`

export async function role(query: Query, name: string): Promise<Role | null> {
  const rows = await query.all<Row>(
    `${SELECT} where role.name_key = ? and role.deleted_at is null order by pattern`,
    nameKey(name),
  )
  return gathered(rows)[0] ?? null
}

export async function roles(query: Query): Promise<Role[]> {
  return gathered(
    await query.all<Row>(
      `${SELECT} where role.deleted_at is null order by role.built_in desc, role.name_key, pattern`,
    ),
  )
}

export const roleNames = (query: Query, like: NamesLike): Promise<string[]> =>
  namesLike(query, 'role', like, [condition('role.deleted_at is null')])

export async function rolesBeginning(query: Query, prefix: string): Promise<Role[]> {
  const ids = (await rowsOf<{ id: number }>(query, rolesBeginningQuery(prefix))).map(({ id }) => id)
  if (ids.length === 0) return []
  const these = ids.map(() => '?').join(', ')
  return gathered(
    await query.all<Row>(`${SELECT} where role.id in (${these}) order by role.name_key, pattern`, ...ids),
  )
}

export const rolesBeginningQuery = (prefix: string): Few =>
  fewOf('select role.id from role', 'role.name_key', [
    condition('role.deleted_at is null'),
    beginningWith('role.name_key', nameKey(prefix)),
  ])

export async function addRole(
  query: Query,
  role: Pick<Role, 'name' | 'patterns' | 'createdAt'>,
): Promise<boolean> {
  const added = await query.get<{ id: number }>(
    `insert into role (id, name, name_key, built_in, created_at)
     values ((select coalesce(max(id), 0) + 1 from role), ?, ?, 0, ?)
     on conflict (name_key) where deleted_at is null do nothing returning id`,
    role.name,
    nameKey(role.name),
    role.createdAt,
  )
  if (added === null) return false
  for (const pattern of role.patterns) await addPermission(query, added.id, pattern)
  return true
}

export async function addPermission(query: Query, roleId: number, pattern: string): Promise<void> {
  await query.run('insert into role_permission (role_id, pattern) values (?, ?)', roleId, pattern)
}

export async function removePermission(query: Query, roleId: number, pattern: string): Promise<void> {
  await query.run('delete from role_permission where role_id = ? and pattern = ?', roleId, pattern)
}

export async function deleteRole(query: Query, roleId: number, at: Millis): Promise<void> {
  await query.run('update role set deleted_at = ? where id = ?', at, roleId)
}

export async function roleUsers(query: Query, roleId: number): Promise<RoleUsers> {
  const counts = await query.get<Pick<RoleUsers, 'clients' | 'operators'>>(
    `select
       (select count(*) from client where role_id = ? and deleted_at is null) as "clients",
       (select count(*) from operator where deleted_at is null
          and id in (select operator_id from operator_grant where role_id = ?)) as "operators"`,
    roleId,
    roleId,
  )
  const few = await query.all<{ name: string }>(
    'select name from client where role_id = ? and deleted_at is null order by name_key, scope limit 3',
    roleId,
  )
  return { clients: 0, operators: 0, ...counts, someClients: few.map(({ name }) => name) }
}

/** One row per pattern becomes one role with its patterns. */
function gathered(rows: readonly Row[]): Role[] {
  const byId = new Map<number, Role & { patterns: string[] }>()
  for (const { id, name, builtIn, createdAt, pattern } of rows) {
    const role = byId.get(id) ?? { id, name, builtIn: builtIn === 1, createdAt, patterns: [] }
    if (pattern !== null) role.patterns.push(pattern)
    byId.set(id, role)
  }
  return [...byId.values()]
}
