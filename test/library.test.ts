import { randomBytes } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { newSecret, newTokenId } from '../src/core/token-format.ts'
import { isProblem, openVerifier, type TokenVerifier, type Verdict } from '../src/index.ts'
import { ENGINES, type World, worldOn } from './support/world.ts'

const DAY = 86_400_000

/** What became of it, where that is a failure that is somebody's to act on. */
async function problemOf(work: Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify(await work)
  } catch (error) {
    return isProblem(error) ? `${error.kind}: ${error.message}` : String(error)
  }
}

describe.each(ENGINES)('a program that asks about tokens, on %s', (engine) => {
  let world: World
  let verifier: TokenVerifier
  const tokens = new Map<string, string>()
  const of = (client: string): string => tokens.get(client) ?? ''
  const create = async (client: string, ...more: string[]): Promise<void> => {
    tokens.set(client, await world.ok('client', 'create', client, '--role', 'analyst', ...more))
  }

  beforeAll(async () => {
    world = await worldOn(engine)
    world.now = Date.now() - 2 * DAY
    await world.makeStore()
    await world.ok('org', 'create', 'acme')
    await world.ok('role', 'create', 'analyst', '--allow', 'select:sales.*')
    await create('expired', '--expires', '1d')
    world.now = Date.now()
    for (const client of ['endless', 'deleted', 'replaced', 'stopped', 'used', 'meanwhile']) {
      await create(client, '--expires', 'never')
    }
    await create('BI', '--scope', 'acme', '--expires', '90d')
    await world.ok('token', 'delete', 'deleted', '--yes')
    await world.ok('token', 'regenerate', 'replaced', '--yes')
    await world.ok('client', 'disable', 'stopped')
    await world.ok('settings', 'set', 'personal-tokens', 'everyone')
    tokens.set('own', await world.ok('token', 'create', '--mine'))
    verifier = await openVerifier({ store: world.storePath })
  })
  afterAll(async () => {
    await verifier.close()
    await world.end()
  })

  test('of a good token it is told whose it is, until when, and what it may', async () => {
    const verdict = await verifier.verify(of('BI'))
    expect(verdict).toEqual({
      valid: true,
      id: of('BI').slice(0, 16),
      client: 'BI',
      role: 'analyst',
      scope: 'acme',
      expiresAt: expect.anything(),
      permissions: ['select:sales.*'],
      grants: [{ role: 'analyst', scope: 'acme', permissions: ['select:sales.*'] }],
    })
    const { expiresAt } = verdict as Extract<Verdict, { valid: true }>
    expect(expiresAt?.toISOString()).toBe(
      ((await world.json('token', 'show', 'BI', '--scope', 'acme')) as { expiresAt: string }).expiresAt,
    )
    expect(await verifier.verify(of('endless'))).toMatchObject({ valid: true, expiresAt: null })
  })

  test("a personal token has no role of its own, and its operator's grants", async () => {
    expect(await verifier.verify(of('own'))).toMatchObject({
      client: '@tester',
      role: null,
      scope: 'cluster',
      grants: [{ role: 'admin', scope: 'cluster' }],
    })
  })

  test.each([
    ['deleted', 'deleted'],
    ['replaced', 'replaced'],
    ['stopped', 'disabled'],
    ['expired', 'expired'],
  ])('the token of %s is %s', async (client, reason) => {
    expect(await verifier.verify(of(client))).toEqual({ valid: false, reason })
  })

  test('a token that was never made is unknown, and one of another store malformed', async () => {
    const made = (prefix: string): string => newSecret(newTokenId(prefix, randomBytes), randomBytes)
    expect(await verifier.verify(made('tkc'))).toEqual({ valid: false, reason: 'unknown' })
    expect(await verifier.verify(made('abc'))).toEqual({ valid: false, reason: 'malformed' })
  })

  test.each<[string, () => unknown]>([
    ['nothing', () => undefined],
    ['null', () => null],
    ['an empty text', () => ''],
    ['a number', () => 5],
    ['a list of a good one', () => [of('BI')]],
    ['an object that is one as a text', () => ({ toString: () => of('BI') })],
    ['bytes', () => Buffer.from(of('BI'))],
    ['a good one and a newline', () => `${of('BI')}\n`],
  ])('%s in the place of a token is malformed, and no exception', async (_, token) => {
    expect(await verifier.verify(token() as string)).toEqual({ valid: false, reason: 'malformed' })
  })

  test.each([
    [{ permission: 'select:sales.orders' }, true],
    [{ permission: 'select:sales.*' }, true],
    [{ permission: 'select:staff.orders' }, false],
    [{ permission: 'select:*' }, false],
    [{ scope: 'acme' }, true],
    [{ scope: 'ACME' }, true],
    [{ scope: 'cluster' }, false],
    [{ permission: 'select:sales.orders', scope: 'acme/etl' }, true],
    [{ permission: 'select:sales.orders', scope: 'other' }, false],
  ])('a good token that is wanted for %j: %s', async (wanted, valid) => {
    expect(await verifier.verify(of('BI'), wanted)).toMatchObject(
      valid ? { valid } : { valid, reason: 'forbidden' },
    )
  })

  test.each<[string, unknown, string]>([
    ['a permission that is none', { permission: 'select' }, 'not a permission: "select"'],
    ['an empty one', { permission: '' }, 'not a permission: ""'],
    ['one that was looked up in vain', { permission: undefined }, 'permission is not a string'],
    ['several', { permission: ['select:sales.orders'] }, 'permission is not a string'],
    ['a scope that is none', { scope: 'a/b/c' }, 'not a scope: "a/b/c"'],
    ['no scope', { scope: null }, 'scope is not a string'],
    ['a misspelt name', { permisson: 'select:sales.orders' }, 'unknown: "permisson"'],
    ['what is for the inside', { within: ['cluster'] }, 'unknown: "within"'],
    ['a text', 'select:sales.orders', 'not an object'],
    ['a list', ['select:sales.orders'], 'not an object'],
    ['null', null, 'not an object'],
  ])('asked for %s: a mistake, whatever the token', async (_, wanted, message) => {
    for (const token of [of('BI'), 'x']) {
      expect(await problemOf(verifier.verify(token, wanted as object))).toBe(`usage: ${message}`)
    }
  })

  test('whoever changes a verdict changes nothing for the next one who asks', async () => {
    const verdict = await verifier.verify(of('BI'))
    const { permissions, grants, expiresAt } = verdict as Extract<Verdict, { valid: true }>
    ;(permissions as string[]).push('*:*')
    for (const grant of grants) (grant.permissions as string[]).push('*:*')
    expiresAt?.setFullYear(3000)
    expect(await verifier.verify(of('BI'), { permission: 'drop:database' })).toMatchObject({ valid: false })
    expect(await verifier.verify(of('BI'))).toMatchObject({ grants: [{ permissions: ['select:sales.*'] }] })
  })

  test('what is changed meanwhile counts', async () => {
    expect(await verifier.verify(of('meanwhile'))).toMatchObject({ valid: true })
    await world.ok('token', 'disable', 'meanwhile')
    let verdict = await verifier.verify(of('meanwhile'))
    // In a file it counts at once; of a database it is heard.
    while (engine === 'PostgreSQL' && verdict.valid) {
      await setImmediate()
      verdict = await verifier.verify(of('meanwhile'))
    }
    expect(verdict).toEqual({ valid: false, reason: 'disabled' })
  })

  test('uses are in the store when the verifier is closed; from then on it answers nothing', async () => {
    const another = await openVerifier({ store: world.storePath })
    expect(await another.verify(of('used'))).toMatchObject({ valid: true })
    await Promise.all([another.close(), another[Symbol.asyncDispose]()])
    expect(await world.json('token', 'show', 'used')).toMatchObject({ lastUsedAt: expect.anything() })
    for (const token of [of('used'), 'x']) {
      expect(await problemOf(another.verify(token))).toBe('unavailable: the verifier is closed')
    }
  })

  test('what is under way when it is closed is answered rightly, or not at all', async () => {
    const another = await openVerifier({ store: world.storePath })
    const underWay = problemOf(another.verify(of('stopped')))
    await another.close()
    expect(['{"valid":false,"reason":"disabled"}', 'unavailable: the verifier is closed']).toContain(
      await underWay,
    )
  })
})

