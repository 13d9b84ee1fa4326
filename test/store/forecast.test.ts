import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Context } from '../../src/core/change.ts'
import { DUES, type DueName, forecast } from '../../src/core/forecast.ts'
import type { TokenSummary } from '../../src/core/model.ts'
import { CLUSTER, scopeCovers } from '../../src/core/scope.ts'
import type { Store } from '../../src/core/store.ts'
import { EVERYTHING } from '../support/list-filters.ts'
import { filling, rarely, scopes, stores } from '../support/random-stores.ts'
import { ENGINES, World, worldOn } from '../support/world.ts'

const { now } = EVERYTHING
const DAY = 86_400_000

/** A statement on PostgreSQL is a journey: it makes fewer of them. */
const RUNS = { SQLite: 300, PostgreSQL: 30 } as const

const asked = fc.record({
  grants: rarely(fc.array(scopes, { minLength: 1, maxLength: 2 })).map((some) => some ?? [CLUSTER]),
  scope: rarely(scopes),
  role: rarely(fc.constantFrom('user', 'Auditor')),
})

describe.each(ENGINES)('on %s, a forecast', (engine) => {
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

  test('counts what a list shows, one by one', async () => {
    await fc.assert(
      fc.asyncProperty(stores, asked, async (made, { grants, scope, role }) => {
        await world.sql(filling(made))
        const all: TokenSummary[] = []
        for await (const token of store.tokens(EVERYTHING)) all.push(token)
        const seen = all.filter(
          ({ client }) =>
            grants.some((grant) => scopeCovers(grant, client.scope)) &&
            (scope === null || scopeCovers(scope, client.scope)) &&
            (role === null || role.toLowerCase() === client.role),
        )
        const { tokens, weeks, due, from, until } = await forecast(contextFor(store, grants, scope), { role })
        expect({ tokens, from, until }).toEqual({ tokens: seen.length, from: now, until: now + 90 * DAY })
        for (const week of weeks) {
          const ending = seen.filter((token) => endsBetween(token, Math.max(now + 1, week.from), week.until))
          expect(week.tokens).toBe(ending.length)
        }
        for (const name of DUES) {
          const those = seen.filter(IS_DUE[name])
          expect(due[name].tokens).toBe(those.length)
          expect(due[name].first.map(({ id }) => id).sort()).toEqual(idsOf(those).slice(0, 20))
        }
      }),
      { numRuns: RUNS[engine] },
    )
  })
})

describe('of very many', () => {
  test('the first twenty of each kind are named, the most urgent first', async () => {
    const world = new World()
    await world.ok('init')
    for (let i = 30; i > 0; i--) await world.sql(tokenThatEndsIn(i))
    const { weeks, expiring } = (await world.json('token', 'forecast')) as {
      weeks: unknown[]
      expiring: { tokens: number; first: { id: string }[] }
    }
    expect(weeks[0]).toEqual({
      from: '2026-03-01T12:00:00.000Z',
      until: '2026-03-07T23:59:59.999Z',
      tokens: 30,
    })
    expect(expiring.tokens).toBe(30)
    expect(expiring.first.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, i) => `tkc_${i + 1}`))
    world.remove()
  })
})

const tokenThatEndsIn = (hours: number): string => `
  insert into client (id, name, name_key, scope, role_id, created_at, created_by)
    values (${hours}, 'c${hours}', 'c${hours}', 'cluster', 3, 0, 'x');
  insert into token (id, client_id, created_at, created_by, activated_at)
    values ('tkc_${hours}', ${hours}, 0, 'x', 0);
  insert into token_idle (token_id, since) values ('tkc_${hours}', 0);
  insert into secret (digest, token_id, state, made_at, made_by, expires_at, activated_at)
    values ('${hours}', 'tkc_${hours}', 'current', 0, 'x', ${now + hours * 3_600_000}, 0)`

const IS_DUE: Readonly<Record<DueName, (token: TokenSummary) => boolean>> = {
  expiring: (token) => endsBetween(token, now + 1, now + 14 * DAY),
  neverExpiring: ({ current }) => current !== null && current.expiresAt === null,
  unused: ({ createdAt, lastUsedAt }) => Math.max(createdAt, lastUsedAt ?? 0) < now - 90 * DAY,
  neverUsed: ({ lastUsedAt }) => lastUsedAt === null,
}

function endsBetween({ current }: TokenSummary, from: number, until: number): boolean {
  const end = current?.expiresAt ?? null
  return end !== null && from <= end && end <= until
}

const idsOf = (tokens: readonly TokenSummary[]): string[] => tokens.map(({ id }) => id).sort()

/** For somebody who may forecast there, and nothing else. */
function contextFor(store: Store, scopes: readonly string[], scope: string | null): Context {
  const grants = scopes.map((scope) => ({ role: 'x', patterns: ['forecast:tokenctl/token'], scope }))
  const actor = { name: 'tester', grants, operatorId: 1, token: null }
  return {
    store,
    actor,
    now: () => now,
    osUser: { uid: 0, name: null },
    authenticate: async () => actor,
    randomBytes: (count) => Buffer.alloc(count),
    scope,
    uidsWithin: 'any',
  }
}
