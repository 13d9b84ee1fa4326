import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type AuditEntry, chain } from '../src/core/audit.ts'
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
    world.stdout = { write: () => Promise.reject(new Error('EPIPE: broken pipe, write')) }
    await world.run('token', 'regenerate', 'BI', '--force')
    world.stdout = {}
    await world.run('client', 'delete', 'BI')
    await world.ok('client', 'delete', 'BI', '--yes')

    const id = token.slice(0, 16)
    const said = audit(world).map(({ actor, action, targets, outcome }) => [
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
      ['tester', 'token regenerate', `BI ${id}`, 'prepared'],
      ['tester', 'token regenerate', `BI ${id}`, 'dropped'],
      ['tester', 'client delete', `BI ${id}`, 'done'],
    ])
    expectUnbroken(world)
    expect(generation(world)).toBe(said.length - 1) // the founding is no change to a store that was there
  })

  test('the person whom sudo names is in it', async () => {
    becomes(world, 'admin')
    await world.ok('role', 'create', 'r', '--allow', 'a:b')
    expect(audit(world).at(-1)).toMatchObject({ actor: 'caller', osUser: { uid: CALLER, name: 'alice' } })
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
    expect(audit(world).at(-1)).toMatchObject({
      actor: 'caller',
      action: 'client disable',
      targets: ['BI'],
      outcome: 'denied',
    })
    expectUnbroken(world)
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
    ['auditor', ['jobs', 'set-connection', 'BI'], 5],
    ['user', ['client', 'list'], 5],
    ['user', ['token', 'show', 'BI'], 5],
    ['user', ['role', 'list'], 0],
    ['user', ['store', 'info'], 5],
  ])('%s: %j exits %d', async (role, argv, code) => {
    await world.ok('client', 'create', 'BI', '--role', 'user')
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
      stderr: 'tokenctl: role admin gives *:*, which caller does not hold at cluster\n',
    })
    expect(storeContents(world.storePath).client).toHaveLength(1)
    expect(audit(world).at(-1)).toMatchObject({ actor: 'caller', action: 'client create', outcome: 'denied' })
  })

  test('what lies outside of one’s scope is absent', async () => {
    await world.ok('client', 'create', 'BI', '--role', 'user')
    const id = (await world.ok('token', 'list')).split('\n')[1]?.split('\t')[0] ?? ''
    becomes(world, 'admin', 'acme')
    const before = storeContents(world.storePath)
    expect(await world.run('token', 'show', id)).toMatchObject({ code: 3 })
    expect(await world.run('token', 'delete', id, '--yes')).toMatchObject({ code: 3 })
    expect(await world.run('client', 'delete', 'BI', '--yes')).toMatchObject({ code: 3 })
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
    ['auditor', ['acme'], ['--scope', 'acme-2'], []],
    ['auditor', ['acme/etl', 'a_me'], [], ['in-a_me', 'in-etl']],
    ['auditor', ['acme', 'acme/etl'], ['--scope', 'acme'], ['in-acme', 'in-etl']],
  ])('%s at %j asking for %j sees %j', async (role, scopes, options, seen) => {
    becomes(world, role, ...scopes)
    for (const noun of ['client', 'token']) {
      const rows = await world.json(noun, 'list', ...options)
      expect((rows as { client: string }[]).map(({ client }) => client)).toEqual(seen)
    }
  })

  test('a client that lies outside is absent', async () => {
    becomes(world, 'auditor', 'acme')
    expect((await world.run('token', 'list', '--client', 'IN-ETL')).code).toBe(0)
    expect(await world.run('token', 'list', '--client', 'beside')).toMatchObject({
      code: 3,
      stderr: 'tokenctl: no client beside\nhint: tokenctl client list shows them all\n',
    })
  })

  test('a role without it is denied, and that is written down', async () => {
    becomes(world, 'user', 'cluster', 'acme')
    expect(await world.run('token', 'list')).toEqual({
      code: 5,
      stdout: '',
      stderr:
        'tokenctl: caller is not permitted to run token list at cluster\nhint: that needs list:tokenctl/token\n',
    })
    expect(audit(world).at(-1)).toMatchObject({ action: 'token list', outcome: 'denied', actor: 'caller' })
  })
})

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

function audit(world: World): AuditEntry[] {
  const rows = (storeContents(world.storePath).audit ?? []) as Record<string, unknown>[]
  return rows.map((row) => ({
    sequence: row.sequence as number,
    at: row.at as number,
    actorKind: row.actor_kind as AuditEntry['actorKind'],
    actor: row.actor as string,
    osUser: { uid: row.os_uid as number, name: row.os_name as string | null },
    action: row.action as string,
    targets: JSON.parse(row.targets as string) as string[],
    scope: row.scope as string,
    outcome: row.outcome as AuditEntry['outcome'],
    details: JSON.parse(row.details as string) as AuditEntry['details'],
    previousHash: row.previous_hash as string,
    hash: row.hash as string,
  }))
}

function expectUnbroken(world: World): void {
  let [{ id: previous } = { id: '' }] = storeContents(world.storePath).store as { id: string }[]
  for (const [i, entry] of audit(world).entries()) {
    const { sequence, previousHash, hash, ...draft } = entry
    expect(sequence).toBe(i + 1)
    expect(previousHash).toBe(previous)
    expect(hash).toBe(chain(draft, sequence, previousHash).hash)
    previous = hash
  }
}

function generation(world: World): unknown {
  return (storeContents(world.storePath).generation as { value: number }[])[0]?.value
}
