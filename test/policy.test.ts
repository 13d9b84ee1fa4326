import { copyFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { StoreContents } from './support/store-contents.ts'
import { World } from './support/world.ts'

const DAY = 86_400_000

type Set = Readonly<Record<string, string>>
const STRICT: Set = { 'max-lifetime': '30d', 'never-expire': 'off', 'max-overlap': '24h' }
const LIFETIME = /the setting max-lifetime is 30d\nhint: --expires 30d is the longest/
const NEVER = /the setting never-expire is off\nhint: --expires 30d is the longest/
const OVERLAP = /the setting max-overlap is 24h\nhint: --overlap 24h is the longest/
const NO_PERSONAL = /may have no personal tokens: the setting personal-tokens is off/

/** A command line under settings, and for how many days its secret lives; null: for ever. */
type Given = readonly [line: string, set: Set, days: number | null]
/** And what is said where it is refused. */
type Refused = readonly [line: string, set: Set, said: RegExp]

const PERSONAL = { 'personal-tokens': 'everyone' }
const MAKING = ['client create New --role user', 'token create year', 'token create --mine']

const GIVEN: readonly Given[] = [
  ...MAKING.flatMap((line): Given[] => [
    [line, PERSONAL, 365],
    [line, { ...PERSONAL, 'default-lifetime': '10d' }, 10],
    [line, { ...PERSONAL, 'default-lifetime': 'never' }, null],
    [line, { ...PERSONAL, 'max-lifetime': '30d' }, 30],
    [line, { ...PERSONAL, 'default-lifetime': 'never', 'never-expire': 'off' }, 3650],
    [`${line} --expires 30d`, { ...PERSONAL, ...STRICT }, 30],
    [`${line} --expires 2026-03-30`, { ...PERSONAL, ...STRICT }, 29],
    [`${line} --expires never`, { ...PERSONAL, 'max-lifetime': '30d' }, null],
    [`${line} --expires 3650d`, { ...PERSONAL, 'never-expire': 'off' }, 3650],
  ]),
  ['token regenerate year --yes', {}, 365],
  ['token regenerate year --yes --expires 30d', STRICT, 30],
  ['token regenerate year --yes', { 'default-lifetime': '10d' }, 365],
  ['token regenerate ever --yes', {}, null],
  ['token regenerate ever --yes', { 'max-lifetime': '30d' }, null],
  ['token regenerate month --yes', STRICT, 30],
  ['token regenerate month --overlap 24h', STRICT, 30],
  ['token regenerate month --overlap 3650d', {}, 30],
]

const REFUSED: readonly Refused[] = [
  ...MAKING.flatMap((line): Refused[] => [
    [`${line} --expires 721h`, { ...PERSONAL, ...STRICT }, LIFETIME],
    [`${line} --expires 2026-03-31`, { ...PERSONAL, ...STRICT }, LIFETIME],
    [`${line} --expires never`, { ...PERSONAL, ...STRICT }, NEVER],
    [`${line} --expires -1`, { ...PERSONAL, ...STRICT }, NEVER],
  ]),
  ['token create --mine', {}, NO_PERSONAL],
  ['client create New --role user --no-token --expires never', STRICT, NEVER],
  ['client create New --role user --no-token --expires 31', STRICT, LIFETIME],
  ['token regenerate year --yes', STRICT, LIFETIME],
  ['token regenerate year --yes --expires 31d', STRICT, LIFETIME],
  ['token regenerate year --yes --expires never', STRICT, NEVER],
  ['token regenerate ever --yes', STRICT, NEVER],
  ['token regenerate month --overlap 1441m', STRICT, OVERLAP],
]

/** All but what a denial leaves. */
const kept = (contents: StoreContents): StoreContents => ({ ...contents, audit: [], generation: [] })

describe('what the settings say of a new secret', () => {
  let template: World
  let world: World
  beforeAll(async () => {
    template = new World()
    for (const [name, expires] of Object.entries({ year: '365d', ever: 'never', month: '30d' })) {
      await template.ok('client', 'create', name, '--role', 'user', '--expires', expires)
    }
    world = new World()
    await world.makeStore()
  })
  afterAll(() => {
    template.remove()
    world.remove()
  })
  beforeEach(() => {
    copyFileSync(template.storePath, world.storePath)
  })

  const prepare = async (set: Set): Promise<void> => {
    for (const [name, value] of Object.entries(set)) await world.ok('settings', 'set', name, value)
  }

  test.each(GIVEN)('%s, under %j, ends in %s days', async (line, set, days) => {
    await prepare(set)
    const { expiresAt } = (await world.json(...line.split(' '))) as { expiresAt: string | null }
    expect(expiresAt === null ? null : Math.round((Date.parse(expiresAt) - world.now) / DAY)).toBe(days)
  })

  test.each(REFUSED)('%s, under %j, is refused', async (line, set, said) => {
    await prepare(set)
    const before = kept(await world.contents())
    const { code, stderr } = await world.run(...line.split(' '))
    expect(stderr).toMatch(said)
    expect(code).toBe(said === NO_PERSONAL ? 5 : 2)
    expect(kept(await world.contents())).toEqual(before)
  })

  test('holds inside the transaction: what is lowered while somebody is asked is heeded', async () => {
    world.terminal = true
    const { prompts } = world.system()
    const confirm = async (): Promise<boolean> => {
      const other = Object.assign(new World(), { folder: world.folder, now: world.now })
      await other.ok('settings', 'set', 'max-lifetime', '30d')
      return true
    }
    world.changes = { prompts: { ...prompts, confirm } }
    const { code, stderr } = await world.run('token', 'regenerate', 'year')
    world.changes = {}
    world.terminal = false
    expect(code).toBe(2)
    expect(stderr).toMatch(LIFETIME)
  })

  test('a change says in the audit what was and what is', async () => {
    await world.ok('settings', 'set', 'max-lifetime', '90')
    await world.ok('settings', 'set', 'max-lifetime', '90d')
    await world.ok('settings', 'unset', 'max-lifetime')
    await world.ok('settings', 'unset', 'max-lifetime')
    const { audit = [] } = await world.contents()
    const entries = audit as { action: string; targets: string; scope: string; details: string }[]
    expect(
      entries
        .filter(({ action }) => action.startsWith('settings '))
        .map(({ action, targets, scope, details }) => [
          action,
          targets,
          scope,
          JSON.parse(details) as unknown,
        ]),
    ).toEqual([
      ['settings set', '["max-lifetime"]', 'cluster', { value: '90d', previousValue: '3650d' }],
      ['settings unset', '["max-lifetime"]', 'cluster', { value: '3650d', previousValue: '90d' }],
    ])
    expect((await world.contents()).setting).toEqual([])
  })

  test('what somebody has put there otherwise is the default, and goes with the next change of it', async () => {
    await world.sql("insert into setting (name, value) values ('max-lifetime', '99999d'), ('unheard', 'of')")
    expect(await world.ok('settings', 'get', 'max-lifetime')).toBe('3650d')
    expect(await world.ok('settings', 'unset', 'max-lifetime')).toBe(
      'max-lifetime has its default again: 3650d',
    )
    expect((await world.contents()).setting).toEqual([{ name: 'unheard', value: 'of' }])
  })
})
