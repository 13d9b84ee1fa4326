import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { databaseAt } from '../../src/core/place.ts'
import type { Engine } from '../../src/store/engine.ts'
import { openPostgres } from '../../src/store/postgres.ts'
import { settingsOf } from '../../src/store/postgres-settings.ts'
import { chainOf } from '../support/audit-chain.ts'
import { PostgresServer } from '../support/postgres.ts'
import { until } from '../support/process.ts'
import { type Ended, type World, worldOn } from '../support/world.ts'

const PASSWORD = 'hunter2-hunter2'

let server: PostgresServer
let world: World
/** The secret of the client BI. */
let first = ''
beforeAll(async () => {
  server = await PostgresServer.start({
    password: PASSWORD,
    settings: { fsync: 'off', max_connections: '6', superuser_reserved_connections: '1' },
  })
})
afterAll(() => server.remove())

beforeEach(async () => {
  await server.restart()
  world = await worldOn('PostgreSQL', server)
  const url = new URL(world.storePath)
  url.password = PASSWORD
  world.environment.TOKENCTL_STORE = url.href
  await world.makeStore()
  first = await world.ok('client', 'create', 'BI', '--role', 'user')
})
afterEach(() => world.remove())

/** Says why in one line, perhaps with a hint, and no more than may be said. */
function expectClear({ stdout, stderr }: Ended): void {
  expect(stderr).toMatch(/^tokenctl: [^\n]+\n(hint: [^\n]+\n)?$/)
  expect(stderr).not.toMatch(/unexpected|undefined|ECONN/)
  expect(stdout + stderr).not.toContain(PASSWORD)
}

async function expectNothingLost(): Promise<void> {
  expect(await world.verify(first)).toBe(0)
  expect(await chainOf(world)).toMatchObject({ isWhole: true })
}

const throwOut = (): Promise<unknown> =>
  server.query(
    'postgres',
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'tokenctl'",
  )

/** What can become of a server, or of a connection. */
const DEEDS: Readonly<Record<string, () => Promise<unknown>>> = {
  'the server is shut down': () => server.stop(),
  'the server is killed': () => server.kill(),
  'the connection is ended by its administrator': throwOut,
}

describe.each(Object.entries(DEEDS))('%s', (_, deed) => {
  const back = async (): Promise<void> => {
    if (deed !== throwOut) await server.restart()
  }

  test('between two statements, and comes back: it is not noticed', async () => {
    const engine = await opened()
    expect(await engine.schemaVersion()).toBeGreaterThan(0)
    await deed()
    await back()
    expect(await engine.schemaVersion()).toBeGreaterThan(0)
    await deed()
    await back()
    expect(await engine.write((query) => query.get('select 1 as one'))).toEqual({ one: 1 })
    await engine.close()
  })

  test('while a transaction is open: it is rolled back, also if the server comes back at once', async () => {
    const engine = await opened()
    const writing = engine.write(async (query) => {
      await query.run('update client set disabled_at = 1')
      await deed()
      await back()
      await query.run('update client set disabled_at = 2')
    })
    await expect(writing).rejects.toMatchObject({ kind: 'unavailable' })
    expect(await engine.all('select disabled_at from client')).toEqual([{ disabled_at: null }])
    expect(await engine.write((query) => query.run('update client set disabled_at = null'))).toBe(1)
    await engine.close()
    await expectNothingLost()
  })

  test('while a list is read: it ends, and says so', async () => {
    const engine = await opened()
    const rows: unknown[] = []
    const reading = async (): Promise<void> => {
      for await (const row of engine.each('select i from generate_series(1, 2000) as i')) {
        if (rows.push(row) === 1) await deed().then(back)
      }
    }
    await expect(reading()).rejects.toMatchObject({ kind: 'unavailable' })
    expect(rows.length).toBeLessThan(2000)
    await engine.close()
  })

  describe('while a secret is on its way', () => {
    function onTheWay(work: () => Promise<unknown>): string[] {
      const taken: string[] = []
      world.stdout = {
        write: async (text) => {
          taken.push(text.trim())
          await work()
        },
      }
      return taken
    }

    afterEach(() => {
      world.stdout = {}
    })

    test.each([
      ['client create', ['client', 'create', 'new', '--role', 'user']],
      ['token regenerate', ['token', 'regenerate', 'BI', '--yes']],
    ])('of %s, and comes back: it is in force', async (_, line) => {
      const taken = onTheWay(() => deed().then(back))
      expect(await world.run(...line)).toMatchObject({ code: 0 })
      world.stdout = {}
      expect(await world.verify(taken[0] ?? '')).toBe(0)
      expect(await world.verify(first)).toBe(line[0] === 'client' ? 0 : 11)
      expect(await chainOf(world)).toMatchObject({ isWhole: true })
    })
  })
})

