import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { realFiles } from '../../src/system/files.ts'
import { PostgresServer } from '../support/postgres.ts'
import { type Ended, type World, worldOn } from '../support/world.ts'

const RIGHT = 'o\'pen "se:same"/\\%@?+é'
const WRONG = 'hunter2/%@:?+é'

const ACCESS = `
local all postgres trust
host all postgres 127.0.0.1/32 reject
host all mallory 127.0.0.1/32 reject
host all plain 127.0.0.1/32 password
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256`

let server: PostgresServer
let world: World
/** Without a user and a password. */
let place: URL
beforeAll(async () => {
  server = await PostgresServer.start({ password: RIGHT, files: { 'pg_hba.conf': ACCESS } })
  world = await worldOn('PostgreSQL', server)
  place = new URL(world.storePath)
  world.environment = { TOKENCTL_STORE: by('tokenctl', RIGHT) }
  await world.makeStore()
  await server.query('postgres', `create role plain login password 'another'`)
})
afterAll(() => {
  world.remove()
  return server.remove()
})
beforeEach(() => {
  world.environment = { HOME: world.folder }
  passwords('')
})

function by(user: string, password = ''): string {
  const url = new URL(place)
  url.username = user
  url.password = encodeURIComponent(password)
  return url.href
}

/** What ~/.pgpass holds. */
function passwords(text: string, name = '.pgpass'): string {
  const path = join(world.folder, name)
  writeFileSync(path, text)
  chmodSync(path, 0o600)
  return path
}

const escaped = (password: string): string => password.replace(/[\\:]/g, '\\$&')

/** However it could be written. */
const writings = (password: string): string[] => [
  password,
  encodeURIComponent(password),
  encodeURI(password),
  escaped(password),
  JSON.stringify(password).slice(1, -1),
  ...(['base64', 'hex'] as const).map((form) => Buffer.from(password).toString(form)),
]

/** The ways in which a password comes along. */
const WAYS: Readonly<Record<string, (user: string, password: string) => void>> = {
  'in the URL': (user, password) => {
    world.environment.TOKENCTL_STORE = by(user, password)
  },
  'behind the ? of the URL': (user, password) => {
    world.environment.TOKENCTL_STORE = `${by(user)}?password=${encodeURIComponent(password)}`
  },
  'in PGPASSWORD': (user, password) => {
    Object.assign(world.environment, { TOKENCTL_STORE: by(user), PGPASSWORD: password })
  },
  'in ~/.pgpass': (user, password) => {
    world.environment.TOKENCTL_STORE = by(user)
    passwords(`*:*:*:${user}:${escaped(password)}\n`)
  },
  'in the file that PGPASSFILE names': (user, password) => {
    const PGPASSFILE = passwords(`*:*:*:*:${escaped(password)}\n`, 'elsewhere')
    Object.assign(world.environment, { TOKENCTL_STORE: by(user), PGPASSFILE })
  },
  'in the file that the URL names': (user, password) => {
    const passfile = passwords(`*:*:*:*:${escaped(password)}\n`, 'elsewhere')
    world.environment.TOKENCTL_STORE = `${by(user)}?passfile=${passfile}`
  },
}

const FORMS = [[], ['--json'], ['--debug'], ['--json', '--debug']]

/** In every form, and without the password in any of them. @returns as it is said to people */
async function refused(password: string): Promise<Ended> {
  for (const form of FORMS) {
    for (const line of [['token', 'list'], ['whoami'], ['init', '--operator', 'x', '--password-stdin']]) {
      const { stdout, stderr } = await world.run(...line, ...form)
      expect(writings(password).filter((text) => (stdout + stderr).includes(text))).toEqual([])
    }
  }
  return world.run('token', 'list')
}

const oneLine = (code: number, cause: string, hint?: string): Ended => ({
  code,
  stdout: '',
  stderr: `tokenctl: ${cause}\n${hint === undefined ? '' : `hint: ${hint}\n`}`,
})

const PASSWORDS = 'passwords are looked for in TOKENCTL_STORE, PGPASSWORD and ~/.pgpass'
const at = (user: string): string =>
  `the store at postgres://${user}@127.0.0.1:${server.port}${place.pathname}`

describe.each(Object.entries(WAYS))('a password %s', (way, carry) => {
  const parameters = (): string => (way.includes('that the URL') ? `?passfile=${world.folder}/elsewhere` : '')

  test('lets in', async () => {
    carry('tokenctl', RIGHT)
    expect(await world.run('whoami')).toMatchObject({ code: 0 })
  })

  test('that is wrong does not, and is not repeated', async () => {
    carry('tokenctl', WRONG)
    expect(await refused(WRONG)).toEqual(
      oneLine(
        8,
        `${at('tokenctl')}${parameters()} refused the login: password authentication failed for user "tokenctl"`,
        PASSWORDS,
      ),
    )
  })

  test('does not where the server asks for it in clear, either', async () => {
    carry('plain', WRONG)
    expect(await refused(WRONG)).toEqual(
      oneLine(
        8,
        `${at('plain')}${parameters()} refused the login: password authentication failed for user "plain"`,
        PASSWORDS,
      ),
    )
  })

  test('nor does it for somebody who is not known', async () => {
    carry('nobody', RIGHT)
    expect(await refused(RIGHT)).toMatchObject({ code: 8 })
  })

  test('nor for somebody whom the server lets in from nowhere', async () => {
    carry('mallory', RIGHT)
    const { code, stderr } = await refused(RIGHT)
    expect(code).toBe(8)
    expect(stderr).toMatch(/^tokenctl: [^\n]* refused the login: pg_hba.conf rejects connection [^\n]*\n$/)
  })
})

