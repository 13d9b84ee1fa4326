import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { CLIENT_STATUSES } from '../../src/core/client-status.ts'
import type { ClientFilter, SortKey, TokenFilter } from '../../src/core/list-filter.ts'
import { TOKEN_STATUSES } from '../../src/core/token-status.ts'
import { clientListQuery } from '../../src/store/client-list.ts'
import { clientsBeginningQuery } from '../../src/store/clients.ts'
import type { Few, Sql } from '../../src/store/list-query.ts'
import { numbered } from '../../src/store/postgres.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { rolesBeginningQuery } from '../../src/store/roles.ts'
import { SCOPES } from '../../src/store/scopes.ts'
import { expiriesQuery, tokenCountQuery } from '../../src/store/token-counts.ts'
import { tokenListQuery, tokensBeginningQuery } from '../../src/store/token-list.ts'
import { EVERYTHING } from '../support/list-filters.ts'
import { manyClients } from '../support/many-clients.ts'
import { connectedTo } from '../support/store-contents.ts'
import { World, worldOn } from '../support/world.ts'

/** An engine with a store of very many clients, and how it says what it would do. */
interface Planner {
  /** The plan of a statement, a step a line. */
  plan(query: Sql): Promise<string>
  analyze(): Promise<void>
  /** Of a plan that reads a table from one end to the other. */
  readonly scan: RegExp
  /** Of one that walks through all clients or tokens, be it by an index, to find some. */
  readonly walk: RegExp
  remove(): Promise<void>
}

const TABLES = '(client|token|secret|current|token_use|token_idle)'

async function sqlite(): Promise<Planner> {
  const world = new World()
  await world.ok('init')
  const database = new Database(world.storePath)
  for (const statement of manyClients(20_000, world.now)) database.exec(statement)
  database.close()
  const engine = openSqlite(world.storePath, {
    holdSignals: () => () => {},
    now: () => 0,
    elapsed: () => 0,
    fileId: () => null,
  })
  return {
    async plan({ text, values }) {
      const steps = await engine.all<{ detail: string }>(`explain query plan ${text}`, ...values)
      return steps.map(({ detail }) => detail).join('\n')
    },
    analyze: () => world.sql('analyze'),
    scan: new RegExp(`SCAN ${TABLES}\\b(?! USING)`),
    walk: /^SCAN (client|token|current)\b/m,
    async remove() {
      await engine.close()
      world.remove()
    },
  }
}

async function postgres(): Promise<Planner> {
  const world = await worldOn('PostgreSQL')
  await world.makeStore()
  for (const statement of manyClients(20_000, world.now)) await world.sql(statement)
  return {
    plan: ({ text, values }) =>
      connectedTo(world.storePath, async (client) => {
        // Of a table as small as this one, reading it all would often be as quick: what is asked is what can be done.
        await client.query('set enable_seqscan = off')
        const { rows } = await client.query<Record<string, string>>(`explain ${numbered(text)}`, [...values])
        return rows.map((row) => row['QUERY PLAN']).join('\n')
      }),
    analyze: () => world.sql('analyze'),
    scan: new RegExp(`Seq Scan on ${TABLES}\\b`),
    walk: /^(?!)/,
    remove: () => world.end(),
  }
}

/** In SQLite's plans: all rows are sorted. */
const SORT = /USE TEMP B-TREE FOR ORDER BY/

const DAY = 86_400_000
const { now } = EVERYTHING

/** What few have, and the index that knows who. */
const OF_CLIENTS: readonly (readonly [Partial<ClientFilter>, string])[] = [
  [{ roleId: 4 }, 'client_by_role'],
  [{ scopes: ['acme'] }, 'client_by_scope'],
  [{ scopes: ['acme/etl', 'other'] }, 'client_by_scope'],
  [{ expiresBy: now + 30 * DAY }, 'secret_by_expiry'],
  [{ unusedSince: now - 90 * DAY }, 'token_idle_since'],
]
const FEW: readonly (readonly [string, Sql, string])[] = [
  ['those in an organization, counted', { text: SCOPES, values: [] }, 'client_by_[a-z]+'],
  ...[
    ...OF_CLIENTS,
    [{ status: 'pending' }, 'client_provisional'] as const,
    [{ status: 'disabled' }, 'client_disabled'] as const,
    [{ status: 'deleted', withDeleted: true }, 'client_deleted'] as const,
  ].flatMap(([filter, index]) => [
    clientQuery(filter, index),
    clientQuery({ ...filter, withDeleted: true }, index),
  ]),
  ...[
    ...OF_CLIENTS,
    [{ client: 'client-77' }, 'client_by_(key|name)'] as const,
    [{ neverExpires: true }, 'secret_by_expiry'] as const,
    [{ status: 'pending' }, 'token_pending'] as const,
    [{ status: 'disabled' }, 'token_disabled'] as const,
    [{ status: 'disabled' }, 'client_disabled'] as const,
    [{ status: 'expired' }, 'secret_by_expiry'] as const,
    [{ status: 'deleted', withDeleted: true }, 'token_deleted'] as const,
  ].flatMap(([filter, index]) => [
    tokenQuery(filter, index),
    tokenQuery({ ...filter, withDeleted: true }, index),
  ]),
  countQuery({ expiresBy: now + 14 * DAY }, 'secret_by_expiry'),
  countQuery({ neverExpires: true }, 'secret_by_expiry'),
  countQuery({ unusedSince: now - 90 * DAY }, 'token_idle_since'),
  countQuery({ scopes: ['acme'] }, 'client_by_scope'),
  [
    'count of those that expire by week',
    expiriesQuery(
      EVERYTHING,
      [7, 14, 21].map((days) => now + days * DAY),
    ),
    'secret_by_expiry',
  ],
]

