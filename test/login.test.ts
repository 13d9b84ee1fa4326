import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { login } from '../src/core/login.ts'
import { bcryptAt } from '../src/system/passwords.ts'
import { type Ended, ENGINES, World, worldOn } from './support/world.ts'

const GOOD = 'correct horse battery'
const MINUTE = 60_000

let world: World
afterEach(() => world.end())

/** There is a store, with alice who may see everything. */
async function withAlice(engine: (typeof ENGINES)[number], password = GOOD): Promise<void> {
  world = await worldOn(engine)
  await world.makeStore()
  await create('alice', password)
}

async function create(name: string, password: string): Promise<void> {
  world.stdin = `${password}\n`
  await world.ok('operator', 'create', name, '--role', 'auditor', '--password-stdin')
}

/** @param password with or without a newline */
function logIn(password: string, name = 'alice', ...options: string[]): Promise<Ended> {
  world.stdin = password
  return world.run('login', name, '--password-stdin', ...options)
}

const ENDED = {
  code: 6,
  stdout: '',
  stderr:
    'tokenctl: your session has ended\nhint: tokenctl login begins another; after tokenctl logout you act as yourself\n',
}
const WRONG = { code: 6, stdout: '', stderr: 'tokenctl: wrong name or password\n' }

const files = (): string[] => (existsSync(world.sessionFolder) ? readdirSync(world.sessionFolder) : [])
const sessionFile = (): string => join(world.sessionFolder, files()[0] ?? 'none')

/** In the store, by whom. */
async function sessions(): Promise<readonly unknown[]> {
  return (await world.contents()).session ?? []
}

