import { expect, test } from '@jest/globals'
import { sharedServer } from './support/postgres.ts'
import { ENGINES, worldOn } from './support/world.ts'

/** As computers sort them, by their lower-case keys. */
const SORTED = ['a-b', 'a.b', 'A1', 'a_b', 'aa', 'AB', 'B', 'b-1', 'ba', 'Z']

test('a database of the tests sorts them otherwise, if nobody tells it not to', async () => {
  const rows = await sharedServer().query(
    'template1',
    'select name from unnest($1::text[]) as name order by name',
    [SORTED],
  )
  expect(rows.map(({ name }) => name)).not.toEqual(SORTED)
})

test.each(ENGINES)('lists are in the order of their bytes on %s', async (engine) => {
  const world = await worldOn(engine)
  await world.makeStore()
  for (const name of SORTED.toReversed()) {
    await world.ok('role', 'create', name, '--allow', 'select:x')
    await world.ok('client', 'create', name, '--role', name)
  }
  const clients = (await world.json('client', 'list')) as { client: string }[]
  expect(clients.map(({ client }) => client)).toEqual(SORTED)
  const tokens = (await world.json('token', 'list')) as { client: string }[]
  expect(tokens.map(({ client }) => client)).toEqual(SORTED)
  const roles = (await world.json('role', 'list')) as { role: string }[]
  expect(roles.map(({ role }) => role).filter((role) => SORTED.includes(role))).toEqual(SORTED)
  await world.end()
})
