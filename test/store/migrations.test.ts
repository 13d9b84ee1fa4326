import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { migrations } from '../../src/store/migrations/index.ts'
import { storeContents } from '../support/store-contents.ts'
import { World } from '../support/world.ts'

/** SHA-256 of each migration as it was released. A new migration adds a line; a line never changes. */
const RELEASED: readonly string[] = ['ddaed9cd95eca7df74f596f72baf89743300fb43f9be45d7bf5d329f38410adf']

const dumps = join(import.meta.dirname, 'dumps')

describe('a store that somebody made opens in every later version', () => {
  let world: World
  beforeEach(() => {
    world = new World()
  })
  afterEach(() => world.remove())

  test('a released migration is never edited', () => {
    const fingerprints = migrations.map((sql) => createHash('sha256').update(sql).digest('hex'))
    expect(fingerprints).toEqual(RELEASED)
  })

  test.each(readdirSync(dumps))('%s: its token works, its audit goes on', async (name) => {
    load(world.storePath, readFileSync(join(dumps, name), 'utf8'))
    const before = storeContents(world.storePath).audit?.length ?? 0
    const token = /^-- token: (.*)$/m.exec(readFileSync(join(dumps, name), 'utf8'))?.[1] ?? ''

    expect(await world.verify(token)).toBe(0)
    expect(await world.ok('client', 'disable', 'BI')).toBe('disabled client BI')
    expect(await world.verify(token)).toBe(13)
    expect(await world.json('store', 'info')).toMatchObject({ schemaVersion: migrations.length })
    expect(storeContents(world.storePath).audit).toHaveLength(before + 1)
  })

  test('a store of a newer version is refused, unchanged', async () => {
    await world.ok('client', 'create', 'BI', '--role', 'user')
    const database = new Database(world.storePath)
    database.pragma(`user_version = ${migrations.length + 1}`)
    database.close()
    const before = storeContents(world.storePath)

    const { code, stderr } = await world.run('client', 'disable', 'BI')
    expect(code).toBe(8)
    expect(stderr).toContain(`was made by a newer tokenctl (schema ${migrations.length + 1}`)
    expect(storeContents(world.storePath)).toEqual(before)
  })
})

function load(path: string, dump: string): void {
  mkdirSync(dirname(path), { mode: 0o700 })
  const database = new Database(path)
  chmodSync(path, 0o600)
  database.exec(dump)
  // Its clusteradmin was somebody else; here it is who runs the test.
  database.prepare('update operator set uid = ?').run(process.geteuid?.() ?? 0)
  database.close()
}