function clientQuery(filter: Partial<ClientFilter>, index: string): [string, Sql, string] {
  return [
    `client list ${JSON.stringify(filter)}`,
    clientListQuery({ ...EVERYTHING, status: null, ...filter }),
    index,
  ]
}

function tokenQuery(filter: Partial<TokenFilter>, index: string): [string, Sql, string] {
  return [`token list ${JSON.stringify(filter)}`, tokenListQuery({ ...EVERYTHING, ...filter }), index]
}

function countQuery(filter: Partial<TokenFilter>, index: string): [string, Sql, string] {
  return [
    `count of token list ${JSON.stringify(filter)}`,
    tokenCountQuery({ ...EVERYTHING, ...filter }),
    index,
  ]
}

/** What many have: no index gives them, and yet none is looked for in vain. */
const MANY: readonly (readonly [string, Sql])[] = (['client', 'created', 'expires', 'last-used'] as const)
  .flatMap((sort) => [false, true].map((reverse) => ({ sort, reverse })))
  .flatMap((filter) => [
    ...[null, ...TOKEN_STATUSES]
      .filter((status) => status !== 'active' || isKept(filter.sort))
      .map((status) => tokenQuery({ ...filter, status }, '')),
    ...(isKept(filter.sort) ? [tokenQuery({ ...filter, search: '77' }, '')] : []),
    tokenQuery({ ...filter, neverUsed: true }, ''),
    clientQuery({ ...filter, search: '77' }, ''),
    ...[null, ...CLIENT_STATUSES].map((status) => clientQuery({ ...filter, status }, '')),
  ])
  .map(([title, query]) => [title, query])

/** In that order rows come from an index; in another nearly all are sorted, and best read from end to end. */
function isKept(sort: SortKey): boolean {
  return sort === 'client' || sort === 'created'
}

/** What somebody types a name for, and the index that is asked. */
const START = { prefix: 'client-1', scopes: ['cluster'], scope: 'cluster', isDisabled: null }
const TYPED: readonly (readonly [string, Few, string])[] = [
  ['a client', clientsBeginningQuery(START), 'client_by_(name|key)'],
  ['a client, anywhere', clientsBeginningQuery({ ...START, scope: null }), 'client_by_key'],
  ['a token by its client', tokensBeginningQuery(START, 'client'), 'client_by_(name|key)'],
  [
    'a token',
    tokensBeginningQuery({ ...START, prefix: 'tkc_00' }, 'id'),
    '(sqlite_autoindex_token_1|token_pkey)',
  ],
  ['a role', rolesBeginningQuery('a'), 'role_by_name'],
]

let planner: Planner

async function expectThoseFew(query: Sql, index: string): Promise<void> {
  const plan = await planner.plan(query)
  expect(plan).toMatch(new RegExp(`\\b${index}\\b`))
  expect(plan).not.toMatch(planner.scan)
  expect(plan).not.toMatch(planner.walk)
}

describe('on SQLite, whose planner has no statistics, a list', () => {
  beforeAll(async () => {
    planner = await sqlite()
  })
  afterAll(() => planner.remove())

  test.each(FEW)('begins with those few: %s', (_, query, index) => expectThoseFew(query, index))

  test.each(TYPED)(
    'of what begins so reads no more than that, in order: %s',
    async (_, { first, last }, index) => {
      for (const query of [first, last]) {
        await expectThoseFew(query, index)
        expect(await planner.plan(query)).not.toMatch(SORT)
      }
    },
  )

  test.each(MANY)('reads by an index: %s', async (_, query) => {
    expect(await planner.plan(query)).not.toMatch(planner.scan)
  })

  test('in its own order sorts no more than the tokens of one client', async () => {
    expect(await planner.plan(tokenListQuery(EVERYTHING))).not.toMatch(SORT)
  })

  test('of the newest reads no more than those', async () => {
    const newest = { ...EVERYTHING, sort: 'created', reverse: true, limit: 10 } as const
    const plan = await planner.plan(tokenListQuery(newest))
    expect(plan).toContain('token_by_age')
    expect(plan).not.toMatch(SORT)
  })

  test('of the first with a text, or never used, stops at the last of those', async () => {
    for (const filter of [{ search: '77' }, { neverUsed: true }] as const) {
      expect(await planner.plan(tokenListQuery({ ...EVERYTHING, ...filter, limit: 10 }))).not.toMatch(SORT)
    }
    const query = clientListQuery({ ...EVERYTHING, status: null, search: '77', limit: 10 })
    expect(await planner.plan(query)).not.toMatch(SORT)
  })
})

// Of what nearly all have, the whole is then known to be read the fastest from end to end.
describe.each([
  ['SQLite', sqlite],
  ['PostgreSQL', postgres],
])('on %s, after analyze, a list', (_, make) => {
  beforeAll(async () => {
    planner = await make()
    await planner.analyze()
  })
  afterAll(() => planner.remove())

  test.each(FEW)('begins with those few: %s', (_, query, index) => expectThoseFew(query, index))

  test.each(TYPED)('of what begins so reads by an index: %s', async (_, { first, last }, index) => {
    for (const query of [first, last]) await expectThoseFew(query, index)
  })
})
