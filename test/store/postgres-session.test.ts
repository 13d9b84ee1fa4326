import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Query } from '../../src/store/engine.ts'
import { openPostgres } from '../../src/store/postgres.ts'
import { settingsOf } from '../../src/store/postgres-settings.ts'
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

test('what a server has left without an answer is not gone on with by the next write', async () => {
  for (const name of ['a', 'b']) await world.ok('client', 'create', name, '--role', 'user')
  const { holdSignals, now } = world.system()
  const settings = settingsOf(new URL(world.storePath), world.system())
  const engine = await openPostgres(settings, {
    shown: 'here',
    holdSignals,
    now,
    elapsed: () => 0,
    silence: 500,
  })
  const disable = (name: string) => (query: Query) =>
    query.run('update client set disabled_at = 1 where name = ?', name)

  const unanswered = engine.write(async (query) => {
    await disable('a')(query)
    // Longer than it and then a rollback are waited for.
    await query.get('select pg_sleep(1.25)')
  })
  await expect(unanswered).rejects.toMatchObject({ message: 'the store at here does not answer' })
  // Until the server has noticed, it holds the lock.
  await until(() => succeeds(engine.write(disable('b'))))
  await engine.close()
  expect((await world.contents()).client).toMatchObject([
    { name: 'a', disabled_at: null },
    { name: 'b', disabled_at: 1 },
  ])
})

const succeeds = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  )

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await setTimeout(50)
}

test('a store that is broken is not a client that is gone', async () => {
  await world.ok('client', 'create', 'a', '--role', 'user')
  await world.sql('alter table token rename to token_x')
  const { code, stderr } = await world.run('client', 'delete', 'a', '--yes', '--if-exists')
  expect(code).toBe(3)
  expect(stderr).toContain('is not a tokenctl store')
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