test('a database that is not there is no store, and the hint says how it is made', async () => {
  const url = new URL(by('tokenctl', RIGHT))
  url.pathname = '/nowhere'
  world.environment.TOKENCTL_STORE = url.href
  expect(await refused(RIGHT)).toEqual(
    oneLine(
      3,
      `no store at postgres://tokenctl@127.0.0.1:${server.port}/nowhere: database "nowhere" does not exist`,
      'createdb makes a database',
    ),
  )
})

test('options that the server does not know are its own words, in one line', async () => {
  world.environment.TOKENCTL_STORE = `${by('tokenctl', RIGHT)}?options=-c%20nonsense=1`
  expect(await refused(RIGHT)).toEqual(
    oneLine(
      8,
      `${at('tokenctl')}?options=-c%20nonsense=1 cannot be used: unrecognized configuration parameter "nonsense"`,
    ),
  )
})

test('without a password it is asked for, in one line', async () => {
  world.environment.TOKENCTL_STORE = by('tokenctl')
  expect(await world.run('token', 'list')).toEqual(
    oneLine(8, `${at('tokenctl')} asks for a password`, PASSWORDS),
  )
})

test('in the URL it comes before PGPASSWORD, and that before ~/.pgpass', async () => {
  WAYS['in ~/.pgpass']?.('tokenctl', WRONG)
  world.environment.PGPASSWORD = RIGHT
  expect(await world.run('whoami')).toMatchObject({ code: 0 })
  Object.assign(world.environment, { PGPASSWORD: WRONG, TOKENCTL_STORE: by('tokenctl', RIGHT) })
  expect(await world.run('whoami')).toMatchObject({ code: 0 })
})

test('a file of passwords that others can read is refused, with the fix, where a password is asked for', async () => {
  WAYS['in ~/.pgpass']?.('tokenctl', RIGHT)
  const path = join(world.folder, '.pgpass')
  for (const mode of [0o640, 0o604, 0o620, 0o610]) {
    chmodSync(path, mode)
    expect(await refused(RIGHT)).toEqual(
      oneLine(8, `others can read the passwords in ${path}`, `chmod 600 ${path}`),
    )
  }
  world.environment.PGPASSWORD = RIGHT
  expect(await world.run('whoami')).toMatchObject({ code: 0 })
})

test('a file of passwords that cannot be read is named', async () => {
  WAYS['in ~/.pgpass']?.('tokenctl', RIGHT)
  const read = (path: string): never => {
    throw Object.assign(new Error(`EACCES: permission denied, open '${path}'`), {
      code: 'EACCES',
      syscall: 'open',
    })
  }
  world.changes = { files: { ...realFiles, read } }
  const ended = await world.run('token', 'list')
  world.changes = {}
  expect(ended).toEqual(oneLine(8, `cannot read ${join(world.folder, '.pgpass')}: permission denied`))
})

test('a folder in the place of ~/.pgpass holds no password', async () => {
  Object.assign(world.environment, { TOKENCTL_STORE: by('tokenctl'), PGPASSFILE: world.folder })
  expect(await world.run('token', 'list')).toMatchObject({
    code: 8,
    stderr: expect.stringContaining('asks for a'),
  })
})

describe('through a Unix socket', () => {
  test.each([
    [
      'a percent-encoded host',
      () => `postgres://tokenctl@${encodeURIComponent(server.folder)}:${server.port}`,
    ],
    ['a folder behind the ?', () => `postgres://tokenctl@:${server.port}`],
  ])('%s', async (_, begin) => {
    const url = begin().replace('@:', '@localhost:')
    world.environment.TOKENCTL_STORE = `${url}${place.pathname}?host=${server.folder}`
    passwords(`localhost:*:*:*:no\n${server.folder}:*:*:*:${escaped(RIGHT)}\n`)
    expect(await world.run('whoami')).toMatchObject({ code: 0 })
  })

  test.each([
    ['a folder without a server', '/tmp', 'cannot be reached: no server listens there'],
    ['a file', '/etc/passwd', 'cannot be reached: not a directory'],
    ['a name that is too long', `/${'x'.repeat(200)}`, 'cannot be reached: '],
  ])('%s is one clear line', async (_, host, reason) => {
    world.environment.TOKENCTL_STORE = `postgres://tokenctl@/${place.pathname.slice(1)}?host=${host}&port=1`
    const { code, stderr } = await world.run('token', 'list')
    expect(code).toBe(8)
    expect(stderr).toMatch(/^tokenctl: [^\n]*\n$/)
    expect(stderr).toContain(reason)
  })
})
