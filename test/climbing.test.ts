import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { attempt, expectRefused } from './support/attempt.ts'
import { COMMAND_LINES } from './support/command-lines.ts'
import { type EngineName, ENGINES, PASSWORD, type World, worldOn } from './support/world.ts'

// Attempts to be more than one is. Each is played in a store of its own, which it leaves as it was.

/** Of what is told below, by those who have it. */
interface Secrets {
  /** Of client BI, analyst at acme/etl. */
  readonly bi: string
  /** Of client Hidden, analyst at other. */
  readonly hidden: string
  /** Of client Boss, admin at the cluster. */
  readonly boss: string
  /** Of client R, admin at acme. */
  readonly r: string
  /** Of zoe, who is admin at the cluster. */
  readonly zoes: string
}

interface Prepared {
  readonly world: World
  readonly secrets: Secrets
}

async function prepared(engine: EngineName): Promise<Prepared> {
  const world = await worldOn(engine)
  await world.makeStore()
  for (const org of ['acme', 'other']) await world.ok('org', 'create', org)
  for (const group of ['acme/etl', 'acme/ops', 'other/etl']) await world.ok('group', 'create', group)
  await world.ok('role', 'create', 'analyst', '--allow', 'select:sales.*')
  const client = (name: string, role: string, scope: string): Promise<string> =>
    world.ok('client', 'create', name, '--role', role, '--scope', scope)
  const bi = await client('BI', 'analyst', 'acme/etl')
  const hidden = await client('Hidden', 'analyst', 'other')
  const boss = await client('Boss', 'admin', 'cluster')
  const r = await client('R', 'admin', 'acme')
  await client('Weak', 'user', 'cluster')
  await operator(world, 'bob', 'user')
  await operator(world, 'yves', 'auditor', 'other')
  await operator(world, 'zoe', 'admin')
  await world.ok('settings', 'set', 'personal-tokens', 'everyone')
  await logInAs(world, 'zoe')
  const zoes = await world.ok('token', 'create', '--mine')
  await world.ok('logout')
  await world.logIn()
  return { world, secrets: { bi, hidden, boss, r, zoes } }
}

async function operator(world: World, name: string, role: string, scope = 'cluster'): Promise<void> {
  world.stdin = `${PASSWORD}\n`
  await world.ok('operator', 'create', name, '--role', role, '--scope', scope, '--password-stdin')
}

async function logInAs(world: World, name: string): Promise<void> {
  world.stdin = `${PASSWORD}\n`
  await world.ok('login', name, '--password-stdin')
}

const idOf = (secret: string): string => secret.slice(0, 16)

/** Everything that is given to one name, in the order in which help shows it. */
const linesOn = (name: string): string[] =>
  Object.values(COMMAND_LINES).filter((line) => line.split(' ').includes(name))