describe.each(ENGINES)('a session, on %s', (engine) => {
  beforeEach(() => withAlice(engine))

  test('is the one file of that person for that store, their own alone, and only its digest is in the store', async () => {
    expect(await logIn(GOOD)).toMatchObject({ code: 0 })
    expect(files()).toEqual([expect.stringMatching(RegExp(`^session-${world.person.uid}-[0-9a-f]{32}$`))])
    expect(statSync(sessionFile()).mode & 0o777).toBe(0o600)
    expect(statSync(world.sessionFolder).mode & 0o777).toBe(0o700)
    const secret = readFileSync(sessionFile(), 'utf8').trim()
    expect(secret).toMatch(/^tksession_[0-9A-Za-z]{61}$/)
    expect(JSON.stringify(await world.contents())).not.toContain(secret.slice(22))
  })

  test('takes the place of the one before, which is no good any more', async () => {
    await logIn(GOOD)
    const before = readFileSync(sessionFile(), 'utf8')
    const { length } = await sessions()
    await logIn(GOOD)
    expect(await sessions()).toHaveLength(length)
    writeFileSync(sessionFile(), before)
    expect(await world.run('whoami')).toEqual(ENDED)
  })

  test.each([
    ['that is empty', '', 'your session is empty'],
    ['that is a newline', '\n', 'your session is empty'],
    ['with something else in it', 'tkc_nothing\n', 'your session has ended'],
    ['that is long', 'x'.repeat(100_000), 'your session has ended'],
  ])('%s decides: nobody else asks instead', async (_, text, message) => {
    await logIn(GOOD)
    writeFileSync(sessionFile(), text)
    for (const line of [['whoami'], ['client', 'list'], ['client', 'create', 'BI', '--role', 'user']]) {
      const { code, stderr } = await world.run(...line)
      expect({ code, stderr }).toEqual({ code: 6, stderr: expect.stringContaining(`tokenctl: ${message}\n`) })
    }
    expect(await world.run('logout')).toMatchObject({ code: 0, stdout: '' })
    expect(files()).toEqual([])
  })

  test.each([0o640, 0o604, 0o620, 0o666])('of mode %o is refused with what mends it', async (mode) => {
    await logIn(GOOD)
    chmodSync(sessionFile(), mode)
    const { code, stderr } = await world.run('whoami')
    expect(code).toBe(5)
    expect(stderr).toContain(`others can reach ${sessionFile()} (mode ${mode.toString(8)})`)
    expect(stderr).toContain(`chmod 600 ${sessionFile()}`)
    chmodSync(sessionFile(), 0o600)
    expect(await world.run('whoami')).toMatchObject({ code: 0 })
  })

  test('in a folder that others can reach is refused likewise', async () => {
    await logIn(GOOD)
    chmodSync(world.sessionFolder, 0o755)
    const { code, stderr } = await world.run('whoami')
    expect({ code, stderr }).toEqual({
      code: 5,
      stderr: expect.stringContaining(`chmod 700 ${world.sessionFolder}`),
    })
    chmodSync(world.sessionFolder, 0o700)
  })

  test('behind a link is none', async () => {
    await logIn(GOOD)
    const elsewhere = join(world.folder, 'elsewhere')
    const path = sessionFile()
    renameSync(path, elsewhere)
    symlinkSync(elsewhere, path)
    expect(await world.run('whoami')).toMatchObject({ code: 5 })
    expect(await world.run('logout')).toMatchObject({ code: 0 })
    expect(files()).toEqual([])
    expect(existsSync(elsewhere)).toBe(true)
  })

  test('is in that folder, whatever somebody has made of the ID of the store', async () => {
    await world.sql("update store set id = '/../../victim'")
    expect(await logIn(GOOD)).toMatchObject({ code: 0 })
    expect(files().every((name) => /^session-[0-9]+-[\w-]{32,43}$/.test(name))).toBe(true)
    expect(await world.run('whoami')).toMatchObject({ code: 0, stdout: expect.stringContaining('alice') })
  })

  test('of another store is none here', async () => {
    await logIn(GOOD)
    const here = sessionFile()
    const other = await worldOn(engine)
    await other.makeStore()
    other.stdin = `${GOOD}\n`
    await other.ok('operator', 'create', 'alice', '--role', 'admin', '--password-stdin')
    await other.ok('login', 'alice', '--password-stdin')
    const [there = ''] = readdirSync(other.sessionFolder)
    writeFileSync(here, readFileSync(join(other.sessionFolder, there)))
    expect(await world.run('whoami')).toEqual(ENDED)
    await other.end()
  })

  test.each([
    ['session-lifetime', '1h', 'session-idle', 60 * MINUTE, 1],
    ['session-idle', '5m', 'session-lifetime', 5 * MINUTE, 5 * MINUTE],
  ])('lasts as %s says: %s', async (name, value, other, lasts, afterUse) => {
    await world.sql(`insert into setting (name, value) values ('${name}', '${value}'), ('${other}', '7d')`)
    await logIn(GOOD)
    world.now += lasts - 1
    expect(await world.run('client', 'list')).toMatchObject({ code: 0 })
    world.now += afterUse
    expect(await world.run('client', 'list')).toEqual(ENDED)
  })

  test('is not used by what only looks', async () => {
    await logIn(GOOD)
    world.now += 29 * MINUTE
    world.stdin = 'tokenctl client show '
    expect(await world.run('__complete')).toMatchObject({ code: 0 })
    world.now += MINUTE
    expect(await world.run('client', 'list')).toEqual(ENDED)
  })

  test.each([
    ['disabled', "update operator set disabled_at = 1 where name_key = 'alice'"],
    ['deleted', "update operator set deleted_at = 1 where name_key = 'alice'"],
    [
      'without a role',
      "delete from operator_grant where operator_id = (select id from operator where name_key = 'alice')",
    ],
  ])('is no good to who is %s, also where nobody has ended it', async (_, statement) => {
    await logIn(GOOD)
    await world.sql(statement)
    expect(await world.run('client', 'list')).toEqual(ENDED)
  })

  test('that cannot be kept is not begun', async () => {
    const before = await world.contents()
    world.changes = { files: { ...world.system().files, sessionFolder: async () => '/dev/null/tokenctl' } }
    const { code, stdout, stderr } = await logIn(GOOD)
    expect({ code, stdout }).toEqual({ code: 9, stdout: '' })
    expect(stderr).toMatch(
      /^tokenctl: not logged in: the session was not written to .*\nhint: nothing changed\n$/,
    )
    expect(await world.contents()).toEqual(before)
  })

  test('that does not get to its place is ended again', async () => {
    await logIn(GOOD)
    const [, ...kept] = await sessions()
    const { files: real } = world.system()
    const writeSecret: typeof real.writeSecret = (...args) => ({
      ...real.writeSecret(...args),
      commit() {
        throw Object.assign(new Error('EIO: i/o error, rename'), { code: 'EIO' })
      },
    })
    world.changes = { files: { ...real, writeSecret } }
    expect(await logIn(GOOD)).toMatchObject({ code: 9 })
    expect(files()).toHaveLength(1)
    expect((await sessions()).length).toBeLessThanOrEqual(kept.length)
  })
})