describe('the server stays down while a secret is on its way', () => {
  test.each([
    ['client create', ['client', 'create', 'new', '--role', 'user']],
    ['token regenerate', ['token', 'regenerate', 'BI', '--yes']],
  ])('of %s: nobody knows, and it works from its first use', async (_, line) => {
    let secret = ''
    world.stdout = {
      write: async (text) => {
        secret = text.trim()
        await server.kill()
      },
    }
    const ended = await world.run(...line)
    expect(ended.code).toBe(21)
    expectClear(ended)
    expect(ended.stderr).toContain('hint: if you hold the secret, it works from its first use')

    world.stdout = {}
    await server.restart()
    expect(await world.verify(first)).toBe(0)
    expect(await world.verify(secret)).toBe(0)
    expect(await world.verify(first)).toBe(line[0] === 'client' ? 0 : 11)
    expect(await chainOf(world)).toMatchObject({ isWhole: true })
  })

  test('nobody may ever have seen it: then the name is free after a minute, and the earlier secret was good all along', async () => {
    for (const line of [
      ['client', 'create', 'new', '--role', 'user'],
      ['token', 'regenerate', 'BI', '--yes'],
    ]) {
      world.stdout = { write: () => server.kill() }
      expect((await world.run(...line)).code).toBe(21)
      world.stdout = {}
      await server.restart()
      expect(await world.run(...line)).toMatchObject({ code: 4 })
      world.now += 61_000
      expect(await world.verify(first)).toBe(0)
      expect(await world.verify(await world.ok(...line))).toBe(0)
    }
  })
})

describe('a command in whose transaction the server goes away changes nothing', () => {
  /** At the moment at which a secret is made; what it begins there is to be waited for later. */
  function inTransaction(deed: () => Promise<void>): () => Promise<void> {
    let done: Promise<void> | undefined
    world.changes = {
      randomBytes: (count) => {
        done ??= deed()
        return randomBytes(count)
      },
    }
    return async () => done
  }

  const pause = (): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)

  /** Nothing else happens here before it is down. */
  function stopAtOnce(): Promise<void> {
    const before = server.log.length
    const done = server.stop()
    while (!server.log.slice(before).includes('database system is shut down')) pause()
    return done
  }

  test.each([
    ['killed', () => server.kill()],
    ['shut down', stopAtOnce],
  ])('%s', async (_, deed) => {
    for (const line of [
      ['client', 'create', 'new', '--role', 'user'],
      ['token', 'regenerate', 'BI', '--yes'],
    ]) {
      const before = await world.contents()
      const done = inTransaction(deed)
      const ended = await world.run(...line)
      expect(ended).toMatchObject({ code: 8, stdout: '' })
      expectClear(ended)
      world.changes = {}
      await done()
      await server.restart()
      expect(await world.contents()).toEqual(before)
      expect(await world.run(...line)).toMatchObject({ code: 0 })
    }
    expect(await chainOf(world)).toMatchObject({ isWhole: true })
  })
})

describe('a server that lets nobody in just now', () => {
  const reason = async (): Promise<string> => {
    const ended = await world.run('token', 'list')
    expect(ended).toMatchObject({ code: 8, stdout: '' })
    expectClear(ended)
    return ended.stderr
  }

  test('as it is down', async () => {
    await server.stop()
    expect(await reason()).toContain('cannot be reached: connection refused')
  })

  test('as it waits for others to go before it shuts down', async () => {
    const staying = new pg.Client({ connectionString: world.storePath })
    staying.on('error', () => {})
    await staying.connect()
    process.kill(Number.parseInt(readFileSync(join(server.folder, 'postmaster.pid'), 'utf8')), 'SIGTERM')
    await until(() => server.log.includes('received smart shutdown request'))
    expect(await reason()).toContain('cannot be reached: the database system is shutting down')
    await staying.end()
    await server.stop()
  })

  test('as too many are there', async () => {
    const others: pg.Client[] = []
    for (let isFull = false; !isFull;) {
      const other = new pg.Client({ connectionString: world.storePath })
      other.on('error', () => {})
      isFull = await other.connect().then(
        () => false,
        () => true,
      )
      if (!isFull) others.push(other)
    }
    expect(await reason()).toMatch(
      /cannot be used: (sorry, too many clients already|remaining connection slots)/,
    )
    for (const other of others) await other.end()
    await expectNothingLost()
  })
})

test('a connection that was closed is not made again', async () => {
  const engine = await opened()
  await engine.close()
  await expect(engine.schemaVersion()).rejects.toThrow()
})

test('a server that has fallen silent is not waited for at the end', async () => {
  const pids: number[] = []
  world.stdout = {
    write: async () => {
      const rows = await server.query(
        'postgres',
        "select pid from pg_stat_activity where application_name = 'tokenctl'",
      )
      pids.push(...rows.map(({ pid }) => Number(pid)))
      for (const pid of pids) process.kill(pid, 'SIGSTOP')
    },
  }
  expect(await world.run('whoami')).toMatchObject({ code: 0 })
  world.stdout = {}
  expect(pids).toHaveLength(1)
  for (const pid of pids) process.kill(pid, 'SIGCONT')
})

function opened(): Promise<Engine> {
  const place = databaseAt('--store', world.storePath)
  if (place.kind !== 'database') throw new Error('no database')
  const options = { shown: 'here', holdSignals: () => () => {}, now: () => world.now, elapsed: () => 0 }
  return openPostgres(settingsOf(place.url, world.system()), options)
}
