import type { Millis } from '../core/model.ts'
import type { Query } from './engine.ts'

/** What was set, by name. */
export async function settings(query: Query): Promise<ReadonlyMap<string, string>> {
  const rows = await query.all<{ name: string; value: string }>('select name, value from setting')
  return new Map(rows.map(({ name, value }) => [name, value]))
}

/** @param value null: the default again */
export async function setSetting(query: Query, name: string, value: string | null): Promise<void> {
  await query.run('delete from setting where name = ?', name)
  if (value !== null) await query.run('insert into setting (name, value) values (?, ?)', name, value)
}

/** Living tokens whose current secret lives, and was made to live longer than that; null: for ever. */
export async function countLongerLived(query: Query, longer: Millis | null, now: Millis): Promise<number> {
  const [condition, values] =
    longer === null
      ? (['expires_at is null', []] as const)
      : (['expires_at > ? and expires_at - made_at > ?', [now, longer]] as const)
  const row = await query.get<{ tokens: number }>(
    `select count(*) as "tokens" from secret join token on token.id = secret.token_id
     where secret.state = 'current' and token.deleted_at is null and ${condition}`,
    ...values,
  )
  return row?.tokens ?? 0
}

/** Former secrets that go on for longer than that from now. */
export async function countLongerOverlaps(query: Query, longer: Millis, now: Millis): Promise<number> {
  const row = await query.get<{ secrets: number }>(
    `select count(*) as "secrets" from secret where state = 'former' and former_until > ?`,
    now + longer,
  )
  return row?.secrets ?? 0
}
