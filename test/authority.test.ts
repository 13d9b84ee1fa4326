import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { AuditEntry } from '../src/core/audit.ts'
import { chainOf } from './support/audit-chain.ts'
import { storeContents } from './support/store-contents.ts'
import { World } from './support/world.ts'

const CALLER = 4321

describe('who may do what, and what the audit says of it', () => {
  let world: World
  beforeEach(async () => {
    world = new World()
    await world.ok('init')
  })
  afterEach(() => {
    world.remove()
  })

  test('every change has one entry, a delivery two; what changed nothing has none', async () => {
    await world.ok('role', 'create', 'analyst', '--allow', 'select:sales.*')
    const token = await world.ok('client', 'create', 'BI', '--role', 'analyst')
    await world.ok('client', 'disable', 'BI')
    await world.ok('client', 'disable', 'BI')
    await world.ok('client', 'enable', 'BI')
    await world.ok('token', 'disable', 'BI')
    await world.ok('token', 'enable', 'BI')
    await world.ok('token', 'regenerate', 'BI', '--overlap', '1h')
    await world.verify(token)
    await world.ok('jobs', 'set-connection', 'BI')
    await world.ok('jobs', 'clear-connection', '--force')
    await world.ok('client', 'update', 'BI', '--role', 'user')
    await world.ok('client', 'update', 'BI', '--role', 'user')
    await world.ok('role', 'update', 'analyst', '--allow', 'select:hr', '--remove', 'select:sales.*')
    await world.ok('role', 'update', 'analyst', '--allow', 'select:hr')
    await world.ok('role', 'delete', 'analyst')
    await world.ok('token', 'update', 'BI', '--description', 'dashboards')
    await world.ok('token', 'update', 'BI', '--description', 'dashboards')
    const further = await world.ok('token', 'create', 'BI')
    world.stdin = token
    await world.ok('token', 'identify')
    await world.ok('token', 'delete', further.slice(0, 16), '--yes')
    world.stdout = { write: () => Promise.reject(new Error('EPIPE: broken pipe, write')) }
    await world.run('token', 'regenerate', 'BI', '--force')
    await world.run('token', 'create', 'BI')
    world.stdout = {}
    await world.run('client', 'delete', 'BI')
    await world.ok('client', 'delete', 'BI', '--yes')

    const id = token.slice(0, 16)
    const furtherId = further.slice(0, 16)
    const droppedId = (await audit(world)).at(-2)?.targets[1] ?? ''
    const said = (await audit(world)).map(({ actor, action, targets, outcome }) => [
      actor,
      action,
      targets.join(' '),
      outcome,
    ])
    expect(said).toEqual([
      [
        'tester',
        'init',
        String(storeContents(world.storePath).store?.map((row) => (row as { id: string }).id)),
        'done',
      ],
      ['tester', 'role create', 'analyst', 'done'],
      ['tester', 'client create', `BI ${id}`, 'prepared'],
      ['tester', 'client create', `BI ${id}`, 'delivered'],
      ['tester', 'client disable', 'BI', 'done'],
      ['tester', 'client enable', 'BI', 'done'],
      ['tester', 'token disable', `BI ${id}`, 'done'],
      ['tester', 'token enable', `BI ${id}`, 'done'],
      ['tester', 'token regenerate', `BI ${id}`, 'prepared'],
      ['tester', 'token regenerate', `BI ${id}`, 'delivered'],
      ['tester', 'jobs set-connection', 'BI', 'done'],
      ['tester', 'jobs clear-connection', 'BI', 'done'],
      ['tester', 'client update', 'BI', 'done'],
      ['tester', 'role update', 'analyst', 'done'],
      ['tester', 'role delete', 'analyst', 'done'],
      ['tester', 'token update', `BI ${id}`, 'done'],
      ['tester', 'token create', `BI ${furtherId}`, 'prepared'],
      ['tester', 'token create', `BI ${furtherId}`, 'delivered'],
      ['tester', 'token delete', `BI ${furtherId}`, 'done'],
      ['tester', 'token regenerate', `BI ${id}`, 'prepared'],
      ['tester', 'token regenerate', `BI ${id}`, 'dropped'],
      ['tester', 'token create', `BI ${droppedId}`, 'prepared'],
      ['tester', 'token create', `BI ${droppedId}`, 'dropped'],
      ['tester', 'client delete', `BI ${id}`, 'done'],
    ])
    expect(await chainOf(world)).toMatchObject({ isWhole: true })
    expect(generation(world)).toBe(said.length - 1) // the founding is no change to a store that was there
  })

  test('an entry says what was changed, from an allow-list', async () => {
    await world.ok('role', 'create', 'analyst', '--allow', 'select:sales.*')
    await world.ok('client', 'create', 'BI', '--role', 'user', '--no-token')
    await world.ok('client', 'update', 'BI', '--role', 'analyst')
    await world.ok('role', 'update', 'Analyst', '--allow', 'a:b', '--remove', 'select:sales.*')
    await world.ok('token', 'update', 'BI', '--description', 'dashboards')
    await world.ok('token', 'update', 'BI', '--no-description')
    await world.ok('token', 'create', 'BI', '--description', 'second', '--expires', 'never')
    expect((await audit(world)).slice(3).map(({ action, details }) => [action, details])).toEqual([
      ['client update', { role: 'analyst', previousRole: 'user' }],
      ['role update', { allow: ['a:b'], remove: ['select:sales.*'] }],
      ['token update', { description: 'dashboards' }],
      ['token update', { description: null }],
      ['token create', { description: 'second', expiresAt: null }],
      ['token create', { deliveredTo: 'stdout' }],
    ])
  })

  test('the person whom sudo names is in it', async () => {
    becomes(world, 'admin')
    await world.ok('role', 'create', 'r', '--allow', 'a:b')
    expect((await audit(world)).at(-1)).toMatchObject({
      actor: 'caller',
      osUser: { uid: CALLER, name: 'alice' },
    })
  })

  test('what one may not do is denied, and the denial written down', async () => {
    await world.ok('client', 'create', 'BI', '--role', 'user')
    becomes(world, 'auditor')
    const before = { ...storeContents(world.storePath), audit: [], generation: [] }

    const { code, stderr } = await world.run('client', 'disable', 'BI')
    expect(code).toBe(5)
    expect(stderr).toBe(
      'tokenctl: caller is not permitted to run client disable at cluster\nhint: that needs disable:tokenctl/client\n',
    )
    expect({ ...storeContents(world.storePath), audit: [], generation: [] }).toEqual(before)
    expect((await audit(world)).at(-1)).toMatchObject({
      actor: 'caller',
      action: 'client disable',
      targets: ['BI'],
      outcome: 'denied',
    })
    expect(await chainOf(world)).toMatchObject({ isWhole: true })
  })

  test.each([
    ['auditor', ['client', 'list'], 0],
    ['auditor', ['client', 'show', 'BI'], 0],
    ['auditor', ['token', 'list'], 0],
    ['auditor', ['token', 'show', 'BI'], 0],
    ['auditor', ['jobs', 'show-connection'], 0],
    ['auditor', ['store', 'info'], 0],
    ['auditor', ['client', 'create', 'x', '--role', 'user'], 5],
    ['auditor', ['token', 'regenerate', 'BI', '--yes'], 5],
    ['auditor', ['token', 'delete', 'BI', '--yes'], 5],
    ['auditor', ['client', 'delete', 'BI', '--yes'], 5],
    ['auditor', ['role', 'create', 'x', '--allow', '*:*'], 5],
    ['auditor', ['client', 'update', 'BI', '--role', 'user'], 5],
    ['auditor', ['token', 'create', 'BI'], 5],
    ['auditor', ['token', 'update', 'BI', '--no-description'], 5],
    ['auditor', ['role', 'update', 'user', '--remove', 'a:b'], 5],
    ['auditor', ['role', 'delete', 'user'], 5],
    ['auditor', ['token', 'identify'], 0],
    ['user', ['token', 'identify'], 5],
    ['auditor', ['jobs', 'set-connection', 'BI'], 5],
    ['user', ['client', 'list'], 5],
    ['user', ['token', 'show', 'BI'], 5],
    ['user', ['role', 'list'], 0],
    ['user', ['store', 'info'], 5],
  ])('%s: %j exits %d', async (role, argv, code) => {
    world.stdin = await world.ok('client', 'create', 'BI', '--role', 'user')
    becomes(world, role)
    expect((await world.run(...argv)).code).toBe(code)
  })

  test('nobody gives away what they do not hold', async () => {
    await world.ok(
      'role',
      'create',
      'registrar',
      '--allow',
      'create:tokenctl/client',
      '--allow',
      'select:sales.*',
    )
    await world.ok('role', 'create', 'reader', '--allow', 'select:sales.orders')
    becomes(world, 'registrar')

    expect((await world.run('client', 'create', 'a', '--role', 'reader')).code).toBe(0)
    expect(await world.run('client', 'create', 'b', '--role', 'admin')).toMatchObject({
      code: 5,
      stderr:
        'tokenctl: role admin gives *:*, which caller does not hold at cluster\nhint: tokenctl whoami shows the roles you hold\n',
    })
    expect(storeContents(world.storePath).client).toHaveLength(1)
    expect((await audit(world)).at(-1)).toMatchObject({
      actor: 'caller',
      action: 'client create',
      outcome: 'denied',
    })
  })

  test.each([
    ['client update', ['client', 'update', 'BI', '--role', 'admin'], 'role admin gives *:*'],
    ['token create', ['token', 'create', 'BOSS'], 'role admin gives *:*'],
    [
      'role update',
      ['role', 'update', 'reader', '--allow', 'select:sales.*', '--allow', 'select:*'],
      'role reader gives select:*',
    ],
    [
      'role update',
      ['role', 'update', 'manager', '--allow', '*:tokenctl/operator'],
      'role manager gives *:tokenctl/operator',
    ],
  ])('nor by %s: %j', async (action, argv, reason) => {
    const allow = [
      'update:tokenctl/client',
      'create:tokenctl/token',
      'update:tokenctl/role',
      'select:sales.*',
    ]
    await world.ok('role', 'create', 'manager', ...allow.flatMap((pattern) => ['--allow', pattern]))
    await world.ok('role', 'create', 'reader', '--allow', 'select:sales.orders')
    await world.ok('client', 'create', 'BI', '--role', 'reader')
    await world.ok('client', 'create', 'BOSS', '--role', 'admin')
    becomes(world, 'manager')
    const before = { ...storeContents(world.storePath), audit: [], generation: [] }

    expect(await world.run(...argv)).toMatchObject({
      code: 5,
      stdout: '',
      stderr: `tokenctl: ${reason}, which caller does not hold at cluster\nhint: tokenctl whoami shows the roles you hold\n`,
    })
    expect({ ...storeContents(world.storePath), audit: [], generation: [] }).toEqual(before)
    expect((await audit(world)).at(-1)).toMatchObject({ actor: 'caller', action, outcome: 'denied' })
    expect((await world.run('role', 'update', 'reader', '--allow', 'select:sales.a*')).code).toBe(0)
    expect((await world.run('client', 'update', 'BI', '--role', 'manager')).code).toBe(0)
    expect((await world.run('token', 'create', 'BI')).code).toBe(0)
  })

  test('who may not add a permission may take it away', async () => {
    await world.ok('role', 'create', 'manager', '--allow', 'update:tokenctl/role', '--allow', 'select:c')
    await world.ok('role', 'create', 'reader', '--allow', 'select:a', '--allow', 'select:b')
    becomes(world, 'manager')
    const both = ['--allow', 'select:a', '--allow', 'select:c'] // the first of which it has already
    expect((await world.run('role', 'update', 'reader', ...both)).code).toBe(0)
    expect((await world.run('role', 'update', 'reader', '--remove', 'select:a')).code).toBe(0)
    expect((await world.run('role', 'update', 'reader', '--allow', 'select:a')).code).toBe(5)
  })

  test('roles belong to the store, and only who acts there changes them', async () => {
    await world.ok('role', 'create', 'reader', '--allow', 'select:a', '--allow', 'select:b')
    becomes(world, 'admin', 'acme')
    expect((await world.run('role', 'show', 'reader')).code).toBe(0)
    expect((await world.run('role', 'update', 'reader', '--allow', 'select:c')).code).toBe(5)
    expect((await world.run('role', 'update', 'reader', '--remove', 'select:b')).code).toBe(5)
    expect((await world.run('role', 'delete', 'reader')).code).toBe(5)
  })

  test('a role that an operator has is not deleted', async () => {
    await world.ok('role', 'create', 'ops', '--allow', 'list:tokenctl/token')
    becomes(world, 'ops')
    world.person = { uid: process.geteuid?.() ?? 0, name: 'tester' }
    const { code, stderr } = await world.run('role', 'delete', 'ops')
    expect(code).toBe(4)
    expect(stderr).toContain('tokenctl: role ops is in use by 1 operator\n')
  })

  test('what lies outside of one’s scope is absent', async () => {
    const token = await world.ok('client', 'create', 'BI', '--role', 'user')
    const id = (await world.ok('token', 'list')).split('\n')[1]?.split('\t')[0] ?? ''
    becomes(world, 'admin', 'acme')
    const before = storeContents(world.storePath)
    expect(await world.run('token', 'show', id)).toMatchObject({ code: 3 })
    expect(await world.run('token', 'delete', id, '--yes')).toMatchObject({ code: 3 })
    expect(await world.run('client', 'delete', 'BI', '--yes')).toMatchObject({ code: 3 })
    expect(await world.run('client', 'update', 'BI', '--role', 'user')).toMatchObject({ code: 3 })
    expect(await world.run('token', 'create', 'BI')).toMatchObject({ code: 3 })
    expect(await world.run('token', 'update', id, '--no-description')).toMatchObject({ code: 3 })
    expect(await world.run('token', 'delete', id, '--if-exists')).toMatchObject({ code: 0 })
    for (const text of [token, token.slice(0, -1)]) {
      world.stdin = text
      expect(await world.run('token', 'identify')).toMatchObject({
        code: 3,
        stderr: 'tokenctl: no token of this store\n',
      })
    }
    expect(storeContents(world.storePath)).toEqual(before)
  })
})

