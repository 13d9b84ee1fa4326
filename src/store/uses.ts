import type { Millis } from '../core/model.ts'
import type { Query } from './engine.ts'

const DAY: Millis = 86_400_000

export interface Use {
  readonly tokenId: string
  readonly digest: string
  readonly at: Millis
}

/** Forward only: of two uses recorded out of order, the later one stays. */
export async function recordUse(query: Query, { tokenId, digest, at }: Use): Promise<void> {
  await query.run(
    `insert into token_use (token_id, digest, last_used_at) values (?, ?, ?)
     on conflict (token_id, digest) do update set last_used_at = excluded.last_used_at
     where excluded.last_used_at > token_use.last_used_at`,
    tokenId,
    digest,
    at,
  )
  await query.run('update token_idle set since = ? where token_id = ? and since < ?', at, tokenId, at)
  await query.run(
    `insert into token_use_day (token_id, day, uses) values (?, ?, 1)
     on conflict (token_id, day) do update set uses = token_use_day.uses + 1`,
    tokenId,
    Math.floor(at / DAY),
  )
}
