import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { databaseAt } from '../../src/core/place.ts'
import { migrations } from '../../src/store/migrations/index.ts'
import { openPostgres } from '../../src/store/postgres.ts'
import { settingsOf } from '../../src/store/postgres-settings.ts'
import { chainOf } from '../support/audit-chain.ts'
import { Racers } from '../support/racers.ts'
import type { StoreContents } from '../support/store-contents.ts'
import { type EngineName, ENGINES, type World, worldOn } from '../support/world.ts'

/** SHA-256 of each migration as it was released. A new migration adds a line; a line never changes. */
const RELEASED: readonly string[] = [
  'ddaed9cd95eca7df74f596f72baf89743300fb43f9be45d7bf5d329f38410adf',
  '09c6a44fd6d33618e933a5e38975ec05676e86f65d3346278d6fc9463ccb1e36',
  '2782fb71c309bf881894781b1a78062894374b536542ed601e5f41a1aaac6aef',
  '78caea261da515fee42be71eb405f860f97e5378da73cc5fe70d7754ef3d09ff',
]

type Row = Readonly<Record<string, unknown>>

/** By table, the columns that came with later migrations, and what they hold in a row that was there before. */
const FILLED: Readonly<Record<string, (row: Row, before: StoreContents) => Row>> = {
  secret: (row) => ({ until_used: 0, ...row }),
  operator: (row) => ({ password_hash: null, created_by: null, ...row }),
  token: ({ id }, { secret = [] }) => ({ activated_at: firstActivation(secret as Row[], id) }),
}

function firstActivation(secrets: readonly Row[], id: unknown): number | null {
  const times = secrets
    .filter(({ token_id, activated_at }) => token_id === id && activated_at !== null)
    .map(({ activated_at }) => activated_at as number)
  return times.length === 0 ? null : Math.min(...times)
}

const dumps = join(import.meta.dirname, 'dumps')

test('a released migration is never edited', () => {
  const fingerprints = migrations.map((sql) => createHash('sha256').update(sql).digest('hex'))
  expect(fingerprints).toEqual(RELEASED)
})

describe.each(ENGINES)('on %s, a store that somebody made opens in every later version', (engine) => {
  let world: World
  beforeEach(async () => {
    world = await worldOn(engine)
  })
  afterEach(() => world.end())

  describe.each(readdirSync(dumps))('%s', (name) => {
    const dump = readFileSync(join(dumps, name), 'utf8')
    const token = /^-- token: (.*)$/m.exec(dump)?.[1] ?? ''
    beforeEach(() => load(engine, world, dump))

    test('its token works, its audit goes on', async () => {
      const { entries } = await chainOf(world)
      expect(await world.verify(token)).toBe(0)
      await world.logIn()
      expect(await world.ok('client', 'disable', 'BI', '--force')).toBe('disabled client BI')
      expect(await world.verify(token)).toBe(13)
      expect(await world.json('store', 'info')).toMatchObject({ schemaVersion: migrations.length })
      const after = await chainOf(world)
      expect(after.isWhole).toBe(true)
      expect(after.entries.slice(0, -1)).toEqual(entries)
    })

    test('completion only looks: it leaves it as it is', async () => {
      const before = await world.contents()
      world.stdin = 'tokenctl client show '
      expect(await world.run('__complete')).toMatchObject({ code: 0, stderr: '' })
      expect(await world.contents()).toEqual(before)
    })

    test('every row is still there, and its new columns are filled', async () => {
      const before = await world.contents()
      expect(await world.verify('tkc_nothing')).toBe(10)
      const after = await world.contents()
      for (const [table, rows] of Object.entries(before)) {
        if (table === 'schema_version') continue
        expect(rows.length).toBeGreaterThan(0)
        const filled = (rows as Row[]).map((row) => ({ ...row, ...FILLED[table]?.(row, before) }))
        expect({ table, rows: sorted(after[table] ?? []) }).toEqual({ table, rows: sorted(filled) })
      }
    })

    test('six that come at once bring it up to date, once', async () => {
      const racers = new Racers(6, world.racerEnvironment)
      // At a place where there is none: this store is to be opened by all of them together.
      await racers.warm(['client', 'list', '--store', `${world.storePath}x`])
      const ended = await racers.together(
        Array.from({ length: 6 }, () => ['token', 'verify']),
        'tkc_nothing',
      )
      racers.end()
      expect(ended.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
        ended.map(() => ({ code: 10, stderr: '' })),
      )
      await world.logIn()
      expect(await world.json('store', 'info')).toMatchObject({ schemaVersion: migrations.length })
      expect(await chainOf(world)).toMatchObject({ isWhole: true })
    })
  })

  test('a store of a newer version is refused, unchanged', async () => {
    await world.makeStore()
    await world.ok('client', 'create', 'BI', '--role', 'user')
    const newer = migrations.length + 1
    await world.sql(
      engine === 'SQLite' ? `pragma user_version = ${newer}` : `update schema_version set version = ${newer}`,
    )
    const before = await world.contents()

    for (const line of [['client', 'disable', 'BI'], ['client', 'list'], world.initLine]) {
      world.stdin = 'correct horse battery\n'
      const { code, stderr } = await world.run(...line)
      expect(code).toBe(8)
      expect(stderr).toContain(`was made by a newer tokenctl (schema ${newer}`)
    }
    expect(await world.verify('tkc_nothing')).toBe(8)
    expect(await world.contents()).toEqual(before)
  })
})

const sorted = (rows: readonly unknown[]): string[] =>
  rows.map((row) => JSON.stringify(Object.entries(row as object).sort())).sort()

/** Its clusteradmin was somebody else; here it is who runs the test. */
const OURS = `update operator set uid = ${process.geteuid?.() ?? 0} where uid is not null`

async function load(engine: EngineName, world: World, dump: string): Promise<void> {
  if (engine === 'SQLite') loadFile(world, dump)
  else await loadDatabase(world, dump)
  await world.sql(OURS)
}

function loadFile(world: World, dump: string): void {
  mkdirSync(dirname(world.storePath), { mode: 0o700 })
  const database = new Database(world.storePath)
  chmodSync(world.storePath, 0o600)
  database.exec(dump)
  database.close()
}

/** The tables as that version's migrations make them here, with the dump's rows instead of their own. */
async function loadDatabase(world: World, dump: string): Promise<void> {
  const version = Number(/^pragma user_version = ([0-9]+);$/m.exec(dump)?.[1])
  const inserts = dump.split('\n').filter((line) => line.startsWith('insert into'))
  const place = databaseAt('--store', world.storePath)
  if (place.kind !== 'database') throw new Error('no database')
  const engine = await openPostgres(settingsOf(place.url, world.system()), {
    shown: world.storePath,
    holdSignals: () => () => {},
    now: () => world.now,
    elapsed: () => 0,
  })
  await engine.write(async (query) => {
    for (let i = 0; i < version; i++) await engine.migrate(query, migrations[i] ?? '', i + 1)
    for (const table of ['generation', 'role_permission', 'role']) await query.run(`delete from ${table}`)
  })
  await engine.close()
  await world.sql(inserts.join('\n'))
}
