import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { App } from '../../src/cli/app.ts'
import { existingClient, existingToken } from '../../src/cli/choose.ts'
import type { Stores } from '../../src/core/founding.ts'
import type { ClientFilter, TokenFilter } from '../../src/core/list-filter.ts'
import type { Store } from '../../src/core/store.ts'
import { storesOf } from '../../src/store/stores.ts'
import { manyClients } from '../support/many-clients.ts'
import { ENGINES, type World, worldOn } from '../support/world.ts'

type Filter = Pick<ClientFilter & TokenFilter, 'search' | 'limit'>

describe.each(ENGINES)('ten thousand clients, on %s', (engine) => {
  let world: World
  beforeAll(async () => {
    world = await worldOn(engine)
    world.terminal = true
    await world.makeStore()
    for (const statement of manyClients(10_000, world.now)) await world.sql(statement)
  })
  afterAll(() => world.end())

  /** What the store is asked while somebody chooses. */
  async function asked(choose: (app: App) => Promise<string>, ...answers: string[]) {
    const filters: Filter[] = []
    const rows: number[] = []
    world.answers = answers
    world.shown = []
    const app = new App(world.system(), async () => watched(storesOf(world.system()), filters, rows))
    const chosen = await choose(app)
    await app.close()
    return {
      chosen,
      filters: filters.map(({ search, limit }) => ({ search, limit })),
      rows,
      shown: world.shown,
    }
  }

  test('the list opens with a bounded query, and a search asks the database', async () => {
    const { chosen, filters, rows, shown } = await asked((app) => existingClient(app), '/987', 'Client-9870')
    expect(chosen).toBe('Client-9870')
    expect(filters).toEqual([
      { search: null, limit: 11 },
      { search: null, limit: 101 },
      { search: '987', limit: 101 },
    ])
    expect(rows).toEqual([11, 101, 20])
    expect(shown).toContain('the first 100 of more: type a part of the name')
  })

  test('the tokens likewise, by their IDs too', async () => {
    const { chosen, filters, rows } = await asked(
      (app) => existingToken(app),
      '/TKC_000000009999',
      'tkc_000000009999',
    )
    expect(chosen).toBe('tkc_000000009999')
    expect(filters.map(({ limit }) => limit)).toEqual([11, 101, 101])
    expect(rows.at(-1)).toBe(1)
  })

  test.each(['%', '_', '\u0000', '\u001b[2J', 'x'.repeat(300), "'; drop table client; --"])(
    'what no name has in it finds nothing: %j',
    async (search) => {
      const choosing = asked((app) => existingClient(app), `/${search}`, 'Client-1')
      await expect(choosing).rejects.toThrow('Client-1 is none of the choices: ')
      expect(world.shown).toContain('no client is like that')
    },
  )
})

/** Counts the rows that lists hand out, and writes down what they were asked. */
const watched = (stores: Stores, filters: Filter[], rows: number[]): Stores => ({
  ...stores,
  async open(place) {
    const store = await stores.open(place)
    return store === null ? null : watching(store, filters, rows)
  },
})

function watching(store: Store, filters: Filter[], rows: number[]): Store {
  const counted = async function* <Row>(filter: Filter, list: AsyncIterable<Row>): AsyncGenerator<Row> {
    filters.push(filter)
    rows.push(0)
    for await (const row of list) {
      rows.push((rows.pop() ?? 0) + 1)
      yield row
    }
  }
  return {
    ...store,
    clients: (filter) => counted(filter, store.clients(filter)),
    tokens: (filter) => counted(filter, store.tokens(filter)),
  }
}
