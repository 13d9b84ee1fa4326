import { isDeepStrictEqual } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { AuditEntry } from '../src/core/audit.ts'
import { actingToken, personalToken } from './support/acting-tokens.ts'
import { chainOf } from './support/audit-chain.ts'
import { COMMAND_LINES } from './support/command-lines.ts'
import { ENGINES, World, worldOn } from './support/world.ts'

const LINES = Object.entries(COMMAND_LINES)
  .filter(([words]) => words.startsWith('operator '))
  .map(([words, line]) => [words, line.split(' ')] as const)

const entriesOf = async (world: World): Promise<readonly AuditEntry[]> => (await chainOf(world)).entries

const untouched = async (world: World): Promise<unknown> => ({
  ...(await world.contents()),
  audit: [],
  generation: [],
  token_use: [],
  token_idle: [],
  token_use_day: [],
})

describe.each(ENGINES)('who may do what to operators, on %s', (engine) => {
  let world: World
  beforeEach(async () => {
    world = await worldOn(engine)
    await world.makeStore()
    await world.sql(`insert into setting values ('personal-tokens', 'everyone')`)
    await add(101, 'alice', 'admin')
    await add(102, 'bob', 'auditor')
  })
  afterEach(() => world.end())

  async function add(id: number, name: string, role: string, hash = `'-'`): Promise<void> {
    await world.sql(
      `insert into operator (id, name, name_key, password_hash, created_at)
         values (${id}, '${name}', '${name}', ${hash}, 0);
       insert into operator_grant select ${id}, id, 'cluster' from role where name = '${role}'`,
    )
  }

  /** From here on a token asks, whose client has that role, or that is alice's own. */
  async function becomes(role: string, scope = 'cluster'): Promise<void> {
    world.environment.TOKENCTL_TOKEN = await actingToken(
      world,
      `with-${role}-at-${scope}`.replace('/', '.'),
      role,
      scope,
    )
  }
  async function becomesOwnTokenOf(operator: string): Promise<void> {
    world.environment.TOKENCTL_TOKEN = await personalToken(world, operator)
  }
  const role = async (name: string, ...patterns: string[]): Promise<void> => {
    await world.sql(
      [
        `insert into role (id, name, name_key, built_in, created_at) values (50, '${name}', '${name}', 0, 0)`,
        ...patterns.map((pattern) => `insert into role_permission values (50, '${pattern}')`),
      ].join('; '),
    )
  }

  /** Of alice and bob. */
  const sessions = async (): Promise<string[]> =>
    ((await world.contents()).session as { digest: string }[])
      .map(({ digest }) => digest)
      .filter((digest) => digest.startsWith('of '))

  const expectDeniedHere = (argv: readonly string[], reason: string) => expectDenied(world, argv, reason)

  test.each(LINES)(
    '%s is nothing for an organization, and says nothing of who is there',
    async (words, argv) => {
      await becomes('admin', 'acme')
      const line = argv.map((word) => (word === 'alice' ? 'nobody' : word))
      const needed = `that needs ${words.split(' ')[1] ?? ''}:tokenctl/operator`
      for (const each of [argv, line]) {
        await expectDeniedHere(
          each,
          `with-admin-at-acme is not permitted to run ${words} at cluster\nhint: ${needed}`,
        )
      }
    },
  )

  test.each(LINES)('%s is for who has its permission', async (words, argv) => {
    const isLook = /list|show/.test(words)
    await becomes('user')
    expect((await world.run(...argv)).code).toBe(5)
    await becomes('auditor')
    expect((await world.run(...argv)).code).toBe(isLook ? 0 : 5)
  })

  test('names are completed for who may list them, and for nobody else', async () => {
    const offered = async (): Promise<string> => {
      world.stdin = 'tokenctl operator show a'
      return (await world.run('__complete')).stdout
    }
    await becomes('auditor')
    expect(await offered()).toBe('alice\toperator\n')
    await becomes('admin', 'acme')
    expect(await offered()).toBe('')
  })

  test('a role of its own lets a token do one thing', async () => {
    await role('stopper', 'disable:tokenctl/operator')
    await becomes('stopper')
    await world.ok('operator', 'disable', 'bob')
    await expectDeniedHere(
      ['operator', 'enable', 'bob'],
      'with-stopper-at-cluster is not permitted to run operator enable',
    )
  })

  const OWN = [
    ['grant', 'alice', '--role', 'user'],
    ['revoke', 'alice', '--role', 'admin'],
    ['disable', 'alice'],
    ['enable', 'alice'],
    ['delete', 'alice', '--yes'],
  ]
  test.each(OWN)('a personal token does not %s its own operator', async (...line) => {
    await becomesOwnTokenOf('alice')
    const reason = 'a token does not change its own client, and this one is @alice'
    await expectDeniedHere(['operator', ...line], reason)
    await add(103, 'carl', 'auditor')
    const others = line.map((word) => (word === 'alice' ? 'carl' : word))
    expect((await world.run('operator', ...others)).code).toBe(0)
  })

  test('a token does not change the role of its own client, and a personal one none that its operator has', async () => {
    await role('manager', 'update:tokenctl/role', 'select:a', 'select:b')
    const lines = [
      ['role', 'update', 'MANAGER', '--allow', 'select:a.b'],
      ['role', 'update', 'manager', '--remove', 'select:b'],
    ]
    await becomes('manager')
    for (const line of lines) {
      await expectDeniedHere(line, 'a token does not change the role of its own client')
    }
    await add(103, 'carl', 'manager')
    await becomesOwnTokenOf('carl')
    for (const line of lines) {
      await expectDeniedHere(line, 'a token does not change the role of its own client')
    }
    await becomesOwnTokenOf('alice')
    for (const line of lines) await world.ok(...line)
  })

  test('nobody gives what they do not hold: not by making, granting, or letting in again', async () => {
    await role(
      'giver',
      'create:tokenctl/operator',
      'grant:tokenctl/operator',
      'enable:tokenctl/operator',
      'select:a',
    )
    await world.sql(`update operator set disabled_at = 1 where name in ('alice', 'bob')`)
    await becomes('giver')
    world.stdin = 'correct horse battery'
    const reason = 'role admin gives *:*, which with-giver-at-cluster does not hold at cluster'
    const scope = ['--scope', 'cluster']
    await expectDeniedHere(
      ['operator', 'create', 'carl', '--role', 'admin', ...scope, '--password-stdin'],
      reason,
    )
    await expectDeniedHere(['operator', 'grant', 'bob', '--role', 'admin', ...scope], reason)
    await expectDeniedHere(['operator', 'enable', 'alice'], reason)
    await world.ok('operator', 'grant', 'bob', '--role', 'giver')
    await expectDeniedHere(['operator', 'enable', 'bob'], 'role auditor gives ')
  })

  test('to take something away one need not hold it', async () => {
    await role('taker', 'revoke:tokenctl/operator', 'disable:tokenctl/operator', 'delete:tokenctl/operator')
    await becomes('taker')
    await world.sql(`insert into operator_grant select 101, id, 'cluster' from role where name = 'user'`)
    for (const line of [
      ['revoke', 'alice', '--role', 'admin'],
      ['disable', 'alice'],
      ['delete', 'alice', '--yes'],
    ]) {
      expect(await world.run('operator', ...line)).toMatchObject({ code: 0, stderr: '' })
    }
  })

  test('who is disabled loses sessions and the use of personal tokens; enabled again, only the tokens come back', async () => {
    const token = await personalToken(world, 'bob')
    await world.sql(`insert into session values ('of bob', 102, 1, 1), ('of alice', 101, 1, 1)`)
    await becomes('admin')
    await world.ok('operator', 'disable', 'bob')
    expect(await sessions()).toEqual(['of alice'])
    expect(await world.verify(token)).toBe(13)
    await world.ok('operator', 'enable', 'bob')
    expect(await sessions()).toEqual(['of alice'])
    expect(await world.verify(token)).toBe(0)
  })

  test('who is deleted goes with sessions and personal tokens, and it is asked with how many', async () => {
    const tokens = [await personalToken(world, 'bob'), await personalToken(world, 'bob')]
    const ids = tokens.map((token) => token.slice(0, 16))
    await world.sql(`insert into session values ('of bob', 102, 1, 1)`)
    await becomes('admin')
    expect(await world.run('operator', 'delete', 'bob')).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'tokenctl: deleting operator bob and 2 personal tokens cannot be undone, and there is nobody to ask\nhint: --yes does it without asking\n',
    })
    const answer = (await world.json('operator', 'delete', 'bob', '--yes')) as { tokens: string[] }
    expect([...answer.tokens].sort()).toEqual([...ids].sort())
    expect(await sessions()).toEqual([])
    for (const token of tokens) expect(await world.verify(token)).toBe(11)
    expect((await entriesOf(world)).at(-1)).toMatchObject({ action: 'operator delete', outcome: 'done' })

    // Whoever is called so later has nothing of theirs.
    await add(103, 'bob', 'auditor')
    await personalToken(world, 'bob')
    for (const token of tokens) expect(await world.verify(token)).toBe(11)
  })

  /** What the other clusteradmin is; and whether tester may then go. */
  const OTHERS: readonly (readonly [string, string, boolean])[] = [
    ['has a password', `password_hash = '-', uid = null`, true],
    ['is disabled', 'disabled_at = 1', false],
    ['is deleted', 'deleted_at = 1', false],
    ['is known by nothing', 'password_hash = null, uid = null', false],
    ['has a uid alone', 'password_hash = null, uid = 4321', false],
    [
      'has the uid alone of the owner of the store',
      `password_hash = null, uid = ${process.geteuid?.() ?? 0}`,
      engine === 'SQLite',
    ],
  ]
  test.each(OTHERS)('whether the last but one may go, where the other %s', async (_, change, mayGo) => {
    await world.sql(`insert into operator_grant select id, 2, 'cluster' from operator where name = 'tester'`)
    await world.sql(`update operator set uid = null, password_hash = '-' where name = 'tester'`)
    await world.sql(`update operator set ${change} where name = 'alice'`)
    await becomes('admin')
    const lines = [
      ['revoke', 'tester', '--role', 'admin'],
      ['disable', 'tester'],
      ['delete', 'tester', '--yes'],
    ]
    const before = await untouched(world)
    for (const line of mayGo ? lines.slice(-1) : lines) {
      expect((await world.run('operator', ...line)).code).toBe(mayGo ? 0 : 4)
    }
    expect(isDeepStrictEqual(await untouched(world), before)).toBe(!mayGo)
  })

  test('an admin of an organization, or a role that is only called alike, is no clusteradmin', async () => {
    await world.sql(`update operator_grant set scope = 'acme' where operator_id = 101`)
    await role('admin2', '*:*', '*:tokenctl/*')
    await world.sql(`insert into operator_grant values (102, 50, 'cluster')`)
    await becomes('admin')
    expect((await world.run('operator', 'disable', 'tester')).code).toBe(4)
  })

  test('where there is none to begin with, nobody is kept from going', async () => {
    await becomes('admin')
    await world.sql(`update operator set password_hash = null, uid = null where name in ('alice', 'tester')`)
    expect((await world.run('operator', 'disable', 'bob')).code).toBe(0)
  })

  test('an entry says who, what and where; what was so already has none', async () => {
    await world.sql(`insert into scope values (1, 'acme', 'acme', 0, 'tester', null)`)
    await becomes('admin')
    world.stdin = 'correct horse battery'
    const start = (await entriesOf(world)).length
    await world.ok('operator', 'create', 'carl', '--role', 'auditor', '--scope', 'ACME', '--password-stdin')
    for (const verb of ['grant', 'grant', 'revoke', 'revoke']) {
      await world.ok('operator', verb, 'CARL', '--role', 'USER', '--scope', 'acme')
    }
    for (const verb of ['disable', 'disable', 'enable', 'enable']) await world.ok('operator', verb, 'Carl')
    await world.ok('operator', 'delete', 'Carl', '--yes')
    const { actingToken } = (await entriesOf(world)).at(-1)?.details ?? {}
    const said = (await entriesOf(world)).slice(start).filter(({ action }) => action !== 'token verify')
    expect(said.map(({ action, targets, details }) => [action, targets, details])).toEqual([
      ['operator create', ['carl'], { role: 'auditor', at: 'acme', uid: null, actingToken }],
      ['operator grant', ['carl'], { role: 'user', at: 'acme', actingToken }],
      ['operator revoke', ['carl'], { role: 'user', at: 'acme', actingToken }],
      ['operator disable', ['carl'], { actingToken }],
      ['operator enable', ['carl'], { actingToken }],
      ['operator delete', ['carl'], { actingToken }],
    ])
    expect(await chainOf(world)).toMatchObject({ isWhole: true })
  })

  test('a user ID is of one machine, and no way into a database', async () => {
    await becomes('admin')
    const { code, stderr } = await world.run('operator', 'create', 'carl', '--role', 'user', '--uid', '4321')
    expect(code).toBe(engine === 'SQLite' ? 0 : 2)
    expect(stderr).toContain(engine === 'SQLite' ? '' : 'tokenctl: --uid is for a store in a file\nhint: ')
  })
})