test('a store that is dropped while it is open is no answer, and no other kind of mistake', async () => {
  const world = await worldOn('PostgreSQL')
  await world.makeStore()
  const token = await world.ok('client', 'create', 'BI', '--role', 'user')
  const verifier = await openVerifier({ store: world.storePath })
  await world.sql('drop schema tokenctl cascade')
  expect(await problemOf(verifier.verify(token))).toMatch(/^unavailable: /)
  await verifier.close()
  await world.end()
})

test.each<[string, unknown, string]>([
  ['a misspelt option', { path: 'x.db' }, 'usage: unknown: "path"'],
  ['a store that was looked up in vain', { store: undefined }, 'usage: store is not a string'],
  ['a path alone', 'x.db', 'usage: not an object'],
  ['no path', { store: '' }, 'usage: store is not a path: ""'],
  [
    'a store that is not there',
    { store: '/nowhere/tokenctl.db' },
    'not-found: no store at /nowhere/tokenctl.db',
  ],
  [
    'a database that is not there',
    { store: 'postgres://bi:5ecret@127.0.0.1:1/tokens' },
    'unavailable: the store at postgres://bi@127.0.0.1:1/tokens cannot be reached: connection refused',
  ],
])('opened with %s: a problem in one line, without a password', async (_, options, problem) => {
  expect(await problemOf(openVerifier(options as object))).toBe(problem)
})

test('a bug is not a problem', () => {
  expect([new Error('unavailable'), { kind: 'unavailable' }, undefined].map(isProblem)).toEqual([
    false,
    false,
    false,
  ])
})
