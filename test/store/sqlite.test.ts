import { chmodSync, chownSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openSqlite } from '../../src/store/sqlite.ts'
import { storeContents } from '../support/store-contents.ts'
import { World } from '../support/world.ts'

const isRoot = process.geteuid?.() === 0

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => {
  world.remove()
})

describe('a store is its owner’s alone', () => {
  test('from its first instant, whatever is made beside it', async () => {
    await world.ok('client', 'create', 'BI', '--role', 'user')
    const reader = new Database(world.storePath) // holds it open, so that the log is there to be seen
    reader.prepare('select 1 from client').get()
    await world.ok('client', 'disable', 'BI')
    const modes = ['', '-wal', '-shm'].map((suffix) => statSync(world.storePath + suffix).mode & 0o777)
    reader.close()
    expect(modes).toEqual([0o600, 0o600, 0o600])
    expect(statSync(dirname(world.storePath)).mode & 0o777).toBe(0o700)
  })

  test.each([
    ['a file that others can read', (path: string) => chmodSync(path, 0o640), 'chmod 600'],
    ['a folder that others can enter', (path: string) => chmodSync(dirname(path), 0o755), 'chmod 700'],
  ])('%s is refused, with the fix', async (_, loosen, fix) => {
    await world.ok('client', 'create', 'BI', '--role', 'user')
    loosen(world.storePath)
    const { code, stderr } = await world.run('client', 'list')
    expect(code).toBe(5)
    expect(stderr).toContain(`${fix} ${dirname(world.storePath)}`)
  })

  test('so is another’s', async () => {
    await world.ok('client', 'create', 'BI', '--role', 'user')
    if (isRoot) chownSync(world.storePath, 4321, 4321)
    else world.changes = { effectiveUid: 4321 }
    expect((await world.run('client', 'list')).code).toBe(5)
    expect(await world.verify('tkc_nothing')).toBe(5)
  })

  test.each([
    ['text', (path: string) => writeFileSync(path, 'dear diary\n'.repeat(100))],
    [
      'somebody else’s database',
      (path: string) => new Database(path).exec('create table diary (entry)').close(),
    ],
    ['a folder', (path: string) => mkdirSync(path)],
  ])('what is no store is left as it is: %s', async (_, make) => {
    mkdirSync(dirname(world.storePath), { mode: 0o700 })
    make(world.storePath)
    if (statSync(world.storePath).isFile()) chmodSync(world.storePath, 0o600)
    const before = bytes(world.storePath)
    for (const argv of [['client', 'list'], ['client', 'create', 'BI', '--role', 'user'], ['init']]) {
      const { code, stderr } = await world.run(...argv)
      expect({ argv, code }).toEqual({ argv, code: 3 })
      expect(stderr).toContain(`what is at ${world.storePath} is not a tokenctl store`)
    }
    expect(bytes(world.storePath)).toEqual(before)
  })

  test('a folder that cannot be made is one clear line', async () => {
    writeFileSync(join(world.folder, 'data'), 'in the way')
    expect(await world.run('client', 'create', 'BI', '--role', 'user')).toEqual({
      code: 8,
      stdout: '',
      stderr: `tokenctl: the store at ${world.storePath} cannot be reached: not a directory\n`,
    })
  })

  test('what a killed first run left behind is nothing yet', async () => {
    mkdirSync(dirname(world.storePath), { mode: 0o700 })
    writeFileSync(world.storePath, '', { mode: 0o600 })
    expect((await world.run('client', 'list')).code).toBe(3)
    expect(bytes(world.storePath)).toHaveLength(0)
    expect((await world.run('client', 'create', 'BI', '--role', 'user')).code).toBe(0)
  })
})