describe.each(ENGINES)('on %s', (engine) => {
  let template: Prepared
  let world: World
  let secrets: Secrets
  beforeAll(async () => {
    template = await prepared(engine)
    ;({ secrets } = template)
  })
  afterAll(() => template.world.end())
  beforeEach(async () => {
    world = await template.world.copy()
  })
  afterEach(() => world.end())

  type How = 'a person' | 'a token'
  const HOWS: readonly How[] = ['a person', 'a token']

  /** A role of these patterns, held from here on by who asks. */
  async function becomes(how: How, scope: string, ...patterns: string[]): Promise<void> {
    await world.ok('role', 'create', 'narrow', ...patterns.flatMap((pattern) => ['--allow', pattern]))
    await becomesRole(how, scope, 'narrow')
  }

  async function becomesRole(how: How, scope: string, role: string): Promise<void> {
    if (how === 'a token') {
      const secret = await world.ok('client', 'create', 'Mallory', '--role', role, '--scope', scope)
      world.environment.TOKENCTL_TOKEN = secret
    } else {
      await operator(world, 'mallory', role, scope)
      await logInAs(world, 'mallory')
    }
  }

  /** The first clusteradmin does something meanwhile. */
  async function asTester(...argv: string[]): Promise<string> {
    const { TOKENCTL_TOKEN, ...environment } = world.environment
    world.environment = environment
    if (engine === 'SQLite') await world.run('logout')
    else await world.logIn()
    try {
      return await world.ok(...argv)
    } finally {
      if (TOKENCTL_TOKEN !== undefined) world.environment.TOKENCTL_TOKEN = TOKENCTL_TOKEN
    }
  }

  // On the other engine by one of them: it is asked in the same place.
  describe.each(engine === 'SQLite' ? HOWS : HOWS.slice(1))('minting above oneself, by %s', (how) => {
    const GIVES = / gives \S+, which mallory does not hold at (cluster|acme|acme\/etl)\n/i
    const LINES: readonly (readonly [line: string, ...patterns: string[]])[] = [
      ['client create X --role admin', 'create:tokenctl/client'],
      ['client create X --role admin', 'create:tokenctl/client', '*:*'],
      ['client create X --role admin --no-token', 'create:tokenctl/client'],
      ['client create X --role analyst', 'create:tokenctl/client', 'select:sales.orders', 'select:sales.'],
      ['client create X --role auditor --scope acme', 'create:tokenctl/client'],
      ['client update Weak --role admin', 'update:tokenctl/client'],
      ['client update Weak --role analyst', '*:tokenctl/*'],
      ['client update BI --scope acme/etl --role auditor', 'update:tokenctl/client', 'select:sales.*'],
      ['token create Boss', 'create:tokenctl/token'],
      ['token create BI --scope acme/etl', 'create:tokenctl/token'],
      ['token regenerate Boss --yes', 'regenerate:tokenctl/token'],
      ['token regenerate Boss --yes', '*:tokenctl/*'],
      ['operator create x --role admin --password-stdin', 'create:tokenctl/operator'],
      ['operator create x --role analyst --password-stdin', 'create:tokenctl/operator'],
      ['operator grant bob --role admin', 'grant:tokenctl/operator'],
      ['operator grant bob --role auditor --scope acme', 'grant:tokenctl/operator'],
      ['operator grant yves --role admin', 'grant:tokenctl/operator', '*:*'],
      ['operator passwd zoe --password-stdin', 'passwd:tokenctl/operator'],
      ['operator passwd tester --password-stdin', 'passwd:tokenctl/operator'],
      ['role update analyst --allow *:tokenctl/operator', 'update:tokenctl/role'],
      ['role update analyst --allow *:*', 'update:tokenctl/role', 'select:*'],
      ['role update analyst --allow select:sales*', 'update:tokenctl/role', 'select:sales.*'],
    ]
    test.each(LINES.map(([line, ...patterns]) => [line, patterns] as const))(
      '%s, with %j',
      async (line, patterns) => {
        await becomes(how, 'cluster', ...patterns)
        world.stdin = `${PASSWORD}\n`
        await expectRefused(world, line, GIVES)
      },
    )

    test('letting in again who may more', async () => {
      await world.ok('operator', 'disable', 'zoe')
      await becomes(how, 'cluster', 'enable:tokenctl/operator')
      await expectRefused(world, 'operator enable zoe', GIVES)
    })

    test('what an admin of an organization holds is held there, and not above', async () => {
      await becomesRole(how, 'acme', 'admin')
      await expectRefused(
        world,
        'client create X --role user --scope cluster',
        'not permitted to run client create',
      )
      await expectRefused(world, 'operator grant mallory --role admin --scope acme', 'not permitted')
      await expectRefused(world, 'operator grant mallory --role admin --scope cluster', 'not permitted')
      await expectRefused(
        world,
        'operator create x --role user --scope acme --password-stdin',
        'not permitted',
      )
      await expectRefused(world, 'role create x --allow *:*', 'not permitted')
      await expectRefused(world, 'role update analyst --allow *:*', 'not permitted')
      await expectRefused(world, 'settings set tokens off --force', 'not permitted')
      await expectRefused(world, 'org create mine', 'not permitted')
      await expectRefused(world, 'jobs set-connection BI --scope acme/etl', 'not permitted')
    })

    test('a client whose role has grown is no longer one to make secrets for', async () => {
      const allowed = ['create:tokenctl/token', 'regenerate:tokenctl/token', 'select:sales.*']
      await becomes(how, 'cluster', ...allowed)
      const bi = idOf(secrets.bi)
      await world.ok('token', 'create', 'BI', '--scope', 'acme/etl')
      await world.ok('token', 'regenerate', bi, '--yes')
      await world.sql(
        `insert into role_permission (role_id, pattern) select id, 'select:hr' from role where name = 'analyst'`,
      )
      await expectRefused(world, 'token create BI --scope acme/etl', /role analyst gives select:hr, /)
      await expectRefused(world, `token regenerate ${bi} --yes`, /role analyst gives select:hr, /)
    })
  })

  describe('two narrow roles do not make a wide one', () => {
    /** Each a role of one pattern held at a scope. */
    async function holds(...grants: readonly (readonly [pattern: string, scope: string])[]): Promise<void> {
      for (const [index, [pattern, scope]] of grants.entries()) {
        await world.ok('role', 'create', `part${index}`, '--allow', pattern)
        if (index === 0) await operator(world, 'mallory', 'part0', scope)
        else await world.ok('operator', 'grant', 'mallory', '--role', `part${index}`, '--scope', scope)
      }
      await logInAs(world, 'mallory')
    }
    const MAKE = 'client create X --role analyst --no-token --scope'

    test('halves of a pattern at different scopes', async () => {
      await holds(
        ['create:tokenctl/client', 'cluster'],
        ['select:sales.a*', 'cluster'],
        ['select:sales.b*', 'acme'],
        ['sel*:sales.orders', 'acme/etl'],
      )
      await expectRefused(world, `${MAKE} acme/etl`, /gives select:sales\.\*, which mallory does not hold/)
    })

    test('the permission here and the pattern there', async () => {
      await holds(['create:tokenctl/client', 'acme'], ['select:sales.*', 'acme/etl'])
      await expectRefused(
        world,
        `${MAKE} acme`,
        /gives select:sales\.\*, which mallory does not hold at acme\n/,
      )
      await expectRefused(world, `${MAKE} acme/ops`, /does not hold at acme\/ops\n/)
      await world.ok(...`${MAKE} acme/etl`.split(' '))
    })

    test('the pattern above and the permission below', async () => {
      await holds(['create:tokenctl/client', 'acme/etl'], ['select:sales.*', 'acme'])
      await expectRefused(world, `${MAKE} acme`, 'not permitted to run client create at acme\n')
      await world.ok(...`${MAKE} acme/etl`.split(' '))
    })

    test('a role is for everywhere: what is held at an organization is added to none', async () => {
      await holds(['update:tokenctl/role', 'cluster'], ['select:*', 'acme'], ['select:*', 'other'])
      await expectRefused(world, 'role update analyst --allow select:hr', /gives select:hr, .* at cluster\n/)
    })
  })

  describe('a token on its own client', () => {
    const READS = ['client create', 'client show', 'token show']
    const lines = linesOn('BI').filter((line) => !READS.some((read) => line.startsWith(read)))
    const SPELLINGS: readonly (readonly [how: string, spelled: (name: string, id: string) => string])[] = [
      ['by its name', (name) => name],
      ['by its name in capitals', (name) => name.toUpperCase()],
      ['by its name in small letters', (name) => name.toLowerCase()],
      ['by its ID', (_, id) => id],
    ]

    test('is looked for in every command that takes one', () => {
      expect(lines.map((line) => line.split(' BI')[0])).toEqual([
        ...['client update', 'client disable', 'client enable'],
        ...['token update', 'token regenerate', 'token disable', 'token enable', 'jobs set-connection'],
        ...['token delete', 'token create', 'client delete'],
      ])
    })

    test.each(SPELLINGS)('changes nothing of it, %s, whatever its role', async (how, spelled) => {
      world.environment.TOKENCTL_TOKEN = secrets.boss
      for (const line of lines) {
        const isByToken = /^token (?!create)/.test(line)
        if (how === 'by its ID' && !isByToken) continue
        const attempted = line.replace('BI', spelled('Boss', idOf(secrets.boss))).replace('analyst', 'user')
        await expectRefused(world, attempted, 'a token does not change its own client, and this one is Boss')
      }
    })

    test('nor among several names, of which the others are done', async () => {
      world.environment.TOKENCTL_TOKEN = secrets.boss
      const { code, stdout, stderr } = await world.run('client', 'disable', 'Weak', 'Boss', 'BOSS')
      expect({ code, stdout }).toEqual({ code: 5, stdout: 'disabled client Weak\n' })
      expect(stderr.match(/a token does not change its own client, and this one is Boss's/g)).toHaveLength(2)
      expect(await world.verify(secrets.boss)).toBe(0)
    })

    test('has no token beside it by which it would go on', async () => {
      const id = idOf(await world.ok('token', 'create', 'Boss'))
      world.environment.TOKENCTL_TOKEN = secrets.boss
      for (const verb of ['regenerate', 'disable', 'enable', 'delete']) {
        await expectRefused(world, `token ${verb} ${id} --yes`, 'a token does not change its own client')
      }
      await expectRefused(
        world,
        `token update ${id} --description mine`,
        'a token does not change its own client',
      )
    })

    test('does not get more through a second client: neither has what the first had not', async () => {
      await becomes('a token', 'cluster', 'create:tokenctl/client', 'update:tokenctl/client', 'a:b')
      const second = await world.ok('client', 'create', 'Second', '--role', 'narrow')
      world.environment.TOKENCTL_TOKEN = second
      for (const role of ['admin', 'auditor', 'analyst']) {
        await expectRefused(world, `client update Mallory --role ${role}`, /^tokenctl: role \w+ gives /)
        await expectRefused(
          world,
          `client update Second --role ${role}`,
          'a token does not change its own client',
        )
        await expectRefused(world, `client create Third --role ${role}`, /^tokenctl: role \w+ gives /)
      }
    })

    test('with no role but user may nothing at all', async () => {
      await becomesRole('a token', 'cluster', 'user')
      for (const line of lines) {
        await expectRefused(world, line.replace('BI', 'Mallory'), 'is not permitted to run')
      }
      await expectRefused(world, 'token create --mine', 'is not permitted to run own-token create')
    })
  })

  describe('a role that one has', () => {
    const GROW = ['update', 'delete', 'create'].map((verb) => `${verb}:tokenctl/role`)

    test('is not widened by a token, under any spelling, nor made anew', async () => {
      await becomes('a token', 'cluster', ...GROW)
      for (const name of ['narrow', 'NARROW', 'Narrow']) {
        await expectRefused(world, `role update ${name} --allow delete:tokenctl/token`, /./)
        await expectRefused(
          world,
          `role update ${name} --allow update:tokenctl/role`,
          'role of its own client',
        )
        await expectRefused(
          world,
          `role update ${name} --remove create:tokenctl/role`,
          'role of its own client',
        )
        expect(await attempt(world, 'role', 'delete', name)).toMatchObject({ code: 4, said: [] })
        expect(await attempt(world, 'role', 'create', name, '--allow', '*:tokenctl/*')).toMatchObject({
          code: 4,
          said: [],
        })
      }
    })

    test('is widened by a person up to what they hold at the cluster, and no further', async () => {
      await becomes('a person', 'cluster', ...GROW)
      await expectRefused(
        world,
        'role update narrow --allow delete:tokenctl/token',
        /gives delete:tokenctl\/token, /,
      )
      await expectRefused(world, 'role update narrow --allow *:tokenctl/role', /gives \*:tokenctl\/role, /)
      await expectRefused(
        world,
        'role update narrow --allow update:tokenctl/*',
        /gives update:tokenctl\/\*, /,
      )
      expect((await attempt(world, 'role', 'delete', 'narrow')).code).toBe(4)
    })

    test('is none of the built-in ones', async () => {
      world.environment.TOKENCTL_TOKEN = secrets.boss
      for (const role of ['user', 'auditor']) {
        const ended = await attempt(world, ...`role update ${role} --allow *:tokenctl/*`.split(' '))
        expect(ended).toMatchObject({ code: 4, said: [] })
      }
      await becomes('a token', 'cluster', ...GROW)
      const made = await attempt(world, 'role', 'create', 'Admin', '--allow', 'a:b')
      expect(made).toMatchObject({ code: 4, said: [] })
    })

    test('made by whoever may make roles is worth nothing until somebody who holds it all gives it', async () => {
      await becomes('a token', 'cluster', ...GROW, 'create:tokenctl/client', 'grant:tokenctl/operator')
      await world.ok('role', 'create', 'super', '--allow', '*:tokenctl/*')
      await expectRefused(world, 'client create X --role super', /role super gives \*:tokenctl\/\*, /)
      await expectRefused(world, 'operator grant bob --role super', /role super gives \*:tokenctl\/\*, /)
    })

    test('is in use, and by how many, but by whom is for who may list them', async () => {
      await becomes('a token', 'cluster', 'delete:tokenctl/role')
      expect(await attempt(world, 'role', 'delete', 'analyst')).toMatchObject({
        code: 4,
        stderr: 'tokenctl: role analyst is in use by 2 clients\n',
        said: [],
      })
    })
  })

  describe('a personal token', () => {
    beforeEach(() => {
      world.environment.TOKENCTL_TOKEN = secrets.zoes
    })

    test('changes nothing of its operator, under any spelling', async () => {
      const lines = linesOn('alice').filter((line) => !/^operator (create|show)/.test(line))
      expect(lines.map((line) => line.split(' ')[1])).toEqual([
        ...['grant', 'revoke', 'disable', 'enable', 'delete'],
      ])
      world.stdin = `${PASSWORD}\n`
      for (const line of [...lines, 'operator passwd alice --password-stdin']) {
        for (const name of ['zoe', 'ZOE']) {
          await expectRefused(world, line.replace('alice', name), 'a token does not change its own client')
        }
      }
      await expectRefused(world, 'operator passwd --password-stdin', 'a token does not change its own client')
    })

    test('makes no other, and does not touch its siblings or its client', async () => {
      await logInAs(world, 'zoe')
      const { TOKENCTL_TOKEN: mine = '', ...environment } = world.environment
      world.environment = environment
      const sibling = idOf(await world.ok('token', 'create', '--mine'))
      world.environment = { ...environment, TOKENCTL_TOKEN: mine }
      await expectRefused(world, 'token create --mine', 'is not permitted to run own-token create')
      await expectRefused(world, 'token create @zoe', 'a token does not change its own client')
      for (const id of [sibling, idOf(mine)]) {
        for (const verb of ['regenerate', 'disable', 'enable', 'delete']) {
          await expectRefused(world, `token ${verb} ${id} --yes`, 'a token does not change its own client')
        }
        await expectRefused(
          world,
          `token update ${id} --description x`,
          'a token does not change its own client',
        )
      }
      for (const verb of ['disable', 'enable', 'delete']) {
        await expectRefused(world, `client ${verb} @ZOE --yes`, 'a token does not change its own client')
      }
      await expectRefused(world, 'client update @zoe --role user', 'a token does not change its own client')
    })

    test('of somebody else is made, or made anew, by nobody', async () => {
      const reason = "client @zoe is personal, and nobody makes a token in another's name"
      delete world.environment.TOKENCTL_TOKEN
      await expectRefused(world, 'token create @zoe', reason)
      await expectRefused(world, `token regenerate ${idOf(secrets.zoes)} --yes`, reason)
      world.environment.TOKENCTL_TOKEN = secrets.boss
      await expectRefused(world, 'token create @Zoe', reason)
      await expectRefused(world, `token regenerate ${idOf(secrets.zoes)} --yes`, reason)
    })

    const valid = async (): Promise<number> => (await world.run('whoami')).code
    const DEAD: readonly (readonly [how: string, deeds: readonly string[]])[] = [
      ['once the setting is off', ['settings set personal-tokens off --force']],
      ['once the tokens are', ['settings set tokens off --force']],
      ['once its operator is disabled', ['operator disable zoe']],
      ['once it is deleted itself', ['token delete {id} --yes']],
    ]
    test.each(DEAD)('is no good %s', async (_, deeds) => {
      expect(await valid()).toBe(0)
      for (const deed of deeds) await asTester(...deed.replace('{id}', idOf(secrets.zoes)).split(' '))
      for (const line of ['whoami', 'client list', 'client disable Weak', 'operator enable zoe']) {
        expect(await attempt(world, ...line.split(' '))).toMatchObject({ code: 6, stdout: '', said: [] })
      }
      expect(await world.verify(secrets.zoes)).toBeGreaterThan(0)
    })

    test('may no more than its operator at that moment', async () => {
      await asTester('operator', 'grant', 'zoe', '--role', 'auditor', '--scope', 'acme')
      await asTester('operator', 'revoke', 'zoe', '--role', 'admin', '--scope', 'cluster')
      await expectRefused(world, 'client disable BI --scope acme/etl', 'not permitted to run client disable')
      expect((await attempt(world, 'client', 'show', 'Boss')).code).toBe(3)
    })

    test('stays dead where its operator was deleted, whoever is called so later', async () => {
      await asTester('operator', 'delete', 'zoe', '--yes')
      world.stdin = `${PASSWORD}\n`
      await asTester('operator', 'create', 'zoe', '--role', 'admin', '--password-stdin')
      expect(await valid()).toBe(6)
      delete world.environment.TOKENCTL_TOKEN
      await logInAs(world, 'zoe')
      expect(await world.json('token', 'list', '--mine')).toEqual([])
      world.environment.TOKENCTL_TOKEN = await world.ok('token', 'create', '--mine')
      expect(await valid()).toBe(0)
      world.environment.TOKENCTL_TOKEN = secrets.zoes
      expect(await attempt(world, 'client', 'disable', 'Weak')).toMatchObject({ code: 6, said: [] })
    })
  })

  describe('asterisks', () => {
    /** What everybody may, or nobody is asked for; and what finds no token where none was given. */
    const PUBLIC = [
      ...['init', 'login', 'logout', 'whoami', 'role list', 'role show', 'settings list', 'settings get'],
      ...['token verify', 'token identify', 'serve', 'completion bash', 'completion zsh', 'completion fish'],
    ]
    const ASKED = Object.entries(COMMAND_LINES).filter(([command]) => !PUBLIC.includes(command))
    const OUTSIDE = ['*:*', '*:t*', '*:tok*', '*:tokenctl*', '*:tokenctl', '*:TOKENCTL/*', '*:Tokenctl/*']
    const VERBS = ['disable*:*', 'create:*', 'c*:tokenctl*', '*:tokenctl.*', '*:tokenctl-/*', '*:/tokenctl/*']

    test.each([...OUTSIDE, ...VERBS])('%s gives nothing of tokenctl', async (pattern) => {
      await becomes('a token', 'cluster', pattern)
      world.stdin = `${PASSWORD}\n`
      const denied: string[] = []
      for (const [command, line] of ASKED) {
        const { code } = await attempt(world, ...line.replace(' BI', ' Weak').split(' '))
        if (code === 5) denied.push(command)
      }
      expect(denied).toEqual(ASKED.map(([command]) => command))
    })

    test('over all of tokenctl are given by nobody who has only some', async () => {
      await becomes('a token', 'cluster', '*:*', 'c*:tokenctl/*', '*:tokenctl/client', 'update:tokenctl/role')
      await world.ok('client', 'create', 'Other', '--role', 'narrow')
      const patterns = ['*:tokenctl/*', 'd*:tokenctl/*', '*:tokenctl/c*', '*:tokenctl/']
      for (const pattern of patterns) {
        await expectRefused(world, `role update analyst --allow ${pattern}`, 'role analyst gives ')
      }
    })

    test.each([':tokenctl/token', 'disable:', ':', '*', '*:*:*', 'a:tokenctl/*/b', '**:*'])(
      '%j is no permission',
      async (pattern) => {
        for (const line of ['role create x --allow', 'role update analyst --allow', 'whoami --can']) {
          expect(await attempt(world, ...line.split(' '), pattern)).toMatchObject({ code: 2, said: [] })
        }
      },
    )
  })
})

test('whose a user ID is, is for who may list operators', async () => {
  const { world } = await prepared('SQLite')
  const create = ['operator', 'create', 'x', '--role', 'user', '--uid', String(world.person.uid)]
  expect((await attempt(world, ...create)).stderr).toContain('is operator tester already')
  await world.ok('role', 'create', 'narrow', '--allow', 'create:tokenctl/operator')
  world.environment.TOKENCTL_TOKEN = await world.ok('client', 'create', 'Mallory', '--role', 'narrow')
  expect(await attempt(world, ...create)).toEqual({
    code: 4,
    stdout: '',
    stderr: `tokenctl: uid ${world.person.uid} is an operator already\n`,
    said: [],
  })
  await world.end()
})

describe('between the question and the answer', () => {
  let template: Prepared
  let world: World
  /** Somebody else, at the same store and the same time. */
  let other: World
  beforeAll(async () => {
    template = await prepared('SQLite')
    const allow = ['regenerate:tokenctl/token', 'passwd:tokenctl/operator', 'create:tokenctl/operator']
    const patterns = [...allow, 'select:sales.*', '*:tokenctl/own-token']
    await template.world.ok('role', 'create', 'narrow', ...patterns.flatMap((each) => ['--allow', each]))
    const mallory = ['operator', 'create', 'mallory', '--role', 'narrow', '--uid', '4321']
    await template.world.ok(...mallory, '--scope', 'cluster')
    await template.world.ok('operator', 'grant', 'mallory', '--role', 'user', '--scope', 'acme')
  })
  afterAll(() => template.world.end())
  beforeEach(async () => {
    world = await template.world.copy()
    other = Object.assign(await worldOn('SQLite'), { folder: world.folder })
    world.person = { uid: 4321, name: 'mallory' }
    world.terminal = true
  })
  afterEach(() => world.end())

  /** At the first question the first clusteradmin is quicker. */
  function meanwhile(deeds: readonly string[]): void {
    const { prompts } = world.system()
    const left = [...deeds]
    const first = async (): Promise<void> => {
      for (const deed of left.splice(0)) await other.ok(...deed.split(' '))
    }
    world.changes = {
      prompts: {
        ...prompts,
        confirm: async (question) => {
          await first()
          return prompts.confirm(question)
        },
        secret: async (question, refuse) => {
          await first()
          return prompts.secret(question, refuse)
        },
      },
    }
  }

  const REGENERATE = 'token regenerate BI --scope acme/etl'
  const PASSWD = 'operator passwd bob'
  const CREATE = 'operator create x --role analyst --scope cluster'
  const REVOKE = 'operator revoke mallory --role narrow --scope cluster'
  const CHANGED = 'what mallory may do was changed meanwhile'
  const GROWN = 'role update analyst --allow select:hr'
  const MADE_ANEW = 'client create BI --role admin --scope acme/etl'
  const STORIES: readonly (readonly [
    what: string,
    line: string,
    code: number,
    says: string,
    ...deeds: string[],
  ])[] = [
    ['nothing', REGENERATE, 0, ''],
    ['nothing', PASSWD, 0, ''],
    ['nothing', CREATE, 0, ''],
    ['the grant', REGENERATE, 4, CHANGED, REVOKE],
    ['the grant', PASSWD, 4, CHANGED, REVOKE],
    ['the grant', CREATE, 4, CHANGED, REVOKE],
    ['what the role gives', REGENERATE, 4, CHANGED, 'role update narrow --remove select:sales.*'],
    ['the actor', REGENERATE, 6, 'uid 4321 is not an operator', 'operator disable mallory'],
    ['the actor', PASSWD, 6, 'uid 4321 is not an operator', 'operator delete mallory --yes'],
    ['the role of the client', REGENERATE, 5, 'role analyst gives select:hr', GROWN],
    ['the role for the operator', CREATE, 5, 'role analyst gives select:hr', GROWN],
    ['the client', REGENERATE, 5, 'role admin gives ', 'client update BI --role admin --scope acme/etl'],
    ['the client', REGENERATE, 5, 'role admin gives ', 'client delete BI --scope acme/etl --yes', MADE_ANEW],
    ['the operator', PASSWD, 5, 'role admin gives ', 'operator grant bob --role admin --scope cluster'],
  ]
  test.each(STORIES.map(([what, line, code, says, ...deeds]) => ({ what, line, code, says, deeds })))(
    '$what is another: $line ends with $code',
    async ({ line, code, says, deeds }) => {
      meanwhile(deeds)
      const isAsked = line === REGENERATE
      world.answers = isAsked ? ['yes'] : [PASSWORD, PASSWORD]
      const ended = await world.run(...line.split(' '))
      expect({ code: ended.code, stderr: ended.stderr }).toEqual({
        code,
        stderr: expect.stringContaining(says),
      })
      const { audit = [] } = await world.contents()
      const mine = (audit as { actor: string; outcome: string }[]).filter(({ actor }) => actor === 'mallory')
      expect(mine.map(({ outcome }) => outcome)).toEqual(
        OUTCOMES[code] ?? (isAsked ? ['prepared', 'delivered'] : ['done']),
      )
    },
  )
})

/** What the audit says of it, by how it ended; of the rest nothing. */
const OUTCOMES: Readonly<Record<number, readonly string[]>> = { 4: [], 5: ['denied'], 6: [] }
