import { createServer } from 'node:net'
import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type Ended, ENGINES, World, worldOn } from './support/world.ts'

/** What comes back for a line that is being typed, whole. */
async function ended(world: World, line: string): Promise<Ended> {
  world.stdin = line
  return world.run('__complete')
}

async function lines(world: World, line: string): Promise<string[]> {
  const { code, stdout, stderr } = await ended(world, line)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout === '' ? [] : stdout.replace(/\n$/, '').split('\n')
}

/** The candidates, without what describes them. */
const values = async (world: World, line: string): Promise<string[]> =>
  (await lines(world, line)).map((each) => each.split('\t')[0] ?? '')

const GLOBAL = [
  '--version',
  '--store',
  '--token-file',
  '--json',
  '--yes',
  '--force',
  '--no-input',
  '--no-color',
  '--debug',
]

const WITHOUT_JSON = GLOBAL.filter((option) => option !== '--json')

describe('what needs no store', () => {
  const world = new World()
  afterAll(() => world.remove())

  const LINES: readonly (readonly [string, readonly string[]])[] = [
    [
      'tokenctl ',
      [
        'init',
        'login',
        'logout',
        'whoami',
        'serve',
        'client',
        'token',
        'role',
        'org',
        'group',
        'operator',
        'jobs',
        'settings',
        'store',
        'completion',
      ],
    ],
    ['tokenctl c', ['client', 'completion']],
    ['/usr/bin/tokenctl cl', ['client']],
    ['tokenctl __', []],
    ['tokenctl jobs ', ['set-connection', 'show-connection', 'clear-connection']],
    ['tokenctl token re', ['regenerate']],
    ['tokenctl token revoke ', []],
    ['tokenctl nonsense ', []],
    ['tokenctl nonsense --', []],
    ["tokenctl 'client' d", ['disable', 'delete']],
    ['tokenctl client d"e', ['delete']],
    ['tokenctl $noun ', []],
    ['tokenctl $(touch pwned) ', []],
    ['tokenctl client $(touch pwned', []],
    ['tokenctl -- client sh', ['show']],
    ['tokenctl completion ', ['bash', 'zsh', 'fish']],
    // Options, wherever they may stand.
    ['tokenctl -', [...GLOBAL, '--help']],
    ['tokenctl client -', ['--help', ...GLOBAL]],
    ['tokenctl client show --j', ['--json']],
    ['tokenctl --json client show --j', []],
    ['tokenctl client --json show --j', []],
    ['tokenctl client show --js', ['--json']],
    ['tokenctl -y client delete --y', []],
    ['tokenctl client delete --if', ['--if-exists']],
    ['tokenctl client delete --if-exists --if', []],
    ['tokenctl client delete -- --if', []],
    ['tokenctl token regenerate --co', ['--copy']],
    ['tokenctl token regenerate --no-copy --co', []],
    ['tokenctl role create r --allow a:b --al', ['--allow']],
    ['tokenctl whoami ', ['--can', '--scope', '--help', ...GLOBAL]],
    ['tokenctl whoami -- ', []],
    ['tokenctl whoami nobody ', ['--can', '--scope', '--help', ...GLOBAL]],
    // Their values.
    ['tokenctl token list --status ', ['pending', 'disabled', 'expired', 'active', 'deleted']],
    ['tokenctl client list --status ', ['pending', 'disabled', 'active', 'deleted']],
    ['tokenctl token list --status=e', ['--status=expired']],
    ['tokenctl token list --status "e', ['expired']],
    ['tokenctl token list --status $e', []],
    ['tokenctl token list --sort l', ['last-used']],
    ['tokenctl token list --sort --json --js', ['--json-lines', '--json']],
    ['tokenctl token forecast --fail-if-any ', ['expiring', 'never-expiring', 'unused', 'never-used']],
    ['tokenctl token forecast --fail-if-any=e', ['--fail-if-any=expiring']],
    ['tokenctl token forecast --fail-if-any --ro', ['--role']],
    // It may be given again, with other kinds.
    [
      'tokenctl token forecast --fail-if-any --json --',
      ['--role', '--scope', '--fail-if-any', '--help', ...WITHOUT_JSON],
    ],
    ['tokenctl token forecast --fail-if-any unused --ro', ['--role']],
    ['tokenctl token list --nonsense=e', []],
    ['tokenctl token list --limit ', []],
    ['tokenctl token list --all=e', []],
    // What a setting is called, and the words it takes.
    ['tokenctl settings get max', ['max-lifetime', 'max-overlap']],
    ['tokenctl settings unset tok', ['tokens']],
    ['tokenctl settings set never-expire ', ['on', 'off']],
    ['tokenctl settings set --json default-lifetime ', ['never']],
    ['tokenctl settings set personal-tokens ev', ['everyone']],
    ['tokenctl settings set max-lifetime ', []],
    ['tokenctl settings set nonsense ', []],
    ['tokenctl settings set $x ', []],
    ['tokenctl settings set constructor ', []],
    ['tokenctl settings set tokens off t', []],
    // Files.
    ['tokenctl token verify --file ', [':files']],
    ['tokenctl token verify --file=', [':files']],
    ['tokenctl token verify --file ~/to', [':files']],
    ['tokenctl token verify --file $HOME/to', [':files']],
    ["tokenctl token verify --file 'a b", [':files']],
    ['tokenctl token verify --file `touch pwned`/', []],
    ['tokenctl token verify --file $(touch pwned)/', []],
    ['tokenctl token verify --file ${x}/', []],
    ['tokenctl token verify --file x[1]/', []],
    ['tokenctl token verify <', [':files']],
    ['tokenctl token list > "out', [':files']],
    ['tokenctl token list > out --sta', ['--status']],
    ['tokenctl --store ', [':files']],
    ['tokenctl token create BI --secret-file x', [':files']],
  ]
  test.each(LINES)('%j', async (line, expected) => {
    expect(await values(world, line)).toEqual(expected)
  })

  const REPLACED: readonly (readonly [string, string, readonly string[]])[] = [
    ['tokenctl token list --status=e', 'e', ['expired']],
    ['tokenctl token list --status=', '', ['pending', 'disabled', 'expired', 'active', 'deleted']],
    ['tokenctl token list --status=e', '--status=e', ['--status=expired']],
    ['tokenctl token list "--status=e', '--status=e', ['--status=expired']],
    ['tokenctl token list "--status=e', 'e', ['expired']],
    ['tokenctl token list \\--status=e', 'e', ['expired']],
    ['tokenctl cl', 'cl', ['client']],
    ['tokenctl cl', 'other', []],
  ]
  test.each(REPLACED)('%j, of which readline replaces %j', async (line, replaced, expected) => {
    expect(await values(world, `${line}\0${replaced}`)).toEqual(expected)
  })

  test('the words are described as help does it', async () => {
    expect(await lines(world, 'tokenctl client sho')).toEqual(['show\tshow a client and its tokens'])
    expect(await lines(world, 'tokenctl client show --json')).toEqual(['--json\tanswer in JSON, errors too'])
  })

  test('a line of no sense, or of no end, has no completion', async () => {
    for (const line of [
      '',
      '\0',
      '\0\0',
      'tokenctl \u{10ffff}\ud800',
      'x'.repeat(70_000),
      'a '.repeat(40_000),
    ]) {
      const { code, stderr } = await ended(world, line)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    }
    expect(await values(world, `tokenctl ${' '.repeat(70_000)}`)).toEqual([])
  })

  test('it does not wait for somebody at a terminal', async () => {
    world.terminal = true
    expect(await lines(world, 'tokenctl client ')).toEqual([])
    world.terminal = false
  })

  test('no store is made, and nothing said of its absence', async () => {
    expect(await lines(world, 'tokenctl client show ')).toEqual([])
    expect(await lines(world, `tokenctl --store ${join(world.folder, 'other.db')} client show `)).toEqual([])
    expect(existsSync(dirname(world.storePath))).toBe(false)
    expect(existsSync(join(world.folder, 'other.db'))).toBe(false)
  })
})

