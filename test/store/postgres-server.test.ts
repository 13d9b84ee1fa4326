import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { PostgresServer, sharedServer } from '../support/postgres.ts'

const shared = sharedServer()
const PASSWORD = 'o\'pen "se:same"/%@?'
const noon = Date.UTC(2026, 2, 1, 12) + 123

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  return client
}

/** As the program asks, and as nobody special. */
async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = await connected(url)
  try {
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' })
    return rows.map(([first]) => first)
  } finally {
    await client.end()
  }
}

const time = async (database: string): Promise<number> => {
  const [now] = await ask(
    shared.url(database),
    'select (extract(epoch from clock_timestamp()) * 1000)::bigint',
  )
  return Number(now)
}

describe('a database for one test', () => {
  let one = ''
  let other = ''
  beforeAll(async () => {
    one = await shared.createDatabase()
    other = await shared.createDatabase()
  })
  afterAll(async () => {
    await shared.dropDatabase(one)
    await shared.dropDatabase(other)
  })

  test('is nobody else’s', async () => {
    await ask(shared.url(one), 'create table diary (entry text)')
    const find = "select to_regclass('diary') is not null"
    expect([await ask(shared.url(one), find), await ask(shared.url(other), find)]).toEqual([[true], [false]])
  })

  test('has a clock of its own, which can be set', async () => {
    const before = Date.now()
    expect(await time(one)).toBeGreaterThanOrEqual(before)
    shared.setClock(one, noon)
    expect(await time(one)).toBe(noon)
    expect(await time(other)).toBeGreaterThanOrEqual(before)
    shared.setClock(one, null)
    expect(await time(one)).toBeGreaterThanOrEqual(before)
  })

  test('shows the time that is set also to a transaction that has begun', async () => {
    const client = await connected(shared.url(one))
    await client.query('begin isolation level serializable; select clock_timestamp()')
    shared.setClock(one, noon)
    const { rows } = await client.query('select clock_timestamp() as now')
    await client.end()
    shared.setClock(one, null)
    expect(rows).toEqual([{ now: new Date(noon) }])
  })

  test('does not sort bytewise', async () => {
    const sorted = await ask(
      shared.url(one),
      "select * from (values ('B'), ('a')) as word (text) order by text",
    )
    expect(sorted).toEqual(['a', 'B'])
  })

  test('has an administrator whom nobody else can be', async () => {
    await expect(ask(shared.url(one, 'postgres'), 'select 1')).rejects.toMatchObject({ code: '28000' })
  })

  test('belongs to somebody who may do nothing else', async () => {
    const forbidden = ask(shared.url(one), "select pg_read_file('PG_VERSION')")
    await expect(forbidden).rejects.toMatchObject({ code: '42501' })
  })
})

describe('a server of one’s own', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await PostgresServer.start({ password: PASSWORD, settings: { cluster_name: "somebody's" } })
  })
  afterAll(() => server.remove())

  test('keeps its data when it is killed', async () => {
    const database = await server.createDatabase()
    const url = server.url(database, 'tokenctl', PASSWORD)
    await ask(url, 'create table diary (entry text)')
    await ask(url, "insert into diary values ('today')")
    const client = await connected(url)
    const ending = client.query('select pg_sleep(60)').then(
      () => 'answered',
      () => 'cut',
    )
    await server.kill()
    expect(await ending).toBe('cut')
    await expect(ask(url, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await server.restart()
    expect(await ask(url, 'select entry from diary')).toEqual(['today'])
  })

  test('asks for the password', async () => {
    const url = server.url('postgres', 'tokenctl', 'another')
    await expect(ask(url, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  })

  test('takes settings', async () => {
    expect(await server.query('postgres', 'show cluster_name')).toEqual([{ cluster_name: "somebody's" }])
  })
})