describe.each(ENGINES)('a password, on %s', (engine) => {
  const LONG = 'x'.repeat(199)
  test.each([
    ['72 bytes', 'y'.repeat(72), `${'y'.repeat(71)}z`],
    ['73 bytes', 'y'.repeat(73), `${'y'.repeat(72)}z`],
    ['200 bytes', `${LONG}y`, `${LONG}z`],
    ['64 times é', 'é'.repeat(64), `${'é'.repeat(63)}è`],
    ['a newline less', 'correct horse battery', 'correct horse batter'],
  ])(
    'of %s is the same when it is made and when it is given, to its last character',
    async (_, password, other) => {
      await withAlice(engine, password)
      expect(await logIn(other)).toEqual(WRONG)
      expect(await logIn(`${password}x`)).toEqual(WRONG)
      expect(await logIn(`${password}\n`)).toMatchObject({ code: 0 })
      expect(await logIn(password)).toMatchObject({ code: 0 })
      expect(await logIn(`${password}\r\n`)).toMatchObject({ code: 0 })
      expect(await logIn(password.normalize('NFD'))).toMatchObject({ code: 0 })
    },
  )

  test('that was never set lets nobody in, nor does a hash that somebody spoiled', async () => {
    await withAlice(engine)
    for (const hash of ['null', "''", "'-'", "'$2b$99$short'"]) {
      await world.sql(`update operator set password_hash = ${hash} where name_key = 'alice'`)
      await world.sql('delete from login_attempt')
      for (const password of [GOOD, '-', 'x']) expect(await logIn(password)).toEqual(WRONG)
    }
  })

  test('of who is disabled is as good as a wrong one, and so is what has only just been changed', async () => {
    await withAlice(engine)
    const fast = bcryptAt(4)
    world.changes = {
      passwords: {
        ...fast,
        async matches(...asked) {
          const matches = await fast.matches(...asked)
          await world.sql("update operator set password_hash = 'other' where name_key = 'alice'")
          return matches
        },
      },
    }
    expect(await logIn(GOOD)).toEqual(WRONG)
    expect(files().filter((name) => name.startsWith('.'))).toEqual([])
    world.changes = {}
    await world.sql("update operator set disabled_at = 1 where name_key = 'alice'")
    expect(await logIn(GOOD)).toEqual(WRONG)
  })

  test('that was wrong is in the audit, with a name only if it is an operator’s', async () => {
    await withAlice(engine)
    await logIn('wrong')
    await logIn('alice', GOOD)
    const { audit = [] } = await world.contents()
    const denied = (audit as Record<string, unknown>[]).filter(({ outcome }) => outcome === 'denied')
    expect(denied.map(({ action, actor_kind, actor }) => ({ action, actor_kind, actor }))).toEqual([
      { action: 'login', actor_kind: 'nobody', actor: '' },
      { action: 'login', actor_kind: 'nobody', actor: '' },
    ])
    expect(denied.map(({ targets }) => targets)).toEqual(['["alice"]', '[]'])
    expect(JSON.stringify(await world.contents())).not.toContain(GOOD)
  })
})