describe('a store that is busy', () => {
  test('is waited for, and then said to be so', async () => {
    await world.ok('client', 'create', 'BI', '--role', 'user')
    const other = new Database(world.storePath)
    other.exec('begin immediate')
    expect(await world.run('client', 'disable', 'BI')).toEqual({
      code: 8,
      stdout: '',
      stderr: 'tokenctl: the store is busy\nhint: somebody else is writing to it: try again\n',
    })
    other.exec('rollback')
    other.close()
  })

  test('changes no verdict: the use is not recorded, and that is all', async () => {
    const token = await world.ok('client', 'create', 'BI', '--role', 'user')
    const other = new Database(world.storePath)
    other.exec('begin immediate')
    const code = await world.verify(token)
    other.exec('rollback')
    other.close()
    expect(code).toBe(0)
    expect(storeContents(world.storePath).token_use).toEqual([])
    expect(await world.verify(token)).toBe(0)
    expect(storeContents(world.storePath).token_use).toHaveLength(1)
  })
})

test('a store whose journal somebody changed goes back to the write-ahead log', async () => {
  await world.ok('client', 'create', 'BI', '--role', 'user')
  const database = new Database(world.storePath)
  database.pragma('journal_mode = DELETE')
  database.close()
  await world.ok('client', 'list')
  const again = new Database(world.storePath)
  expect(again.pragma('journal_mode', { simple: true })).toBe('wal')
  again.close()
})

describe('the record of uses', () => {
  test('goes forward only: by secret when it was last used, by day how often', async () => {
    const token = await world.ok('client', 'create', 'BI', '--role', 'user')
    const noon = world.now
    for (const minutes of [5, 3, 24 * 60]) {
      world.now = noon + minutes * 60_000
      await world.verify(token)
    }
    world.now = noon + 60_000
    await world.verify(token)
    const { token_use: uses, token_use_day: days } = storeContents(world.storePath)
    expect(uses).toMatchObject([{ last_used_at: noon + 24 * 60 * 60_000 }])
    expect((days as { uses: number }[]).map((day) => day.uses)).toEqual([3, 1])
  })
})

describe('the one connection', () => {
  test('keeps a statement out of another’s transaction, and its writes in turn', async () => {
    await world.ok('client', 'create', 'BI', '--role', 'user')
    const engine = openSqlite(world.storePath, {
      holdSignals: () => () => {},
      now: () => 0,
      elapsed: () => 0,
      fileId: () => null,
    })
    const disabled = 'select count(*) as n from client where disabled_at is not null'
    let seenInside: unknown
    const failing = engine.write(async (query) => {
      await query.run('update client set disabled_at = 1')
      await new Promise((resolve) => setImmediate(resolve))
      seenInside = await query.get(disabled)
      throw new Error('changed my mind')
    })
    const read = engine.get(disabled)
    const later = engine.write((query) => query.get(disabled))

    await expect(failing).rejects.toThrow('changed my mind')
    expect(seenInside).toEqual({ n: 1 })
    expect(await read).toEqual({ n: 0 })
    expect(await later).toEqual({ n: 0 })
    await engine.close()
  })

  test('lets signals through again after a write that changed nothing, and not after one that did', async () => {
    await world.ok('client', 'create', 'BI', '--role', 'user')
    let holds = 0
    const holdSignals = () => {
      holds++
      return () => {
        holds--
      }
    }
    const engine = openSqlite(world.storePath, {
      holdSignals,
      now: () => 0,
      elapsed: () => 0,
      fileId: () => null,
    })
    await expect(engine.write(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(holds).toBe(0)
    await engine.write((query) => query.run('update generation set value = value'))
    expect(holds).toBe(1)
    await engine.close()
  })

  test('is set so that an acknowledged change survives a power cut', async () => {
    await world.ok('client', 'create', 'BI', '--role', 'user')
    const engine = openSqlite(world.storePath, {
      holdSignals: () => () => {},
      now: () => 0,
      elapsed: () => 0,
      fileId: () => null,
    })
    const settings = [
      'synchronous',
      'secure_delete',
      'foreign_keys',
      'trusted_schema',
      'temp_store',
      'journal_mode',
    ]
    const values = await Promise.all(settings.map((name) => engine.get(`pragma ${name}`)))
    await engine.close()
    expect(values.map((row) => Object.values(row as object)[0] as unknown)).toEqual([2, 1, 1, 0, 2, 'wal'])
  })
})

const bytes = (path: string): Buffer | null => (statSync(path).isFile() ? readFileSync(path) : null)
