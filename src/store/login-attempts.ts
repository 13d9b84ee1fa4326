import type { LoginAttempts, Millis } from '../core/model.ts'
import type { Query } from './engine.ts'

export async function loginAttempts(query: Query, nameHash: string): Promise<LoginAttempts | null> {
  return query.get<LoginAttempts>(
    'select failures, last_at as "lastAt" from login_attempt where name_hash = ?',
    nameHash,
  )
}

export async function setLoginAttempts(
  query: Query,
  nameHash: string,
  { failures, lastAt }: LoginAttempts,
): Promise<void> {
  await query.run(
    `insert into login_attempt (name_hash, failures, last_at) values (?, ?, ?)
     on conflict (name_hash) do update set failures = excluded.failures, last_at = excluded.last_at`,
    nameHash,
    failures,
    lastAt,
  )
}

export async function forgetLoginAttempts(query: Query, nameHash: string): Promise<void> {
  await query.run('delete from login_attempt where name_hash = ?', nameHash)
}

export async function forgetOldLoginAttempts(query: Query, lastBefore: Millis): Promise<void> {
  await query.run('delete from login_attempt where last_at < ?', lastBefore)
}