describe.each(ENGINES)('names, on %s', (engine) => {
  let world: World
  const ids: Record<string, string> = {}

  beforeAll(async () => {
    world = await worldOn(engine)
    await world.makeStore()
    await world.ok('role', 'create', 'ops@example', '--allow', 'select:sales.*')
    await world.ok('role', 'create', 'Analyst', '--allow', 'select:sales.*', '--allow', 'select:hr')
    for (const name of ['BI', 'bistro', 'JDBC', 'nightly']) {
      const description = `for ${name}`
      const token = await world.ok('client', 'create', name, '--role', 'user', '--description', description)
      ids[name] = token.slice(0, 16)
    }
    ids.second = (await world.ok('token', 'create', 'JDBC')).slice(0, 16)
    await world.ok('client', 'disable', 'nightly')
    await world.ok('token', 'disable', 'bistro')
    for (const name of ['acme', 'umbrella', 'Initech', 'lost']) await world.ok('org', 'create', name)
    await world.ok('org', 'delete', 'lost')
    for (const name of ['acme/etl', 'acme/ops']) await world.ok('group', 'create', name)
    await world.ok('client', 'create', 'gone', '--role', 'user')
    await world.ok('client', 'delete', 'gone', '--yes')
    world.stdin = 'correct horse battery'
    await world.ok('operator', 'create', 'alice', '--role', 'user', '--password-stdin')
  })
  afterAll(() => world.end())

  const LINES: readonly (readonly [string, readonly string[]])[] = [
    ['tokenctl client show ', ['BI', 'bistro', 'JDBC', 'nightly']],
    ['tokenctl client show b', ['BI', 'bistro']],
    ['tokenctl client show Bi', ['BI', 'bistro']],
    ['tokenctl client show "BI', ['BI', 'bistro']],
    ['tokenctl client show "bis', ['bistro']],
    ['tokenctl client show B*', []],
    ['tokenctl client show %', []],
    ['tokenctl client show _', []],
    ['tokenctl client show BI ', ['--scope', '--help', ...GLOBAL]],
    ['tokenctl client show -- b', ['BI', 'bistro']],
    ['tokenctl client create ', []],
    ['tokenctl client delete BI b', ['bistro']],
    ['tokenctl client disable ', ['BI', 'bistro', 'JDBC']],
    ['tokenctl client enable ', ['nightly']],
    ['tokenctl jobs set-connection j', ['JDBC']],
    ['tokenctl token create n', ['nightly']],
    ['tokenctl token list --client n', ['nightly']],
    ['tokenctl token list --client=n', ['--client=nightly']],
    ['tokenctl token list --client=$n', []],
    ['tokenctl client update BI --role ', ['admin', 'Analyst', 'auditor', 'ops@example', 'user']],
    ['tokenctl client update BI --role a', ['admin', 'Analyst', 'auditor']],
    ['tokenctl client update BI --role=ops@e', ['--role=ops@example']],
    ['tokenctl role show ', ['admin', 'Analyst', 'auditor', 'ops@example', 'user']],
    ['tokenctl role delete ', ['Analyst', 'ops@example']],
    ['tokenctl operator show ', ['alice', 'tester']],
    ['tokenctl operator show A', ['alice']],
    ['tokenctl operator show %', []],
    ['tokenctl operator create ', []],
    ['tokenctl operator delete alice ', ['tester']],
    ['tokenctl operator grant alice --role au', ['auditor']],
    ['tokenctl role delete analyst ', ['Analyst', 'ops@example']],
    ['tokenctl role delete Analyst ', ['ops@example']],
    ['tokenctl role update ', ['Analyst', 'ops@example']],
    ['tokenctl role create ', []],
    ['tokenctl org delete ', ['acme', 'Initech', 'umbrella']],
    ['tokenctl org delete acme i', ['Initech']],
    ['tokenctl org delete acme/', []],
    ['tokenctl org create ', []],
    ['tokenctl group delete ', ['acme/etl', 'acme/ops']],
    ['tokenctl group delete ACME/e', ['acme/etl']],
    ['tokenctl group delete acme/ops ', ['acme/etl']],
    ['tokenctl group create ', []],
    ['tokenctl client list --scope ', ['cluster', 'acme', 'acme/etl', 'acme/ops', 'Initech', 'umbrella']],
    ['tokenctl client list --scope c', ['cluster']],
    ['tokenctl group list --scope=acme/', ['--scope=acme/etl', '--scope=acme/ops']],
    ['tokenctl token show n', ['nightly']],
    ['tokenctl token show j', []], // JDBC has two
  ]
  test.each(LINES)('%j', async (line, expected) => {
    const found = await values(world, line)
    expect(found.sort()).toEqual([...expected].sort())
  })

  test('a token has an ID, and the name of its client if that has no other', async () => {
    const all = Object.values(ids).sort()
    expect(await values(world, 'tokenctl token show ')).toEqual([
      'BI',
      'bistro',
      'nightly',
      ...[ids.JDBC, ids.second].sort(),
    ])
    expect(await values(world, 'tokenctl token show tk')).toEqual(all)
    expect(await values(world, `tokenctl token show ${ids.BI?.slice(0, -1)}`)).toEqual([ids.BI])
    expect(await values(world, `tokenctl token show ${ids.BI?.toUpperCase()}`)).toEqual([])
    expect(await values(world, 'tokenctl token enable ')).toEqual(['bistro'])
    expect(await values(world, 'tokenctl token disable b')).toEqual(['BI'])
    expect(await values(world, `tokenctl token delete BI ${ids.BI} b`)).toEqual(['bistro'])
  })

  test('what they are is said beside them', async () => {
    expect(await lines(world, 'tokenctl client show n')).toEqual(['nightly\trole user, disabled'])
    expect(await lines(world, 'tokenctl token show b')).toEqual([
      `BI\t${ids.BI}, active, for BI`,
      `bistro\t${ids.bistro}, disabled, for bistro`,
    ])
    expect(await lines(world, `tokenctl token show ${ids.second}`)).toEqual([`${ids.second}\tJDBC, active`])
    expect(await lines(world, 'tokenctl role show An')).toEqual(['Analyst\tselect:hr, select:sales.*'])
  })

  test('bash keeps what stands before the part that it replaces', async () => {
    expect(await values(world, 'tokenctl role show ops@ex\0@ex')).toEqual(['@example'])
    expect(await values(world, 'tokenctl client list --role=OPS@ex\0@ex')).toEqual(['@example'])
    expect(await values(world, 'tokenctl token list --client=b\0b')).toEqual(['BI', 'bistro'])
  })

  test('nothing of it is a change, nor stands in the audit', async () => {
    const before = await world.contents()
    for (const [line] of LINES) await lines(world, line)
    expect(await world.contents()).toEqual(before)
  })

  test('a token in the environment, which may not administer, sees nothing', async () => {
    world.environment.TOKENCTL_TOKEN = 'tkc_nothing'
    expect(await lines(world, 'tokenctl client show ')).toEqual([])
    delete world.environment.TOKENCTL_TOKEN
  })

  test('the store is the one that the line names, and an unknown one has no names', async () => {
    for (const store of ['"$STORE"', '$STORE', 'nonsense.db', 'postgres://127.0.0.1:1/x', "''"]) {
      expect(await lines(world, `tokenctl --store ${store} client show `)).toEqual([])
      expect(await lines(world, `tokenctl client show --store=${store} b`)).toEqual([])
    }
    const other = await worldOn(engine)
    other.environment = {}
    const { files } = world.system()
    other.changes = { files: { ...other.system().files, sessionFolder: () => files.sessionFolder() } }
    const storePath = engine === 'SQLite' ? world.storePath : (world.environment.TOKENCTL_STORE ?? '')
    expect(await values(other, `tokenctl --store '${storePath}' client show b`)).toEqual(['BI', 'bistro'])
    expect(await values(other, `tokenctl client --store='${storePath}' show b`)).toEqual(['BI', 'bistro'])
    await other.end()
  })
})

