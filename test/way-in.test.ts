import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sessionName } from '../src/cli/session-file.ts'
import { attempt } from './support/attempt.ts'
import { COMMAND_LINES } from './support/command-lines.ts'
import { type EngineName, ENGINES, PASSWORD, World, worldOn } from './support/world.ts'

// Attempts to be somebody whom one is not: by what is no good any more, by falling back, by being the first.

const idOf = (secret: string): string => secret.slice(0, 16)

/** What nobody is asked for. */
const FREE = [
  'login',
  'logout',
  'token verify',
  'serve',
  'completion bash',
  'completion zsh',
  'completion fish',
]
const LINES = Object.entries(COMMAND_LINES).filter(([command]) => !FREE.includes(command))

interface Prepared {
  readonly world: World
  /** By what is wrong with them. */
  readonly bad: Readonly<Record<Bad, string>>
  /** Of a session that has not ended. */
  readonly session: string
}

const BAD = [
  ...[
    'empty',
    'a newline',
    'a space',
    'malformed',
    'misspelt',
    'disabled',
    'of a disabled client',
    'deleted',
  ],
  ...['replaced', 'expired', 'of another store', 'of another prefix', "a session's secret", 'an ID alone'],
  ...['two tokens', 'a good one behind a space'],
] as const
type Bad = (typeof BAD)[number]

async function prepared(engine: EngineName): Promise<Prepared> {
  const world = await worldOn(engine)
  await world.makeStore()
  await world.ok('org', 'create', 'acme')
  await world.ok('group', 'create', 'acme/etl')
  await world.ok('role', 'create', 'analyst', '--allow', 'select:sales.*')
  await world.ok('client', 'create', 'BI', '--role', 'analyst')
  world.stdin = `${PASSWORD}\n`
  await world.ok('operator', 'create', 'alice', '--role', 'admin', '--password-stdin')
  const admin = (name: string, ...options: string[]): Promise<string> =>
    world.ok('client', 'create', name, '--role', 'admin', ...options)
  const good = await admin('Good')
  const disabled = await admin('A')
  await world.ok('token', 'disable', 'A')
  const switchedOff = await admin('B')
  await world.ok('client', 'disable', 'B')
  const deleted = await admin('C')
  await world.ok('client', 'delete', 'C', '--yes')
  const replaced = await admin('D')
  await world.ok('token', 'regenerate', 'D', '--yes')
  const expired = await admin('E', '--expires', '1m')
  world.now += 61_000
  const session = await sessionOf(world)
  const bad = {
    empty: '',
    'a newline': '\n',
    'a space': ' ',
    malformed: 'tkc_nothing',
    misspelt: `${good.slice(0, -1)}${good.endsWith('0') ? '1' : '0'}`,
    disabled,
    'of a disabled client': switchedOff,
    deleted,
    replaced,
    expired,
    'of another store': await tokenOf('tkc'),
    'of another prefix': await tokenOf('acme'),
    "a session's secret": session,
    'an ID alone': idOf(good),
    'two tokens': `${good}\n${good}`,
    'a good one behind a space': ` ${good}`,
  }
  return { world, bad, session }
}

/** Of a store of its own, with that prefix. */
async function tokenOf(prefix: string): Promise<string> {
  const world = new World()
  await world.ok('init', '--token-prefix', prefix)
  const token = await world.ok('client', 'create', 'Good', '--role', 'admin')
  world.remove()
  return token
}

const sessionFile = (world: World): string => {
  const [name = 'none'] = existsSync(world.sessionFolder) ? readdirSync(world.sessionFolder) : []
  return join(world.sessionFolder, name)
}

/** That alice has begun by logging in; she is not logged in any more. */
async function sessionOf(world: World): Promise<string> {
  world.stdin = `${PASSWORD}\n`
  await world.ok('login', 'alice', '--password-stdin')
  const file = sessionFile(world)
  const secret = readFileSync(file, 'utf8').trim()
  rmSync(file)
  await world.logIn()
  return secret
}

