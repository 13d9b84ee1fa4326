import type { Millis, Session } from '../core/model.ts'
import type { Query } from './engine.ts'

export async function session(query: Query, digest: string): Promise<Session | null> {
  return query.get<Session>(
    `select operator_id as "operatorId", made_at as "madeAt", used_at as "usedAt" from session where digest = ?`,
    digest,
  )
}

export async function addSession(
  query: Query,
  { digest, operatorId, at }: { readonly digest: string; readonly operatorId: number; readonly at: Millis },
): Promise<void> {
  await query.run(
    'insert into session (digest, operator_id, made_at, used_at) values (?, ?, ?, ?)',
    digest,
    operatorId,
    at,
    at,
  )
}

/** Forward only. */
export async function touchSession(query: Query, digest: string, at: Millis): Promise<void> {
  await query.run('update session set used_at = ? where digest = ? and used_at < ?', at, digest, at)
}

/** @returns false if there is no such session */
export async function endSession(query: Query, digest: string): Promise<boolean> {
  return (await query.run('delete from session where digest = ?', digest)) > 0
}

export async function endSessions(query: Query, operatorId: number): Promise<void> {
  await query.run('delete from session where operator_id = ?', operatorId)
}

/** Those made before can be no good to anybody. */
export async function forgetSessions(query: Query, madeBefore: Millis): Promise<void> {
  await query.run('delete from session where made_at < ?', madeBefore)
}
