import { chmodSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { CLIENT_STATUSES, clientStatus } from '../../src/core/client-status.ts'
import { type ClientFilter, SORT_KEYS, type SortKey, type TokenFilter } from '../../src/core/list-filter.ts'
import type { Client, ClientSummary, Millis, OffBy, TokenSummary } from '../../src/core/model.ts'
import { CLUSTER, scopeCovers } from '../../src/core/scope.ts'
import type { Store } from '../../src/core/store.ts'
import { TOKEN_STATUSES, tokenStatus } from '../../src/core/token-status.ts'
import { EVERYTHING } from '../support/list-filters.ts'
import {
  filling,
  operators,
  type RandomStore,
  rarely,
  scopes,
  stores,
  times,
} from '../support/random-stores.ts'
import { storeContents } from '../support/store-contents.ts'
import { ENGINES, World, worldOn } from '../support/world.ts'

const { now } = EVERYTHING
const ROLES = ['admin', 'auditor', 'user']

const wanted = {
  roleId: rarely(fc.integer({ min: 1, max: 3 })),
  scopes: rarely(fc.array(scopes, { maxLength: 2 })).map((some) => some ?? [CLUSTER]),
  ownedBy: rarely(operators),
  jobs: rarely(fc.constant(true)).map((jobs) => jobs === true),
  at: rarely(fc.constantFrom('cluster', 'acme', 'acme/etl')),
  search: rarely(fc.constantFrom('b', 'BI', '_', '%', '!', 'b_i', 'TKC_0', 'été', 'É', 'SALES')),
  expiresBy: rarely(fc.oneof(times, fc.constant(now + 14 * 86_400_000))),
  unusedSince: rarely(times),
  withDeleted: fc.boolean(),
  sort: fc.constantFrom(...SORT_KEYS),
  reverse: fc.boolean(),
  limit: rarely(fc.integer({ min: 1, max: 5 })),
}

/** A statement on PostgreSQL is a journey: it makes fewer of them. */
const RUNS = { SQLite: 600, PostgreSQL: 60 } as const

describe.each(ENGINES)('on %s, a list shows just what the rule says, in its order', (engine) => {
  let world: World
  let store: Store
  beforeAll(async () => {
    world = await worldOn(engine)
    await world.makeStore()
    store = await world.open()
  })
  afterAll(async () => {
    await store.close()
    await world.end()
  })

  const everything = { ...EVERYTHING, withDeleted: true }

  test('of tokens', async () => {
    const filters = fc.record({
      ...wanted,
      neverExpires: rarely(fc.constant(true)).map((never) => never === true),
      neverUsed: rarely(fc.constant(true)).map((never) => never === true),
      client: rarely(fc.constantFrom('bi', 'BI', 'B_', 'nightly')),
      status: rarely(fc.constantFrom(...TOKEN_STATUSES)),
    })
    await fc.assert(
      fc.asyncProperty(stores, filters, async (made, chosen) => {
        await world.sql(filling(made))
        const areOff = made.settings.tokens === 'off'
        const filter = withDeletedStatus({ ...EVERYTHING, ...chosen, areOff })
        const all = await gathered(store.tokens(everything))
        for (const { client, offBy } of all) expect(offBy).toBe(offByRule(made, client))
        expect(all).toHaveLength(made.clients.flatMap(({ tokens }) => tokens).length)
        const expected = all.filter((token) => isTokenWanted(token, filter))
        expect(ids(await gathered(store.tokens(filter)))).toEqual(
          ids(cut(ordered(expected, filter, tokenKeys), filter)),
        )
        for (const token of all) expect(await store.token(token.id)).toMatchObject(token)
        // Each status by itself: among so many other filters few tokens would be left to tell it by.
        for (const status of TOKEN_STATUSES) {
          const listed = ids(await gathered(store.tokens({ ...everything, status, areOff })))
          const those = all.filter((token) => tokenStatus(token, now) === status)
          expect(listed.sort()).toEqual(ids(those).sort())
        }
      }),
      { numRuns: RUNS[engine] },
    )
  })

  test('of clients', async () => {
    const filters = fc.record({ ...wanted, status: rarely(fc.constantFrom(...CLIENT_STATUSES)) })
    await fc.assert(
      fc.asyncProperty(stores, filters, async (made, chosen) => {
        await world.sql(filling(made))
        const filter = withDeletedStatus({ ...EVERYTHING, ...chosen })
        const tokens = await gathered(store.tokens(everything))
        const all = await gathered(store.clients({ ...everything, status: null }))
        expect(all).toHaveLength(made.clients.length)
        const of = ({ id }: Client): TokenSummary[] => tokens.filter(({ client }) => client.id === id)
        const expected = all.filter((client) => isClientWanted(client, of(client), filter))
        expect(ids(await gathered(store.clients(filter)))).toEqual(
          ids(cut(ordered(expected, filter, clientKeys), filter)),
        )
        for (const client of all) expect(client).toMatchObject(sumOf(of(client)))
      }),
      { numRuns: RUNS[engine] },
    )
  })
})

function withDeletedStatus<Filter extends ClientFilter | TokenFilter>(filter: Filter): Filter {
  return filter.status === 'deleted' ? { ...filter, withDeleted: true } : filter
}

function isTokenWanted(token: TokenSummary, filter: TokenFilter): boolean {
  const { status, client, withDeleted, neverExpires, neverUsed } = filter
  return (
    hasText([token.client.name, token.id, token.description ?? ''], filter) &&
    (!neverExpires || (token.current !== null && token.current.expiresAt === null)) &&
    (!neverUsed || token.lastUsedAt === null) &&
    (withDeleted || token.deletedAt === null) &&
    (status === null || tokenStatus(token, now) === status) &&
    (client === null || client.toLowerCase() === token.client.name.toLowerCase()) &&
    isOfWantedClient(token.client, filter) &&
    endsInTime(token, filter) &&
    isIdle(token, filter)
  )
}

function isClientWanted(client: Client, tokens: readonly TokenSummary[], filter: ClientFilter): boolean {
  const { status, withDeleted, expiresBy, unusedSince } = filter
  return (
    hasText([client.name], filter) &&
    (withDeleted || client.deletedAt === null) &&
    (status === null || clientStatus(client) === status) &&
    isOfWantedClient(client, filter) &&
    (expiresBy === null || tokens.some((token) => endsInTime(token, filter))) &&
    (unusedSince === null || client.createdAt < unusedSince) &&
    tokens.every((token) => token.deletedAt !== null || isIdle(token, filter))
  )
}

function hasText(texts: readonly string[], { search }: { readonly search: string | null }): boolean {
  return search === null || texts.some((text) => inLowerCase(text).includes(inLowerCase(search)))
}

/** Which setting stops its tokens: the rule, of the operators that `filling` makes, of whom the first two are admins. */
function offByRule({ settings }: RandomStore, { operatorId }: Client): OffBy | null {
  if (settings.tokens === 'off') return 'tokens'
  if (operatorId === null || settings['personal-tokens'] === 'everyone') return null
  return settings['personal-tokens'] === 'admins' && operatorId <= 2 ? null : 'personal-tokens'
}

/** Of ASCII alone. */
const inLowerCase = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

function isOfWantedClient(
  client: Client,
  { scopes, ownedBy, roleId, jobs, at }: ClientFilter | TokenFilter,
): boolean {
  return (
    (scopes.some((scope) => scopeCovers(scope, client.scope)) ||
      (ownedBy !== null && client.operatorId === ownedBy)) &&
    (at === null || client.scope === at) &&
    (roleId === null || ROLES[roleId - 1] === client.role) &&
    (!jobs || client.isJobs)
  )
}

function endsInTime(
  { current }: TokenSummary,
  { expiresBy }: { readonly expiresBy: Millis | null },
): boolean {
  const end = current?.expiresAt ?? null
  return expiresBy === null || (end !== null && now < end && end <= expiresBy)
}

function isIdle(
  { createdAt, lastUsedAt }: TokenSummary,
  { unusedSince }: { readonly unusedSince: Millis | null },
): boolean {
  return unusedSince === null || (createdAt < unusedSince && (lastUsedAt ?? createdAt) < unusedSince)
}

/** What a client's row says of its tokens. */
function sumOf(tokens: readonly TokenSummary[]): Partial<ClientSummary> {
  const living = tokens.filter(({ deletedAt }) => deletedAt === null)
  const ends = living.flatMap(({ current }) => (current === null ? [] : [current.expiresAt]))
  const uses = living.flatMap(({ lastUsedAt }) => (lastUsedAt === null ? [] : [lastUsedAt]))
  return {
    tokens: living.length,
    isEndless: ends.includes(null),
    expiresAt: ends.includes(null) ? null : latest(ends as Millis[]),
    lastUsedAt: latest(uses),
  }
}

const latest = (times: readonly Millis[]): Millis | null => (times.length === 0 ? null : Math.max(...times))

type Key = string | number
type Keys<Row> = Readonly<Record<SortKey, (row: Row) => Key[]>>

const tokenKeys: Keys<TokenSummary> = {
  client: ({ client, createdAt, id }) => [client.name.toLowerCase(), client.scope, createdAt, id],
  created: ({ createdAt }) => [createdAt],
  expires: ({ current }) => [current?.expiresAt ?? Infinity],
  'last-used': ({ lastUsedAt }) => [lastUsedAt ?? -Infinity],
}

const clientKeys: Keys<ClientSummary> = {
  client: ({ name, scope, createdAt, id }) => [name.toLowerCase(), scope, createdAt, id],
  created: ({ createdAt }) => [createdAt],
  expires: ({ expiresAt }) => [expiresAt ?? Infinity],
  'last-used': ({ lastUsedAt }) => [lastUsedAt ?? -Infinity],
}

function ordered<Row>(
  rows: readonly Row[],
  { sort, reverse }: ClientFilter | TokenFilter,
  keys: Keys<Row>,
): Row[] {
  const sorted = rows.toSorted((a, b) =>
    compared([...keys[sort](a), ...keys.client(a)], [...keys[sort](b), ...keys.client(b)]),
  )
  return reverse ? sorted.reverse() : sorted
}

/** Never zero: no two rows are alike in all keys. */
function compared(some: readonly Key[], others: readonly Key[]): number {
  const at = some.findIndex((key, i) => key !== others[i])
  if (at < 0) throw new Error('the order is not total')
  return (some[at] ?? 0) < (others[at] ?? 0) ? -1 : 1
}

const cut = <Row>(rows: readonly Row[], { limit }: { readonly limit: number | null }): Row[] =>
  rows.slice(0, limit ?? Infinity)

const ids = (rows: readonly { readonly id: string | number }[]): (string | number)[] =>
  rows.map(({ id }) => id)

async function gathered<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
  const all: Row[] = []
  for await (const row of rows) all.push(row)
  return all
}

