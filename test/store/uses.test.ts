import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Uses } from '../../src/core/model.ts'
import type { Store } from '../../src/core/store.ts'
import { EVERYTHING } from '../support/list-filters.ts'
import { ENGINES, type World, worldOn } from '../support/world.ts'

const DAY = 86_400_000
const { now } = EVERYTHING
const RUNS = { SQLite: 150, PostgreSQL: 20 } as const

/** Tokens 0 and 1 are of one client. */
const uses = fc.record({
  token: fc.nat({ max: 2 }),
  secret: fc.constantFrom('a', 'b'),
  /** From about three months before, at the ends of days. */
  at: fc
    .tuple(fc.constantFrom(-91, -90, -89, -1, 0, 1), fc.constantFrom(-1, 0, 1))
    .map(([days, millis]) => Math.floor(now / DAY) * DAY + days * DAY + millis),
  count: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 5_000_000_000 })),
})
type Made = typeof uses extends fc.Arbitrary<infer One> ? One : never

/** More than go into one statement, now and then. */
const batches = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.array(uses, { minLength: 1, maxLength: 6 }) },
    { weight: 1, arbitrary: fc.array(uses, { minLength: 17, maxLength: 40, size: 'max' }) },
  ),
  { minLength: 1, maxLength: 4 },
)

const dayOf = (at: number): number => Math.floor(at / DAY)
const last = (times: readonly number[]): number | null => (times.length === 0 ? null : Math.max(...times))

/** What became of one token, use by use. */
interface Known {
  readonly lastUses: Map<string, number>
  readonly days: Map<number, number>
}

function use({ lastUses, days }: Known, { secret, at, count }: Made): void {
  lastUses.set(secret, Math.max(at, lastUses.get(secret) ?? at))
  days.set(dayOf(at), (days.get(dayOf(at)) ?? 0) + count)
}

describe.each(ENGINES)('on %s, uses that are written in batches', (engine) => {
  let world: World
  let store: Store
  const ids: string[] = []
  beforeAll(async () => {
    world = await worldOn(engine)
    await world.makeStore()
    const idOf = (token: string): string => token.slice(0, 16)
    ids.push(idOf(await world.ok('client', 'create', 'BI', '--role', 'user')))
    ids.push(idOf(await world.ok('token', 'create', 'BI')))
    ids.push(idOf(await world.ok('client', 'create', 'JDBC', '--role', 'user')))
    store = await world.open()
  })
  afterAll(async () => {
    await store.close()
    await world.end()
  })

  const idOf = (token: number): string => ids[token] ?? ''
  const stored = ({ token, secret, at, count }: Made): Uses => ({
    tokenId: idOf(token),
    digest: `${token} ${secret}`,
    at,
    count,
  })

  async function forgetAll(): Promise<void> {
    for (const table of ['token_use', 'token_use_day']) await world.sql(`delete from ${table}`)
    await world.sql(`update token_idle set since = ${now}`)
  }

  async function record(known: readonly Known[], batch: readonly Made[]): Promise<void> {
    await store.recordUses(batch.map(stored))
    for (const one of batch) {
      const token = known[one.token]
      if (token !== undefined) use(token, one)
    }
    const oldest = Math.max(...batch.map(({ at }) => dayOf(at))) - 90
    for (const { token } of batch) {
      const { days } = known[token] ?? {}
      for (const day of days?.keys() ?? []) if (day <= oldest) days?.delete(day)
    }
  }

  async function listed(unusedSince: number | null): Promise<[string, number | null][]> {
    const found: [string, number | null][] = []
    const filter = { ...EVERYTHING, unusedSince, sort: 'last-used' } as const
    for await (const { id, lastUsedAt } of store.tokens(filter)) found.push([id, lastUsedAt])
    return found
  }

  test('come to what they would one by one', async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (all) => {
        await forgetAll()
        const known = ids.map((): Known => ({ lastUses: new Map(), days: new Map() }))
        for (const batch of all) await record(known, batch)

        for (const [token, { lastUses, days }] of known.entries()) {
          const secrets = [...lastUses].map(([secret, at]) => [`${token} ${secret}`, at])
          expect(Object.fromEntries(await store.lastUses(idOf(token)))).toEqual(Object.fromEntries(secrets))
          const expected = [...days].sort(([a], [b]) => a - b).map(([day, count]) => ({ day, uses: count }))
          expect(await store.usesByDay(idOf(token), 0)).toEqual(expected)
          const since = dayOf(now) - 1
          expect(await store.usesByDay(idOf(token), since)).toEqual(
            expected.filter(({ day }) => day >= since),
          )
        }

        // As lists say it, find it, and order by it.
        const times = known.map(({ lastUses }) => last([...lastUses.values()]))
        const shown = await listed(null)
        expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(ids.map((id, i) => [id, times[i]])))
        const order = shown.map(([, at]) => at ?? -Infinity)
        expect(order).toEqual(order.toSorted((a, b) => a - b))
        for (const since of [now - DAY, now, now + 1, now + DAY]) {
          const unused = ids.filter((_, i) => Math.max(now, times[i] ?? now) < since)
          expect((await listed(since)).map(([id]) => id).sort()).toEqual(unused.toSorted())
          expect(await store.countTokens({ ...EVERYTHING, unusedSince: since })).toBe(unused.length)
        }
        const clients: Record<string, number | null> = {}
        for await (const { name, lastUsedAt } of store.clients({ ...EVERYTHING, status: null })) {
          clients[name] = lastUsedAt
        }
        const ofBI = last(times.slice(0, 2).filter((at) => at !== null))
        expect(clients).toEqual({ BI: ofBI, JDBC: times[2] ?? null })
      }),
      { numRuns: RUNS[engine] },
    )
  })

  test('come out right however many there are of them', async () => {
    await forgetAll()
    const many = Array.from({ length: 600 }, (_, i): Uses => ({
      tokenId: idOf(i % 3),
      digest: `digest ${i}`,
      at: now + i,
      count: i,
    }))
    await store.recordUses(many)
    await store.recordUses(many.toReversed())
    for (const [token, id] of ids.entries()) {
      const its = many.filter(({ tokenId }) => tokenId === id)
      expect(await store.lastUses(id)).toEqual(new Map(its.map(({ digest, at }) => [digest, at])))
      const sum = its.reduce((sum, { count }) => sum + 2 * count, 0)
      expect(await store.usesByDay(id, 0)).toEqual([{ day: dayOf(now), uses: sum }])
      expect((await store.token(id))?.lastUsedAt).toBe(now + 597 + token)
    }
  })

  test('of nothing at all are none', async () => {
    await forgetAll()
    await store.recordUses([])
    expect(await listed(null)).toEqual(expect.arrayContaining(ids.map((id) => [id, null])))
  })
})
