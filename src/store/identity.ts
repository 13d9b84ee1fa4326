import type { StoreIdentity } from '../core/model.ts'
import type { StoreSize } from '../core/store.ts'
import type { Query } from './engine.ts'

export async function identity(query: Query): Promise<StoreIdentity> {
  const row = await query.get<StoreIdentity>(
    'select id, token_prefix as "tokenPrefix", created_at as "createdAt" from store',
  )
  if (row === null) throw new Error('the store has no identity')
  return row
}

export async function setIdentity(
  query: Query,
  { id, tokenPrefix, createdAt }: StoreIdentity,
): Promise<void> {
  await query.run(
    'insert into store (one, id, token_prefix, created_at) values (1, ?, ?, ?)',
    id,
    tokenPrefix,
    createdAt,
  )
}

export async function size(query: Query): Promise<StoreSize> {
  const row = await query.get<StoreSize>(
    `select (select count(*) from client where deleted_at is null) as "clients",
       (select count(*) from token where deleted_at is null) as "tokens",
       (select count(*) from role where deleted_at is null) as "roles",
       (select count(*) from audit) as "auditEntries"`,
  )
  if (row === null) throw new Error('the store has no size')
  return row
}

export async function bumpGeneration(query: Query): Promise<void> {
  await query.run('update generation set value = value + 1')
}
