import { nameKey } from '../core/name.ts'
import type { NamesLike } from '../core/store.ts'
import type { Query } from './engine.ts'
import { condition, type Sql, where } from './list-query.ts'

/** An error is no reason to read a whole store: what is looked at ends here. */
const MOST_NAMES = 5_000

/** Names in a table that are about as long as one, those first of which the first half is the same. */
export async function namesLike(
  query: Query,
  table: 'client' | 'role' | 'scope' | 'operator',
  { name, difference }: NamesLike,
  conditions: readonly Sql[],
): Promise<string[]> {
  const key = nameKey(name)
  const half = Math.floor(key.length / 2)
  const shortest = Math.max(1, key.length - difference)
  const narrowed = where([
    condition(`length(${table}.name_key) between ? and ?`, shortest, key.length + difference),
    ...conditions,
  ])
  const rows = await query.all<{ name: string }>(
    `select ${table}.name from ${table} ${narrowed.text}
     order by case when substr(${table}.name_key, 1, ?) = ? then 0 else 1 end, ${table}.name_key limit ?`,
    ...narrowed.values,
    half,
    key.slice(0, half),
    MOST_NAMES,
  )
  return rows.map(({ name }) => name)
}