/** Exit 5, one entry that says so, and nothing else. */
async function expectDenied(world: World, argv: readonly string[], reason: string): Promise<void> {
  const before = await untouched(world)
  const { length } = await entriesOf(world)
  const { code, stdout, stderr } = await world.run(...argv)
  expect({ code, stdout }).toEqual({ code: 5, stdout: '' })
  expect(stderr).toContain(`tokenctl: ${reason}`)
  expect(await untouched(world)).toEqual(before)
  const [entry, ...more] = (await entriesOf(world)).slice(length)
  expect(more).toEqual([])
  expect(entry).toMatchObject({ action: argv.slice(0, 2).join(' '), outcome: 'denied' })
}

describe('what happens while somebody is asked', () => {
  let world: World
  /** Somebody else, at the same store and the same time. */
  let other: World
  beforeEach(async () => {
    world = new World()
    other = Object.assign(new World(), { folder: world.folder })
    await world.makeStore()
    await world.sql(`insert into scope values (1, 'acme', 'acme', 0, 'tester', null)`)
    world.terminal = true
  })
  afterEach(() => world.remove())

  /** At the first question of that kind somebody else is quicker. */
  function meanwhile(question: 'secret' | 'confirm', deed: () => Promise<unknown>): void {
    const { prompts } = world.system()
    let deeds = 0
    world.changes = {
      prompts: {
        ...prompts,
        [question]: async (...asked: [string]) => {
          if (deeds++ === 0) await deed()
          return prompts[question](...asked)
        },
      },
    }
  }

  const CREATE = ['operator', 'create', 'alice', '--role', 'user', '--scope', 'acme']
  const MEANWHILE: readonly (readonly [string, () => Promise<unknown>, number, string])[] = [
    ['the name is taken', () => other.ok(...CREATE, '--uid', '1'), 4, 'there is an operator alice already'],
    [
      'the scope goes away',
      () => other.sql('update scope set deleted_at = 1'),
      3,
      'organization acme was deleted meanwhile',
    ],
    [
      'the role goes away',
      () => other.sql(`update role set deleted_at = 1 where name = 'user'`),
      3,
      'no role user',
    ],
    [
      'one may no longer',
      () => other.sql(`update operator_grant set role_id = 2`),
      4,
      'what tester may do was changed meanwhile',
    ],
  ]
  test.each(MEANWHILE)('%s', async (_, deed, code, reason) => {
    meanwhile('secret', deed)
    world.answers = ['correct horse battery', 'correct horse battery']
    const ended = await world.run(...CREATE)
    expect(ended).toMatchObject({ code, stdout: '' })
    expect(ended.stderr).toContain(`tokenctl: ${reason}`)
  })

  test('what is agreed to is the end of that operator, and of no other of that name', async () => {
    await other.ok(...CREATE, '--uid', '1')
    meanwhile('confirm', async () => {
      await other.ok('operator', 'delete', 'alice', '--yes')
      await other.ok(...CREATE, '--uid', '1')
    })
    world.answers = ['yes', 'no']
    expect((await world.run('operator', 'delete', 'alice')).code).toBe(7)
    expect((await world.run('operator', 'show', 'alice')).code).toBe(0)
  })

  test('who may not is told before a password is typed', async () => {
    await other.ok('operator', 'create', 'alice', '--role', 'auditor', '--uid', '4321')
    world.person = { uid: 4321, name: null }
    expect((await world.run('operator', 'create', 'bob', '--role', 'user')).code).toBe(5)
    expect(world.asked).toEqual([])
  })
})