describe('what lists go by is kept', () => {
  let world: World
  beforeEach(() => {
    world = new World()
  })
  afterEach(() => world.remove())

  test('with every change', async () => {
    const token = await world.ok('client', 'create', 'BI', '--role', 'user')
    await world.ok('client', 'create', 'waiting', '--role', 'user', '--no-token')
    expectKept(world, { pending: 1 })

    world.now += 60_000
    await world.verify(token)
    await world.ok('token', 'regenerate', 'BI', '--overlap', '1h')
    await world.verify(token)
    expectKept(world, { pending: 1 })

    // Its reader is quicker than the program: the first use activates it.
    const reader = Object.assign(new World(), { folder: world.folder, now: world.now })
    world.stdout = { write: async (text) => expect(await reader.verify(text.trim())).toBe(0) }
    await world.ok('client', 'create', 'quick', '--role', 'user')
    expectKept(world, { pending: 1 })

    world.stdout = { write: () => Promise.reject(new Error('EPIPE')) }
    expect((await world.run('client', 'create', 'lost', '--role', 'user')).code).toBe(9)
    world.stdout = {}
    await world.ok('token', 'regenerate', 'waiting')
    expectKept(world, { pending: 0 })

    await world.ok('token', 'delete', 'BI', '--yes')
    await world.ok('client', 'delete', 'quick', '--yes')
    expectKept(world, { pending: 0 })
  })

  test('and made of what an earlier version had left', async () => {
    const dump = readFileSync(join(import.meta.dirname, 'dumps', '001.sql'), 'utf8')
    mkdirSync(dirname(world.storePath), { mode: 0o700 })
    const database = new Database(world.storePath)
    chmodSync(world.storePath, 0o600)
    database.exec(dump)
    database.exec(`
      update operator set uid = ${process.geteuid?.() ?? 0};
      insert into token (id, client_id, created_at, created_by)
      select 'tkc_neverGivenAA', client_id, created_at + 5, created_by from token limit 1`)
    database.close()
    await world.ok('token', 'list')
    expectKept(world, { pending: 1 })
    expect(storeContents(world.storePath).token_idle?.length).toBeGreaterThan(1)
  })
})

