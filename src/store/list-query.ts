import type { ListFilter, SortKey } from '../core/list-filter.ts'
import { CLUSTER, type Scope } from '../core/scope.ts'
import type { Query, Value } from './engine.ts'

/** A piece of SQL, and what its question marks stand for. */
export interface Sql {
  readonly text: string
  readonly values: readonly Value[]
}

/** What a list is ordered by; `nulls` where there can be any. */
interface Term {
  readonly by: string
  readonly nulls?: 'first' | 'last'
}

/** Those of `client` end with one that no two rows share. */
export type Terms = Readonly<Record<SortKey, readonly Term[]>>

/** What must hold of a row. What was not asked for is left out of the text: `? is null` has no type on PostgreSQL. */
export const condition = (text: string, ...values: readonly Value[]): Sql => ({ text, values })

/** For what was given, the condition that it makes. */
export function given<T>(value: T | null, make: (value: T) => Sql): Sql[] {
  return value === null ? [] : [make(value)]
}

/** A list's whole statement. */
export function listQuery(
  select: string,
  { sort, reverse, limit }: ListFilter<string>,
  terms: Terms,
  conditions: readonly Sql[],
): Sql {
  const narrowed = where(conditions)
  const keys = sort === 'client' ? terms.client : [...terms[sort], ...terms.client]
  const ordered = keys.map((term) => (reverse ? descending(term) : ascending(term))).join(', ')
  return {
    text: `${select} ${narrowed.text} order by ${ordered} ${limit === null ? '' : 'limit ?'}`,
    values: limit === null ? narrowed.values : [...narrowed.values, limit],
  }
}

export function where(conditions: readonly Sql[]): Sql {
  const text = conditions.map((each) => `(${each.text})`).join(' and ')
  return { text: text === '' ? '' : `where ${text}`, values: conditions.flatMap(({ values }) => values) }
}

/** What both lists ask of a client. */
export function ofClient({ scopes, ownedBy, roleId, jobs, at }: ListFilter<string>): Sql[] {
  return [
    ...within(scopes, ownedBy),
    // Not by the index of scopes: nearly all may be there, and would have to be sorted.
    ...given(at, (scope) => condition("client.scope || '' = ?", scope)),
    ...given(roleId, (id) => condition('client.role_id = ?', id)),
    ...(jobs ? [condition('client.id in (select client_id from jobs_connection)')] : []),
  ]
}

/** That a column has the text somewhere in it. `like` knows the case of letters on PostgreSQL, and not on SQLite. */
export const contains = (column: string, text: string): Sql =>
  condition(`lower(${column}) like ? escape '!'`, `%${inLowerCase(text).replace(/[%_!]/g, '!$&')}%`)

/** As both engines' `lower` has it, which knows no letters but those of ASCII. */
const inLowerCase = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/** Any of them. */
export const either = (conditions: readonly Sql[]): Sql => ({
  text: conditions.map(({ text }) => text).join(' or '),
  values: conditions.flatMap(({ values }) => values),
})

/**
 * At or below any of the scopes, or that operator's personal client. By ranges in bytewise order, not by `like`, to which
 * the `_` of a name is a wildcard.
 */
export function within(scopes: readonly Scope[], ownedBy: number | null = null): Sql[] {
  if (scopes.includes(CLUSTER)) return []
  const parts = [...scopes.map(ofScope), ...given(ownedBy, ofOperator)]
  if (parts.length === 0) return [condition('1 = 0')]
  return [
    condition(
      `client.id in (${parts.map(({ text }) => text).join(' union all ')})`,
      ...parts.flatMap(({ values }) => values),
    ),
  ]
}

/** Below `acme` is what sorts from `acme/` up to `acme0`: `0` follows `/`. */
export const below = (scope: Scope): readonly [from: string, upTo: string] => [`${scope}/`, `${scope}0`]

const ofScope = (scope: Scope): Sql =>
  condition(
    'select id from client where scope = ? union all select id from client where scope >= ? and scope < ?',
    scope,
    ...below(scope),
  )

const ofOperator = (id: number): Sql => condition('select id from client where operator_id = ?', id)

/** What begins so, in a column of names or IDs, where DEL cannot stand: it comes behind all that can. */
export const beginningWith = (column: string, prefix: string): Sql =>
  condition(`${column} >= ? and ${column} < ?`, prefix, `${prefix}\u007f`)

export const disabledOrNot = (column: string, isDisabled: boolean | null): Sql[] =>
  given(isDisabled, (is) => condition(`${column} is ${is ? 'not null' : 'null'}`))

/** So many are as good as all to somebody who chooses one. */
const FEW = 100

/** Of many the first few, and the very last: a shell fills in what all of these begin with, which must be what all do. */
export interface Few {
  readonly first: Sql
  readonly last: Sql
}

export function fewOf(select: string, key: string, conditions: readonly Sql[]): Few {
  const { text, values } = where(conditions)
  return {
    first: { text: `${select} ${text} order by ${key} limit ${FEW + 1}`, values },
    last: { text: `${select} ${text} order by ${key} desc limit 1`, values },
  }
}

export async function rowsOf<Row>(query: Query, { first, last }: Few): Promise<Row[]> {
  const rows = await query.all<Row>(first.text, ...first.values)
  if (rows.length <= FEW) return rows
  return [...rows.slice(0, FEW), ...(await query.all<Row>(last.text, ...last.values))]
}

const ascending = ({ by, nulls }: Term): string => (nulls === undefined ? by : `${by} nulls ${nulls}`)

function descending({ by, nulls }: Term): string {
  return nulls === undefined ? `${by} desc` : `${by} desc nulls ${nulls === 'first' ? 'last' : 'first'}`
}