describe.each(ENGINES)('what is no good, on %s', (engine) => {
  let template: Prepared
  let world: World
  beforeAll(async () => {
    template = await prepared(engine)
  })
  afterAll(() => template.world.end())
  beforeEach(async () => {
    world = await template.world.copy()
    world.stdin = `${PASSWORD}\n`
  })
  afterEach(() => world.end())

  async function expectNobody(): Promise<void> {
    for (const [, line] of LINES) {
      const ended = await attempt(world, ...line.split(' '))
      expect({ line, ...ended }).toMatchObject({ line, code: 6, stdout: '', said: [] })
    }
  }

  test('without it they would be let in', async () => {
    expect((await world.run('whoami')).code).toBe(0)
  })

  // All of them on the one engine; the other judges by the same code.
  const tried = engine === 'SQLite' ? BAD : BAD.filter((what) => /empty|expired/.test(what))
  test.each(tried)('as TOKENCTL_TOKEN: %s', async (what) => {
    world.environment.TOKENCTL_TOKEN = template.bad[what]
    await expect(expectNobody()).resolves.toBeUndefined()
  })

  test.each(tried)('in the file of --token-file, whatever TOKENCTL_TOKEN is: %s', async (what) => {
    const file = join(world.folder, 'token')
    writeFileSync(file, template.bad[what], { mode: 0o600 })
    world.environment.TOKENCTL_TOKEN = await world.ok('client', 'create', 'Well', '--role', 'admin')
    for (const [, line] of LINES) {
      const ended = await attempt(world, ...line.split(' '), '--token-file', file)
      expect({ line, ...ended }).toMatchObject({ line, code: 6, stdout: '', said: [] })
    }
    const gone = await attempt(world, 'whoami', '--token-file', `${file}.gone`)
    expect(gone).toMatchObject({ code: 6, stdout: '', said: [] })
  })

  /** Puts that in the place of the session of whoever asks. */
  async function withSession(text: string): Promise<void> {
    const store = await world.open()
    const { id } = await store.identity()
    await store.close()
    mkdirSync(world.sessionFolder, { recursive: true, mode: 0o700 })
    writeFileSync(join(world.sessionFolder, sessionName(world.person.uid, id)), text, { mode: 0o600 })
  }
  /** `init` and the making of a store look at no session: there is none without a store. */
  async function expectNoSession(): Promise<void> {
    for (const [command, line] of LINES) {
      if (command === 'init') continue
      const ended = await attempt(world, ...line.split(' '))
      expect({ line, ...ended }).toMatchObject({ line, code: 6, stdout: '', said: [] })
    }
  }

  const SESSIONS = [...tried.filter((what) => what !== "a session's secret"), 'a good token'] as const
  test.each(SESSIONS)('in the file of the session: %s', async (what) => {
    const good = await world.ok('client', 'create', 'Well', '--role', 'admin')
    await withSession(what === 'a good token' ? good : template.bad[what])
    await expect(expectNoSession()).resolves.toBeUndefined()
  })

  const ENDED: readonly (readonly [how: string, ...deeds: string[]])[] = [
    ['disabled', 'operator disable alice'],
    ['disabled and enabled again', 'operator disable alice', 'operator enable alice'],
    ['deleted', 'operator delete alice --yes'],
    [
      'deleted and made anew',
      'operator delete alice --yes',
      'operator create alice --role admin --password-stdin',
    ],
    ['given another password', 'operator passwd alice --password-stdin'],
  ]
  test.each(ENDED.map(([how, ...deeds]) => [how, deeds] as const))(
    'a session of an operator who was %s',
    async (_, deeds) => {
      await withSession(template.session)
      expect(await world.ok('whoami')).toMatch(/alice/)
      rmSync(sessionFile(world))
      await world.logIn()
      for (const deed of deeds) await world.ok(...deed.split(' '))
      await withSession(template.session)
      await expect(expectNoSession()).resolves.toBeUndefined()
    },
  )

  test('a session of another store, under this one’s name', async () => {
    const other = new World()
    await other.makeStore()
    other.stdin = `${PASSWORD}\n`
    await other.ok('operator', 'create', 'alice', '--role', 'admin', '--password-stdin')
    await withSession(await sessionOf(other))
    other.remove()
    await expect(expectNoSession()).resolves.toBeUndefined()
  })
})

