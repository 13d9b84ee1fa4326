import fc from 'fast-check'
import { CLUSTER } from '../../src/core/scope.ts'
import { EVERYTHING } from './list-filters.ts'

const { now } = EVERYTHING

// Few values each, so that much coincides: names that differ only in case or by a wildcard, times at the very boundary.
export const times = fc.constantFrom(now - 3, now - 2, now - 1, now, now + 1, now + 2)
const perhaps = fc.option(times, { freq: 2 })
const DAY = 86_400_000
/** Near the ends of days, and of whole days from now. */
const later = fc
  .tuple(
    fc.constantFrom(0, 7, 14, 49, 84, 90, 91),
    fc.constantFrom(0, 12 * 3_600_000),
    fc.integer({ min: -1, max: 1 }),
  )
  .map(([days, hours, millis]) => now + days * DAY + hours + millis)
const ends = fc.option(fc.oneof({ weight: 3, arbitrary: times }, { weight: 1, arbitrary: later }), {
  freq: 2,
})
/** Mostly not: all filters at once, or all misfortunes, would leave next to nothing to list. */
export const rarely = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: value })
export const scopes = fc.constantFrom(
  CLUSTER,
  'acme',
  'acme/etl',
  'acme/a_b',
  'acme-x',
  'a_me',
  'acme0',
  'zeta',
)
const names = fc.constantFrom('BI', 'bi', 'b_', 'Nightly', 'nightly-2')

/** With letters in both cases, of ASCII and beyond, and the wildcards of `like`. */
const descriptions = fc.constantFrom('100% BI', 'b_I', 'b!i', 'Été', '界面 Sales')

const tokens = fc.record({
  description: rarely(descriptions),
  created: times,
  disabled: rarely(times),
  deleted: rarely(times),
  /** When each secret ends that it had, the last of which is the current one. */
  ends: fc.array(ends, { maxLength: 2 }),
  used: perhaps,
  isRegenerating: fc.boolean(),
})
/** Admin at the cluster, admin of a group, auditor, and a mere user. */
const OPERATORS = { 1: [1, CLUSTER], 2: [1, 'acme/etl'], 3: [2, CLUSTER], 4: [3, CLUSTER] } as const
export const operators = fc.constantFrom(1, 2, 3, 4)

const clients = fc.record({
  name: names,
  /** Whose personal client it is. */
  operator: rarely(operators),
  scope: scopes,
  role: fc.integer({ min: 1, max: 3 }),
  created: times,
  disabled: rarely(times),
  deleted: rarely(times),
  provisional: rarely(times),
  tokens: fc.array(tokens, { minLength: 1, maxLength: 3 }),
})
type RandomClient = typeof clients extends fc.Arbitrary<infer Made> ? Made : never
type RandomToken = RandomClient['tokens'][number]

export const stores = fc.record({
  clients: fc.array(clients, { minLength: 2, maxLength: 8 }).map(withoutNamesakes),
  jobs: fc.nat({ max: 3 }),
  settings: fc.record({
    tokens: rarely(fc.constantFrom('off', 'Off')),
    'personal-tokens': fc.constantFrom(null, 'admins', 'everyone', 'nobody'),
  }),
})

export type RandomStore = typeof stores extends fc.Arbitrary<infer Made> ? Made : never

/** Among the living a name is taken once, and an operator has one personal client. */
function withoutNamesakes(clients: readonly RandomClient[]): RandomClient[] {
  const taken = new Set<string>()
  return clients.filter(({ name, operator, scope, deleted }) => {
    const key = operator === null ? `${scope} ${name.toLowerCase()}` : `@${operator}`
    if (deleted === null && taken.has(key)) return false
    if (deleted === null) taken.add(key)
    return true
  })
}

/** SQL that makes a store just that, as the program would have left it: what belongs to a deleted client is deleted. */
export function filling({ clients, jobs, settings }: RandomStore): string {
  const tables = ['jobs_connection', 'token_idle', 'token_use', 'secret', 'token', 'client', 'setting']
  const statements = [
    ...tables.map((table) => `delete from ${table}`),
    ...fillingOperators(),
    ...Object.entries(settings).flatMap(([name, value]) =>
      value === null ? [] : [insert('setting (name, value)', [name, value])],
    ),
  ]
  for (const [i, client] of clients.entries()) {
    const { created, disabled, deleted, provisional } = client
    const { name, scope, role, operator } = belonging(client)
    statements.push(
      insert(
        'client (id, name, name_key, scope, role_id, operator_id, created_at, created_by, disabled_at, deleted_at, provisional_since)',
        [
          i,
          name,
          name.toLowerCase(),
          scope,
          role,
          operator,
          created,
          'tester',
          disabled,
          deleted,
          provisional,
        ],
      ),
      ...client.tokens.flatMap((token, j) =>
        fillingToken(i, `tkc_${i}${j}`, { ...token, deleted: deleted ?? token.deleted }),
      ),
      ...(deleted === null && jobs === i ? [insert('jobs_connection', [1, i])] : []),
    )
  }
  return statements.join(';\n')
}

/** A personal client is called by its operator, at the cluster, without a role of its own. */
function belonging({ name, scope, role, operator }: RandomClient) {
  return operator === null
    ? { name, scope, role, operator }
    : { name: `@op${operator}`, scope: CLUSTER, role: null, operator }
}

function fillingOperators(): string[] {
  return [
    'delete from operator_grant',
    'delete from operator where id <> 1',
    ...Object.entries(OPERATORS).flatMap(([id, [role, scope]]) => [
      ...(id === '1'
        ? []
        : [insert('operator (id, name, name_key, created_at)', [Number(id), `op${id}`, `op${id}`, now])]),
      insert('operator_grant (operator_id, role_id, scope)', [Number(id), role, scope]),
    ]),
  ]
}

function fillingToken(client: number, id: string, token: RandomToken): string[] {
  const { description, created, disabled, deleted, ends, used, isRegenerating } = token
  const uses = used === null ? [] : [used - 1, used]
  return [
    insert(
      'token (id, client_id, description, created_at, created_by, disabled_at, deleted_at, activated_at)',
      [id, client, description, created, 'tester', disabled, deleted, ends.length === 0 ? null : created],
    ),
    ...ends.map((end, i) => {
      const isDead = deleted !== null || i < ends.length - 1
      const state = isDead ? 'dead' : 'current'
      return insert(SECRET, [
        `${id}-${i}`,
        id,
        state,
        created,
        'tester',
        end,
        created,
        isDead ? created : null,
      ])
    }),
    ...(isRegenerating && deleted === null
      ? [insert(SECRET, [id, id, 'pending', created, 'tester', now, null, null])]
      : []),
    ...uses.map((at, i) => insert('token_use', [id, `${id}-${i}`, at])),
    insert('token_idle', [id, Math.max(created, ...uses)]),
  ]
}

const SECRET = 'secret (digest, token_id, state, made_at, made_by, expires_at, activated_at, dead_at)'

const insert = (into: string, values: readonly (string | number | null)[]): string =>
  `insert into ${into} values (${values.map(literal).join(', ')})`

const literal = (value: string | number | null): string =>
  typeof value === 'string' ? `'${value}'` : String(value)