describe.each(ENGINES)('on %s', (engine) => {
  let world: World
  beforeEach(async () => {
    world = await worldOn(engine)
    await world.makeStore()
  })
  afterEach(() => world.end())

  /** Rows as the program would have made them. */
  const client = (id: number, name: string, scope = 'cluster'): Promise<void> =>
    world.sql(`insert into client (id, name, name_key, scope, role_id, created_at, created_by)
      values (${id}, '${name}', '${name.toLowerCase()}', '${scope}', 3, 0, 'tester');
      insert into token (id, client_id, created_at, created_by)
      values ('tkc_${String(id).padStart(12, '0')}', ${id}, 0, 'tester')`)

  /** Whoever acts in a database is its clusteradmin by name: here, one who may do nothing. */
  const powerlessAdmin = `
    update role set name = 'was-admin', name_key = 'was-admin' where id = 1;
    update role set name = 'admin', name_key = 'admin' where id = 3;
    update operator_grant set role_id = 3`

  test('who may list at one place is offered what is there and below, and by name what is in their own place', async () => {
    await client(1, 'everywhere')
    await client(2, 'of-acme', 'acme')
    await client(3, 'of-etl', 'acme/etl')
    await client(4, 'of-acme-x', 'acme-x')
    await world.sql(
      engine === 'SQLite'
        ? "update operator_grant set scope = 'acme'"
        : `${powerlessAdmin};
           insert into operator_grant (operator_id, role_id, scope) select id, 1, 'acme' from operator`,
    )
    const byName = engine === 'SQLite' ? ['of-acme'] : []
    const before = await world.contents()
    expect(await values(world, 'tokenctl client show ')).toEqual(byName)
    expect(await values(world, 'tokenctl token list --client ')).toEqual(['of-acme', 'of-etl'])
    expect(await values(world, 'tokenctl token show ')).toEqual([
      ...(engine === 'SQLite' ? byName : ['tkc_000000000002']),
      'tkc_000000000003',
    ])
    expect(await world.contents()).toEqual(before)
  })

  test('what one has no part in is not offered, and of what one is in a part of the whole', async () => {
    for (const org of ['acme', 'umbrella']) await world.ok('org', 'create', org)
    for (const group of ['acme/etl', 'acme/ops', 'umbrella/etl']) await world.ok('group', 'create', group)
    const token = await world.ok('client', 'create', 'lead', '--role', 'admin', '--scope', 'acme/etl')
    world.environment.TOKENCTL_TOKEN = token
    expect(await values(world, 'tokenctl org delete ')).toEqual(['acme'])
    expect(await values(world, 'tokenctl group delete ')).toEqual(['acme/etl'])
    expect(await values(world, 'tokenctl client list --scope ')).toEqual(['cluster', 'acme', 'acme/etl'])
  })

  test('who may list nothing is offered roles alone, and no denial is written', async () => {
    await client(1, 'BI')
    await world.sql(powerlessAdmin)
    const before = await world.contents()
    expect(await values(world, 'tokenctl client show ')).toEqual([])
    expect(await values(world, 'tokenctl token show ')).toEqual([])
    expect((await values(world, 'tokenctl role show ')).length).toBeGreaterThan(1)
    expect(await world.contents()).toEqual(before)
  })

  test('nobody who is no operator is offered anything', async () => {
    await client(1, 'BI')
    await world.sql('update operator set disabled_at = 1')
    expect(await lines(world, 'tokenctl client show ')).toEqual([])
    expect(await lines(world, 'tokenctl role show ')).toEqual([])
  })

  test('of hundreds come the first, and the last: a shell fills in what all begin with', async () => {
    for (let i = 1; i <= 250; i++) await client(i, `client-${i}`)
    await client(300, 'click')
    await client(301, 'clerk')
    const found = await values(world, 'tokenctl client show c')
    expect(found).toHaveLength(101)
    expect(found.slice(0, 3)).toEqual(['clerk', 'click', 'client-1'])
    expect(found.at(-1)).toBe('client-99')
    expect(await values(world, 'tokenctl client show client-24')).toEqual([
      'client-24',
      ...Array.from({ length: 10 }, (_, i) => `client-24${i}`),
    ])
    const tokens = await values(world, 'tokenctl token show tkc_0')
    expect([tokens.length, tokens[0], tokens.at(-1)]).toEqual([101, 'tkc_000000000001', 'tkc_000000000301'])
  })

  const HOSTILE = [
    '$(touch pwned)',
    '`touch pwned`',
    'x;touch pwned',
    '-rf',
    ':files',
    'a b',
    'a\tb',
    'a\nb',
    '\u001b[31mred',
    '\u202eabc',
    'a\u200bb',
    '"quoted',
    '*',
    'é',
    'x'.repeat(64),
    '',
  ]
  test('a name that was tampered with is not offered', async () => {
    await client(1, 'BI')
    for (const [i, name] of HOSTILE.entries()) {
      await client(2 + i, name)
      await world.sql(`update token set id = '${name.slice(0, 40)}' where client_id = ${2 + i}`)
      await world.sql(`insert into role (id, name, name_key, built_in, created_at)
        values (${9 + i}, '${name}', '${name}', 0, 0)`)
    }
    expect(await values(world, 'tokenctl client show ')).toEqual(['BI'])
    expect(await values(world, 'tokenctl token list --client ')).toEqual(['BI'])
    expect(await values(world, 'tokenctl token show ')).toEqual(['BI'])
    expect(await values(world, 'tokenctl token show tk')).toEqual(['tkc_000000000001'])
    expect(await values(world, 'tokenctl role delete ')).toEqual([])
  })

  test('what describes a name is escaped, on one line, and not long', async () => {
    await client(1, 'BI')
    await world.sql(
      "update token set description = 'a\tb\nc\u001b[31m\u202e\u009b$(touch pwned)' || '" +
        'x'.repeat(100) +
        "'",
    )
    const [line = '', ...others] = await lines(world, 'tokenctl token show B')
    expect(others).toEqual([])
    expect(line).toMatch(/^BI\ttkc_000000000001, pending, a\\u\{9\}b\\u\{a\}c\\u\{1b\}\[31m\\u\{202e\}.*…$/)
    expect(line.length).toBeLessThan(70)
  })

  test('a store of another version is neither read nor brought up to date', async () => {
    await client(1, 'BI')
    for (const version of [1, 99]) {
      await world.sql(
        engine === 'SQLite'
          ? `pragma user_version = ${version}`
          : `update schema_version set version = ${version}`,
      )
      const before = await world.contents()
      expect(await lines(world, 'tokenctl client show ')).toEqual([])
      expect(await world.contents()).toEqual(before)
    }
  })
})

describe('a store that cannot be read', () => {
  const world = new World()
  afterAll(() => world.remove())

  test.each<[string, () => void]>([
    ['which others can reach', () => chmodSync(world.storePath, 0o644)],
    ['which is something else', () => writeFileSync(world.storePath, 'something else', { mode: 0o600 })],
    ['which is empty', () => writeFileSync(world.storePath, '')],
  ])('%s, is not spoken of', async (_, spoil) => {
    await world.ok('init').catch(() => {})
    spoil()
    expect(await lines(world, 'tokenctl client show ')).toEqual([])
    chmodSync(world.storePath, 0o600)
  })

  test('and a database that does not answer is not waited for, whatever its URL says', async () => {
    const server = createServer(() => {})
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    world.environment.TOKENCTL_STORE = `postgres://a@127.0.0.1:${port}/b?connect_timeout=0`
    expect(await lines(world, 'tokenctl client show ')).toEqual([])
    server.close()
  })
})