describe('a list is of what the asker may list', () => {
  let world: World
  beforeEach(async () => {
    world = new World()
    for (const name of ['everywhere', 'in-acme', 'in-etl', 'in-a_me', 'beside']) {
      await world.ok('client', 'create', name, '--role', 'user', '--no-token')
    }
    for (const org of ['acme', 'a_me', 'acme-2']) await world.sql(scopeRow(org))
    await world.sql(scopeRow('acme/etl'))
    move(world, { 'in-acme': 'acme', 'in-etl': 'acme/etl', 'in-a_me': 'a_me', beside: 'acme-2' })
  })
  afterEach(() => world.remove())

  test.each<[role: string, scopes: string[], options: string[], seen: string[]]>([
    ['admin', ['cluster'], [], ['beside', 'everywhere', 'in-a_me', 'in-acme', 'in-etl']],
    ['admin', ['cluster'], ['--scope', 'acme'], ['in-acme', 'in-etl']],
    ['admin', ['cluster'], ['--scope', 'acme/etl'], ['in-etl']],
    ['admin', ['cluster'], ['--scope', 'a_me'], ['in-a_me']],
    ['auditor', ['acme'], [], ['in-acme', 'in-etl']],
    ['auditor', ['acme'], ['--scope', 'cluster'], ['in-acme', 'in-etl']],
    ['auditor', ['acme'], ['--scope', 'acme/etl'], ['in-etl']],
    ['auditor', ['acme/etl', 'a_me'], [], ['in-a_me', 'in-etl']],
    ['auditor', ['acme', 'acme/etl'], ['--scope', 'acme'], ['in-acme', 'in-etl']],
  ])('%s at %j asking for %j sees %j', async (role, scopes, options, seen) => {
    becomes(world, role, ...scopes)
    for (const noun of ['client', 'token']) {
      const rows = await world.json(noun, 'list', ...options)
      expect((rows as { client: string }[]).map(({ client }) => client)).toEqual(seen)
    }
    const { neverUsed } = (await world.json('token', 'forecast', ...options)) as {
      neverUsed: { tokens: number; first: { client: string }[] }
    }
    expect(neverUsed.tokens).toBe(seen.length)
    expect(neverUsed.first.map(({ client }) => client).sort()).toEqual(seen)
  })

  test('a client that lies outside is absent', async () => {
    becomes(world, 'auditor', 'acme')
    expect((await world.run('token', 'list', '--client', 'IN-ETL')).code).toBe(0)
    expect(await world.run('token', 'list', '--client', 'beside')).toMatchObject({
      code: 3,
      stderr: 'tokenctl: no client beside\nhint: tokenctl client list shows them all\n',
    })
  })

  test('a forecast is a permission of its own', async () => {
    await world.ok('role', 'create', 'lister', '--allow', 'list:tokenctl/*')
    becomes(world, 'lister')
    expect((await world.run('token', 'list')).code).toBe(0)
    expect(await world.run('token', 'forecast')).toEqual({
      code: 5,
      stdout: '',
      stderr:
        'tokenctl: caller is not permitted to run token forecast anywhere\nhint: that needs forecast:tokenctl/token\n',
    })
  })

  test('a role without it is denied, and that is written down', async () => {
    await world.ok('role', 'create', 'viewer', '--allow', 'select:*')
    becomes(world, 'viewer', 'cluster', 'acme')
    expect(await world.run('token', 'list')).toEqual({
      code: 5,
      stdout: '',
      stderr:
        'tokenctl: caller is not permitted to run token list anywhere\nhint: that needs list:tokenctl/token\n',
    })
    expect((await audit(world)).at(-1)).toMatchObject({
      action: 'token list',
      outcome: 'denied',
      actor: 'caller',
    })
  })
})

const scopeRow = (name: string): string =>
  `insert into scope (id, name, name_key, created_at, created_by)
   values ((select coalesce(max(id), 0) + 1 from scope), '${name}', '${name}', 0, 'tester')`

function move(world: World, scopes: Readonly<Record<string, string>>): void {
  const database = new Database(world.storePath)
  for (const [name, scope] of Object.entries(scopes)) {
    database.prepare('update client set scope = ? where name = ?').run(scope, name)
  }
  database.close()
}

/** From here on the one who asks has that role, and no other. */
function becomes(world: World, role: string, ...scopes: readonly string[]): void {
  const database = new Database(world.storePath)
  database.exec(`
    insert into operator (id, name, name_key, uid, created_at) values (99, 'caller', 'caller', ${CALLER}, 0)`)
  for (const scope of scopes.length === 0 ? ['cluster'] : scopes) {
    database.exec(`insert into operator_grant select 99, id, '${scope}' from role where name_key = '${role}'`)
  }
  database.close()
  world.person = { uid: CALLER, name: 'alice' }
}

const audit = async (world: World): Promise<readonly AuditEntry[]> => (await chainOf(world)).entries

function generation(world: World): unknown {
  return (storeContents(world.storePath).generation as { value: number }[])[0]?.value
}
