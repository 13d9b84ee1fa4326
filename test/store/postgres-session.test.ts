import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { EVERYTHING } from '../support/list-filters.ts'
import { connectedTo } from '../support/store-contents.ts'
import { type World, worldOn } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await worldOn('PostgreSQL')
  await world.makeStore()
})
afterEach(() => world.end())

const database = (): string => new URL(world.storePath).pathname.slice(1)

describe('whatever the database does by default', () => {
  test('an acknowledged change waits for the disk, and a use does not', async () => {
    await world.sql(`alter database ${database()} set synchronous_commit = off`)
    // What a commit is made with stands in the row that it writes.
    await world.sql(`
      create table seen (what text, value text);
      create function tell() returns trigger language plpgsql as $$
        begin insert into tokenctl.seen values (tg_table_name, current_setting('synchronous_commit')); return null; end $$;
      create trigger tell after insert on audit execute function tell();
      create trigger tell after insert on token_use execute function tell()`)
    await world.verify(await world.ok('client', 'create', 'BI', '--role', 'user'))
    expect((await world.contents()).seen).toEqual([
      { what: 'audit', value: 'on' },
      { what: 'audit', value: 'on' },
      { what: 'token_use', value: 'off' },
    ])
  })

  test.each(['repeatable read', 'serializable'])(
    'under %s, eight at once make eight clients',
    async (level) => {
      await world.sql(`alter database ${database()} set default_transaction_isolation = '${level}'`)
      const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
      const ended = await Promise.all(
        names.map((name) => world.run('client', 'create', name, '--role', 'user')),
      )
      expect(ended.map(({ code }) => code)).toEqual(names.map(() => 0))
    },
  )
})

test('a verification does not wait for whoever is writing', async () => {
  const token = await world.ok('client', 'create', 'BI', '--role', 'user')
  await connectedTo(world.storePath, async (writer) => {
    await writer.query('begin')
    await writer.query('select pg_advisory_xact_lock(1953459043)')
    world.now += 1000
    expect(await world.verify(token)).toBe(0)
    await writer.query('rollback')
  })
  expect(await world.json('token', 'show', 'BI')).toMatchObject({
    lastUsedAt: new Date(world.now).toISOString(),
  })
})

test('a list can be left in the middle, and asked for anew', async () => {
  for (const name of ['a', 'b', 'c']) await world.ok('client', 'create', name, '--role', 'user')
  const store = await world.open()
  const seen: string[] = []
  for await (const { client } of store.tokens(EVERYTHING)) {
    seen.push(client.name)
    if (seen.length === 2) break
  }
  for await (const { client } of store.tokens(EVERYTHING)) seen.push(client.name)
  expect(seen).toEqual(['a', 'b', 'a', 'b', 'c'])
  await store.close()
})
