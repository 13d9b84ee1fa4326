import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import bcrypt from 'bcryptjs'
import { realPasswords } from '../../src/system/passwords.ts'
import { sharedServer } from '../support/postgres.ts'
import { type Ended, type World, worldOn } from '../support/world.ts'

const GOOD = 'correct horse battery'
const server = sharedServer()

let world: World
let database = ''
beforeEach(async () => {
  world = await worldOn('PostgreSQL')
  database = new URL(world.storePath).pathname.slice(1)
})
afterEach(() => world.end())

function init(password = GOOD, ...options: string[]): Promise<Ended> {
  world.stdin = `${password}\n`
  return world.run('init', '--operator', 'alice', '--password-stdin', ...options)
}

const hash = async (): Promise<string> => {
  const { operator } = await world.contents()
  return (operator as { password_hash: string }[])[0]?.password_hash ?? ''
}

describe('the password of the first clusteradmin', () => {
  test.each([
    ['a word too short', 'hunter2'],
    ['nothing', ''],
    ['a text too long', 'hunter2'.repeat(200)],
    ['two lines', 'hunter2-hunter2\nhunter2-hunter2'],
    ['a tab', 'hunter2\thunter2'],
    ['an escape', 'hunter2\u001bhunter2'],
    ['a mark that turns text around', 'hunter2\u202ehunter2'],
    ['eleven emoji', '🔑'.repeat(11)],
  ])('is not %s, which is not repeated, and nothing is made', async (_, password) => {
    for (const form of [[], ['--json'], ['--debug']]) {
      const { code, stdout, stderr } = await init(password, ...form)
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).not.toMatch(/hunter2|🔑/)
    }
    expect(await world.contents()).toEqual({})
  })

  test.each([
    ['twelve characters', 'exactly a 12'],
    ['twelve emoji', '🔑'.repeat(12)],
    ['a thousand and twenty-four', 'ä'.repeat(1024)],
  ])('may be %s', async (_, password) => {
    expect(await init(password)).toMatchObject({ code: 0 })
  })

  test('is kept by bcrypt at cost 12, and nowhere else', async () => {
    world.changes = { passwords: realPasswords }
    await init()
    expect(await hash()).toMatch(/^\$2b\$12\$[./A-Za-z0-9]{53}$/)
    expect(await bcrypt.compare(GOOD, await hash())).toBe(true)
    expect(JSON.stringify(await world.contents())).not.toContain(GOOD)
  })

  test('counts beyond the 72 bytes that bcrypt looks at', async () => {
    const same = 'x'.repeat(72)
    await init(`${same} and one thing`)
    const first = await hash()
    // What bcrypt makes of the text itself, cut.
    expect(await bcrypt.compare(`${same} and another`, first)).toBe(false)
    expect(await bcrypt.compare(same, first)).toBe(false)
  })

  test('is the same however its letters are composed', async () => {
    await init('e\u0301tude in d minor')
    expect(await bcrypt.compare('\u00e9tude in d minor', await hash())).toBe(true)
  })

  test('ends with its line, which may end as on Windows', async () => {
    await init(`${GOOD}\r`)
    expect(await bcrypt.compare(GOOD, await hash())).toBe(true)
  })
})

describe('a schema tokenctl that is there already', () => {
  test.each([
    ['a table', 'create table tokenctl.diary (entry text)'],
    ['a view', 'create view tokenctl.diary as select 1 as entry'],
    [
      'a table of versions',
      "create table tokenctl.schema_version (version text); insert into tokenctl.schema_version values ('1.0')",
    ],
  ])('with somebody else’s things in it is left as it is: %s', async (_, making) => {
    await world.sql(`create schema tokenctl; ${making}`)
    const before = await world.contents()
    for (const line of [
      ['client', 'list'],
      ['init', '--operator', 'alice', '--password-stdin'],
    ]) {
      world.stdin = `${GOOD}\n`
      expect(await world.run(...line)).toEqual({
        code: 3,
        stdout: '',
        stderr: `tokenctl: the schema tokenctl of ${world.storePath} is not a tokenctl store\nhint: name another database with --store\n`,
      })
    }
    expect(await world.contents()).toEqual(before)
  })

  test('made beforehand, for somebody who may not make one, takes the store', async () => {
    await server.query(
      database,
      `alter database ${database} owner to postgres; create schema tokenctl authorization tokenctl`,
    )
    expect(await init()).toMatchObject({ code: 0 })
    expect(await world.run('login', 'alice', '--password-stdin')).toMatchObject({ code: 0 })
    expect(await world.run('whoami')).toMatchObject({ code: 0 })
  })

  test('that one may not look into is one clear line', async () => {
    await server.query(database, 'create schema tokenctl')
    expect(await init()).toEqual({
      code: 8,
      stdout: '',
      stderr:
        "tokenctl: the database's user may not do that: permission denied for schema tokenctl\nhint: its owner can grant it\n",
    })
  })
})

test('somebody who may not make a schema is told so', async () => {
  await server.query(database, `alter database ${database} owner to postgres`)
  expect(await init()).toEqual({
    code: 8,
    stdout: '',
    stderr: `tokenctl: the database's user may not do that: permission denied for database ${database}\nhint: its owner can grant it\n`,
  })
  expect(await world.contents()).toEqual({})
})

test.each(['LATIN1', 'SQL_ASCII'])(
  'a database in %s is refused, and the hint says what will do',
  async (encoding) => {
    const other = `${database}_other`
    await server.query(
      'postgres',
      `create database ${other} owner tokenctl template template0 encoding '${encoding}' locale 'C' locale_provider libc`,
    )
    world.environment.TOKENCTL_STORE = server.url(other)
    const ended = await init()
    expect(await world.contents()).toEqual({})
    await server.dropDatabase(other)
    expect(ended).toEqual({
      code: 8,
      stdout: '',
      stderr:
        'tokenctl: the database is not in UTF-8\nhint: createdb --encoding UTF8 --template template0 …\n',
    })
  },
)

describe('a server that is set up otherwise', () => {
  test.each(['repeatable read', 'serializable'])(
    'a write that waited for another sees what that one did, under %s too',
    async (level) => {
      await world.makeStore()
      await server.query(
        database,
        `alter database ${database} set default_transaction_isolation to '${level}'`,
      )
      const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
      const ended = await Promise.all(
        names.map((name) => world.run('client', 'create', name, '--role', 'user')),
      )
      expect(ended.map(({ code }) => code)).toEqual(names.map(() => 0))
    },
  )

  test('a database that may only be read says so, and verifies', async () => {
    await world.makeStore()
    const token = await world.ok('client', 'create', 'BI', '--role', 'user')
    await server.query(database, `alter database ${database} set default_transaction_read_only to on`)
    const { code, stderr } = await world.run('client', 'disable', 'BI')
    expect(code).toBe(8)
    expect(stderr).toMatch(
      /^tokenctl: the store at [^\n]* cannot be used: cannot execute UPDATE in a read-only transaction\n$/,
    )
    expect(await world.verify(token)).toBe(0)
  })

  test('names are what they are whatever the schemas, encodings and strings that a database prefers', async () => {
    const settings = [
      "search_path to 'nowhere'",
      "client_encoding to 'LATIN1'",
      'standard_conforming_strings to off',
    ]
    for (const setting of settings) await server.query(database, `alter database ${database} set ${setting}`)
    await world.makeStore()
    await world.ok('client', 'create', 'BI', '--role', 'user', '--description', "Grüße \\ 'von' 界")
    expect(await world.json('token', 'show', 'BI')).toMatchObject({ description: "Grüße \\ 'von' 界" })
  })
})
