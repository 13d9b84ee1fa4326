import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { manyClients } from './support/many-clients.ts'
import { type EngineName, ENGINES, type World, worldOn } from './support/world.ts'

const MANY = 20_000

const NAMES = ['sales', 'zz-9999999', 'in-acme', 'in-etl'] as const
const inList = (noun: string, guess = ''): string => `${guess}tokenctl ${noun} list shows them all`

/** A world with many clients and a few of these names, with the IDs of their tokens. */
async function filled(engine: EngineName) {
  const world = await worldOn(engine)
  await world.makeStore()
  for (const statement of manyClients(MANY, world.now)) await world.sql(statement)
  const ids = new Map<string, string>()
  for (const name of NAMES) {
    ids.set(name, (await world.ok('client', 'create', name, '--role', 'user')).slice(0, 16))
  }
  for (const [name, scope] of Object.entries({ 'in-acme': 'acme', 'in-etl': 'acme/etl' })) {
    await world.sql(`update client set scope = '${scope}' where name = '${name}'`)
  }
  return { world, idOf: (name: (typeof NAMES)[number]) => ids.get(name) ?? '' }
}

type Filled = Awaited<ReturnType<typeof filled>>

const hint = async (world: World, ...argv: string[]): Promise<string | undefined> =>
  /\nhint: (.*)\n$/.exec((await world.run(...argv)).stderr)?.[1]

describe.each(ENGINES)('on %s, what was meant is looked for', (engine) => {
  let there: Filled
  beforeAll(async () => {
    there = await filled(engine)
  })
  afterAll(() => there.world.end())

  test('among a bounded number of names, those first that begin alike', async () => {
    const { world } = there
    expect(await hint(world, 'client', 'show', 'salse')).toBe(inList('client', 'did you mean sales? '))
    expect(await hint(world, 'client', 'show', 'zz-999999x')).toBe(
      inList('client', 'did you mean zz-9999999? '),
    )
    const store = await world.open()
    const names = await store.clientNames({ name: 'Client-9999x', difference: 2 }, { at: 'cluster' })
    await store.close()
    expect(names).toHaveLength(5_000)
    expect(names.every((name) => name.length >= 10 && name.length <= 14)).toBe(true)
  })

  test('by an ID that is cut short or mistyped too', async () => {
    const { world, idOf } = there
    const id = idOf('sales')
    const guess = inList('token', `did you mean ${id}? `)
    const shown = (reference: string): Promise<string | undefined> => hint(world, 'token', 'show', reference)
    expect(await shown(id.slice(0, 9))).toBe(guess)
    expect(await shown(`${id.slice(0, 10)}__${id.slice(12)}`)).toBe(guess)
    expect(await shown('tkc_')).toBe(inList('token'))
    expect(await shown(`${id.slice(0, 9)}\u001b[2J`)).toBe(inList('token'))
  })
})

describe('what was meant is looked for among what the asker may list', () => {
  let there: Filled
  beforeAll(async () => {
    there = await filled('SQLite')
  })
  afterAll(() => there.world.end())

  const NONE = ''
  test.each([
    ['admin', 'cluster', { exactly: NONE, anywhere: 'in-acme' }],
    ['admin', 'acme', { exactly: 'in-acme', anywhere: 'in-acme' }],
    ['auditor', 'acme', { exactly: 'in-acme', anywhere: 'in-acme' }],
    ['auditor', 'acme/etl', { exactly: NONE, anywhere: NONE }],
    ['auditor', 'acme-2', { exactly: NONE, anywhere: NONE }],
    ['user', 'acme', { exactly: NONE, anywhere: NONE }],
  ])('%s at %s', async (role, scope, { exactly, anywhere }) => {
    const { world, idOf } = there
    await world.sql(`update operator_grant set scope = '${scope}',
      role_id = (select id from role where name = '${role}' and deleted_at is null)`)
    const guess = (meant: string): string => (meant === NONE ? '' : `did you mean ${meant}? `)
    const id = idOf('in-acme')
    expect(await hint(world, 'client', 'show', 'in-acne')).toBe(inList('client', guess(exactly)))
    expect(await hint(world, 'token', 'show', id.slice(0, 9))).toBe(
      inList('token', guess(anywhere === NONE ? NONE : id)),
    )
    expect(await hint(world, 'token', 'list', '--client', 'in-acne')).toBe(inList('client', guess(anywhere)))
  })
})