describe.each(ENGINES)('ten thousand wrong passwords, on %s', (engine) => {
  // Each is a transaction: a database takes its time.
  const TRIES = engine === 'SQLite' ? 10_000 : 1_000

  test.each(['alice', 'somebody'])('for %s', async (name) => {
    await withAlice(engine)
    await create('bob', GOOD)
    let looked = 0
    const said: string[] = []
    const bobs: string[] = []
    let now = world.now
    const passwords = {
      matches: async (password: string, hash: string | null) => {
        looked++
        return password === GOOD && hash !== null
      },
    }
    let store = await world.open()
    const attempt = async (name: string, password: string): Promise<string> => {
      const context = {
        store,
        osUser: world.person,
        now: () => now,
        randomBytes: world.system().randomBytes,
        passwords,
      }
      const keep = () => ({ commit() {}, discard() {} })
      try {
        return (await login(context, { name, password, former: null }, keep)).operator
      } catch (error) {
        return (error as Error).message
      }
    }
    for (let i = 0; i < TRIES; i++) {
      now += 10_000
      said.push(await attempt(name, `wrong ${i}`))
      if (i % (TRIES / 10) === 0) {
        // Over restarts; and others come and go meanwhile.
        await store.close()
        store = await world.open()
        bobs.push(await attempt('bob', GOOD))
        looked--
      }
    }
    // Five, then ever longer waits, of 10 s steps each; and one in fourteen minutes from then on.
    const seconds = TRIES * 10
    expect(bobs).toEqual(Array.from({ length: 10 }, () => 'bob'))
    expect(said.filter((text) => text === 'wrong name or password')).toHaveLength(looked)
    expect(said.filter((text) => THROTTLED.test(text))).toHaveLength(TRIES - looked)
    expect(looked).toBeLessThanOrEqual(5 + 11 + seconds / 840)
    expect(looked).toBeGreaterThan(5 + seconds / 850)
    LOOKED[engine].add(looked)
    expect(LOOKED[engine].size).toBe(1)

    now += 15 * MINUTE
    expect(await attempt(name, GOOD)).toBe(name === 'alice' ? 'alice' : 'wrong name or password')
    await store.close()
    expect(((await world.contents()).login_attempt ?? []).length).toBeLessThanOrEqual(1)
  })
})

const THROTTLED = /^too many failed logins; try again in ([0-9]+ s|([1-9]|1[0-5]) min)$/

/** How many were looked at: as many whether there is such an operator or not. */
const LOOKED = { SQLite: new Set<number>(), PostgreSQL: new Set<number>() }

test('names that nobody tries any more are forgotten after a day', async () => {
  await withAlice('SQLite')
  for (let i = 0; i < 20; i++) await logIn('wrong', `name-${i}`)
  expect((await world.contents()).login_attempt).toHaveLength(20)
  world.now += 24 * 60 * MINUTE + 1
  await logIn('wrong')
  expect((await world.contents()).login_attempt).toHaveLength(1)
})

test.each([
  ['one’s own', 0, 5],
  ['somebody else’s', 1, 0],
])('in a folder that is %s and cannot be entered', async (_, more, code) => {
  world = new World()
  await world.makeStore()
  const { files, effectiveUid } = world.system()
  const closed = (): never => {
    throw Object.assign(new Error('EACCES: permission denied, lstat'), { code: 'EACCES' })
  }
  const isKept = (path: string): boolean => path.startsWith(world.sessionFolder)
  world.changes = {
    files: {
      ...files,
      readOwn: closed,
      linkStatus: (path) => (isKept(path) ? closed() : files.linkStatus(path)),
      status: (path) =>
        isKept(path) ? { kind: 'folder', id: '', uid: effectiveUid + more, mode: 0 } : files.status(path),
    },
  }
  expect((await world.run('whoami')).code).toBe(code)
})