describe('a second first', () => {
  let world: World
  beforeEach(async () => {
    world = new World()
  })
  afterEach(() => world.remove())

  const MALLORY = { uid: 4321, name: 'mallory' }
  const admins = async (): Promise<unknown> =>
    (await world.contents()).operator?.map((row) => (row as { name: string }).name)

  test.each([
    ['by the same person', {}, ['init']],
    ['by somebody else', { person: MALLORY }, ['init']],
    ['by name', { person: MALLORY }, ['init', '--store', '{store}']],
    ['with a name for themself', { person: MALLORY }, ['init', '--token-prefix', 'mine']],
  ])('init %s makes no clusteradmin of a store that is there', async (_, changed, argv) => {
    await world.ok('init')
    Object.assign(world, changed)
    const ended = await attempt(world, ...argv.map((word) => word.replace('{store}', world.storePath)))
    expect(ended.code).toBe(argv.includes('--store') && 'person' in changed ? 5 : 4)
    expect(ended.said).toEqual([])
    expect(await admins()).toEqual(['tester'])
  })

  const LOST: readonly (readonly [how: string, lose: (path: string) => void])[] = [
    ['deleted', (path) => rmSync(path)],
    ['emptied', (path) => truncateSync(path, 0)],
  ]
  describe.each(LOST)('where the store was %s', (_, lose) => {
    let token: string
    let session: string
    beforeEach(async () => {
      token = await world.ok('client', 'create', 'Good', '--role', 'admin')
      world.stdin = `${PASSWORD}\n`
      await world.ok('operator', 'create', 'alice', '--role', 'admin', '--password-stdin')
      session = await sessionOf(world)
      lose(world.storePath)
    })
    const isLost = (): boolean => !existsSync(world.storePath) || readFileSync(world.storePath).length === 0

    test('no token makes another', async () => {
      world.environment.TOKENCTL_TOKEN = token
      for (const argv of [world.initLine, ['client', 'create', 'X', '--role', 'user']]) {
        expect(await world.run(...argv)).toMatchObject({ code: 6, stdout: '' })
      }
      world.stdin = token
      for (const argv of [['token', 'verify'], ['whoami'], ['operator', 'enable', 'alice']]) {
        expect(await world.run(...argv)).toMatchObject({ code: 3, stdout: '' })
      }
      expect(isLost()).toBe(true)
    })

    test('nor does a client create in the name of somebody else', async () => {
      world.person = MALLORY
      expect(await world.run('client', 'create', 'X', '--role', 'user')).toMatchObject({
        code: 5,
        stdout: '',
      })
      expect(isLost()).toBe(true)
    })

    test('what was good for it is good for nothing in one that is made in its place', async () => {
      await world.ok('init')
      expect(await world.verify(token)).toBe(11)
      world.environment.TOKENCTL_TOKEN = token
      expect(await world.run('client', 'list')).toMatchObject({ code: 6, stdout: '' })
      delete world.environment.TOKENCTL_TOKEN
      const store = await world.open()
      const { id } = await store.identity()
      await store.close()
      mkdirSync(world.sessionFolder, { recursive: true, mode: 0o700 })
      writeFileSync(join(world.sessionFolder, sessionName(world.person.uid, id)), session, { mode: 0o600 })
      expect(await world.run('client', 'list')).toMatchObject({ code: 6, stdout: '' })
    })
  })

  test('a store that somebody names in another’s name is not looked at', async () => {
    await world.ok('init')
    world.person = MALLORY
    world.environment.TOKENCTL_STORE = join(world.folder, 'mine.db')
    for (const argv of [['init'], ['client', 'create', 'X', '--role', 'user'], ['whoami']]) {
      expect((await world.run(...argv)).code).toBe(5)
    }
    expect(existsSync(join(world.folder, 'mine.db'))).toBe(false)
  })
})