interface TokenRow {
  readonly id: string
  readonly activated_at: Millis | null
  readonly created_at: Millis
  readonly deleted_at: Millis | null
}

/** A living token without a current secret is one that never had one; and each is idle since its last use or its making. */
function expectKept(world: World, { pending }: { readonly pending: number }): void {
  const { token = [], secret = [], token_use = [], token_idle = [] } = storeContents(world.storePath)
  const living = (token as TokenRow[]).filter(({ deleted_at }) => deleted_at === null)
  const current = (secret as { token_id: string; state: string }[]).filter(({ state }) => state === 'current')
  const waiting = living.filter(({ id }) => !current.some(({ token_id }) => token_id === id))
  expect(living.filter(({ activated_at }) => activated_at === null)).toEqual(waiting)
  expect(waiting).toHaveLength(pending)

  const since = (token as TokenRow[]).map(({ id, created_at }) => {
    const uses = (token_use as { token_id: string; last_used_at: Millis }[]).filter(
      (use) => use.token_id === id,
    )
    return { token_id: id, since: Math.max(created_at, ...uses.map(({ last_used_at }) => last_used_at)) }
  })
  const byId = (a: { token_id: string }, b: { token_id: string }): number =>
    a.token_id < b.token_id ? -1 : 1
  expect((token_idle as { token_id: string; since: Millis }[]).sort(byId)).toEqual(since.sort(byId))
}
