import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { newSecret, newTokenId } from '../src/core/token-format.ts'
import { attempt } from './support/attempt.ts'
import { COMMAND_LINES } from './support/command-lines.ts'
import { type EngineName, ENGINES, PASSWORD, type World, worldOn } from './support/world.ts'

// What lies in another organization is absent: whatever is asked of it is answered to the byte as of what does not exist.

interface Prepared {
  readonly world: World
  /** Of client Hidden, in organization hooli. */
  readonly hidden: string
  /** Of nobody's, as it could be. */
  readonly madeUp: string
  /** By which each kind of actor asks. */
  readonly asking: Readonly<Record<Kind, string>>
}

const KINDS = ['admin of acme', 'auditor of acme', 'admin of acme/etl', 'personal token at acme'] as const
type Kind = (typeof KINDS)[number]

async function prepared(engine: EngineName): Promise<Prepared> {
  const world = await worldOn(engine)
  await world.makeStore()
  for (const org of ['acme', 'hooli']) await world.ok('org', 'create', org)
  for (const group of ['acme/etl', 'hooli/etl']) await world.ok('group', 'create', group)
  await world.ok('role', 'create', 'analyst', '--allow', 'select:sales.*')
  const client = (name: string, role: string, scope: string): Promise<string> =>
    world.ok('client', 'create', name, '--role', role, '--scope', scope)
  await client('BI', 'analyst', 'acme/etl')
  const hidden = await client('Hidden', 'analyst', 'hooli')
  await client('Hidden', 'analyst', 'cluster')
  const operator = async (name: string, role: string, scope: string): Promise<void> => {
    world.stdin = `${PASSWORD}\n`
    await world.ok('operator', 'create', name, '--role', role, '--scope', scope, '--password-stdin')
  }
  await operator('zoe', 'user', 'hooli')
  await operator('ann', 'admin', 'acme')
  await world.ok('settings', 'set', 'personal-tokens', 'everyone')
  const mine = async (name: string): Promise<string> => {
    world.stdin = `${PASSWORD}\n`
    await world.ok('login', name, '--password-stdin')
    return world.ok('token', 'create', '--mine')
  }
  await mine('zoe')
  const anns = await mine('ann')
  await world.ok('logout')
  await world.logIn()
  const madeUp = newSecret(newTokenId('tkc', randomBytes), randomBytes)
  const asking = {
    'admin of acme': await client('R', 'admin', 'acme'),
    'auditor of acme': await client('S', 'auditor', 'acme'),
    'admin of acme/etl': await client('T', 'admin', 'acme/etl'),
    'personal token at acme': anns,
  }
  return { world, hidden, madeUp, asking }
}

/** What is there elsewhere, and what is nowhere; the words that the one line has for the other's. */
type Pair = readonly [there: string, nowhere: string]

const CLIENT: Pair = ['Hidden', 'Nobody']
const ORG: Pair = ['hooli', 'xyzzy']
const GROUP: Pair = ['hooli/etl', 'xyzzy/etl']
const OPERATOR: Pair = ['zoe', 'xxx']
const PERSONAL: Pair = ['@zoe', '@xxx']

/** Each command line with the word exchanged, where it has it. */
const exchanging = (word: string, pair: Pair): [string, Pair][] =>
  Object.values(COMMAND_LINES)
    .filter((line) => line.split(' ').includes(word) && !line.startsWith('client create'))
    .map((line) => [line.replace(word, '{}'), pair])

const inScope = (pair: Pair): [string, Pair][] =>
  Object.entries(COMMAND_LINES)
    .filter(([command]) => !['init', 'login', 'logout'].includes(command))
    .map(([, line]) => [`${line} --scope {}`, pair])

const MORE: readonly [string, Pair][] = [
  ['token list --client {}', CLIENT],
  ['token list --all --client {}', CLIENT],
  ['token list --mine --client {}', PERSONAL],
  ['token list --client {}', PERSONAL],
  ['token list --search {}', CLIENT],
  ['client list --search {}', CLIENT],
  ['client list --all --scope {}', ORG],
  ['client delete {} --if-exists', CLIENT],
  ['client delete BI {} --if-exists --scope hooli', CLIENT],
  ['client disable {} {} {}', CLIENT],
  ['client show {} --scope acme', CLIENT],
  ['client show {} --scope hooli', CLIENT],
  ['client show {} --scope cluster', CLIENT],
  ['client show HIDDEN --scope {}', ORG],
  ['token delete {} --if-exists', CLIENT],
  ['group create {}/new', ORG],
  ['group create etl --scope {}', ORG],
  ['group create {}', GROUP],
  ['group delete etl --scope {}', ORG],
  ['group delete acme/etl --scope {}', ORG],
  ['org create {}', ORG],
  ['org delete {} --if-exists', ORG],
  ['whoami --can show:tokenctl/client --scope {}', ORG],
  ['whoami --can show:tokenctl/client --scope {}', GROUP],
  ['operator grant ann --role user --scope {}', ORG],
  ['operator revoke {} --role user --scope hooli', OPERATOR],
  ['operator passwd {} --password-stdin', OPERATOR],
]

const LINES: readonly [string, Pair][] = [
  ...exchanging('BI', CLIENT),
  ...exchanging('BI', ['HIDDEN', 'NOBODY']),
  ...exchanging('BI', PERSONAL),
  ...exchanging('acme', ORG),
  ...exchanging('acme', ['HOOLI', 'XYZZY']),
  ...exchanging('acme/etl', GROUP),
  ...exchanging('alice', OPERATOR),
  ...inScope(ORG),
  ...inScope(GROUP),
  ...MORE,
]

/** What is said of a group may be of its organization. */
const nameless = (text: string, name: string): string =>
  text.replaceAll(name, '{}').replaceAll(name.split('/')[0] ?? name, '{}')

describe.each(ENGINES)('on %s', (engine) => {
  let template: Prepared
  let world: World
  beforeAll(async () => {
    template = await prepared(engine)
  })
  afterAll(() => template.world.end())
  beforeEach(async () => {
    world = await template.world.copy()
  })
  afterEach(() => world.end())

  /** What is answered of the one as of the other, with the name taken out. */
  async function expectAlike(line: string, pair: Pair, ...options: string[]): Promise<void> {
    const answers = []
    for (const name of pair) {
      world.stdin = `${PASSWORD}\n`
      const words = line.split(' ').map((word) => word.replace('{}', name))
      const { stdout, stderr, ...ended } = await attempt(world, ...words, ...options)
      answers.push({
        line,
        ...ended,
        stdout: nameless(stdout, name),
        stderr: nameless(stderr, name),
      })
    }
    const [there, nowhere] = answers
    expect(there).toEqual(nowhere)
    expect({ line, said: there?.said }).toEqual({
      line,
      said: there?.code === 5 && !line.startsWith('whoami') ? ['denied'] : [],
    })
  }

  // Every kind of actor on the one engine; the other finds the same rows.
  // On a database of its own each line takes longer, and what differs there is not who asks.
  describe.each(engine === 'SQLite' ? KINDS : KINDS.slice(0, 1))('to the %s', (kind) => {
    beforeEach(() => {
      world.environment.TOKENCTL_TOKEN = template.asking[kind]
    })

    test('names of another organization are names of nothing', async () => {
      for (const [line, pair] of LINES) await expectAlike(line, pair)
    })

    test('and so are IDs', async () => {
      const ids: Pair = [template.hidden.slice(0, 16), template.madeUp.slice(0, 16)]
      const lines = exchanging('BI', ids).filter(([line]) => line.startsWith('token '))
      expect(lines.length).toBeGreaterThan(5)
      for (const [line] of lines) {
        for (const more of [[], ['--json'], ['--scope', 'acme'], ['--scope', 'hooli']]) {
          await expectAlike(line, ids, ...more)
        }
      }
      for (const line of ['token delete {} --if-exists', 'token list --search {}', 'token disable {} {}']) {
        await expectAlike(line, ids)
      }
    })

    test('a secret of another organization is no token of this store, whole or mangled', async () => {
      const spoiled = (secret: string): string[] => [
        secret,
        `x ${secret} y`,
        secret.slice(0, -1),
        secret.slice(0, 30),
        secret.slice(0, 16),
      ]
      for (const secret of [template.hidden, template.madeUp].flatMap(spoiled)) {
        world.stdin = secret
        expect(await attempt(world, 'token', 'identify')).toEqual({
          code: 3,
          stdout: '',
          stderr: 'tokenctl: no token of this store\n',
          said: [],
        })
      }
    })

    test('no hint says what a misspelt name could have been', async () => {
      const id = template.hidden.slice(0, 16)
      const lines = [
        ...[
          'client show Hiden',
          'client show Hiden --scope cluster',
          'client show hidde --scope hooly',
          'token show Hiddn',
          'token list --client Hiddn',
        ],
        ...[
          'client list --scope hoolli',
          'client list --scope hooli/etk',
          'org delete holi',
          'group delete hooly/etl',
        ],
        ...['group create hooly/x', 'token show @zo', 'operator show zo', 'client list --scope hool'],
        ...[
          `token show ${id.slice(0, 15)}`,
          `token show ${id.slice(0, 9)}`,
          `token show ${id.slice(0, 15)}-`,
        ],
      ]
      for (const line of lines) {
        const { stdout, stderr } = await attempt(world, ...line.split(' '))
        expect({ line, stdout, stderr }).toEqual({
          line,
          stdout: '',
          stderr: expect.not.stringMatching(/did you mean|Hidden/),
        })
      }
    })

    test('nothing of it is completed', async () => {
      const lines = [
        ...[
          'client show H',
          'client show h',
          'client show --scope hooli H',
          'client show --scope h',
          'token show H',
        ],
        ...[
          'token show tkc_',
          'token show --scope hooli tkc_',
          'token list --client H',
          'org delete h',
          'group delete h',
        ],
        ...[
          'group create --scope h',
          'operator show z',
          'token show @z',
          'client show @',
          'operator grant z',
        ],
        ...[`token show ${template.hidden.slice(0, 8)}`],
      ]
      for (const line of lines) {
        world.stdin = `tokenctl ${line}`
        const { stdout } = await attempt(world, '__complete')
        expect({ line, stdout }).toEqual({ line, stdout: expect.not.stringMatching(/hidden|hooli|zoe/i) })
        expect(stdout).not.toContain(template.hidden.slice(0, 16))
      }
    })

    test('nothing of it is in a list or a count', async () => {
      const before: string[] = []
      const lists = [
        ...['client list --all', 'token list --all', 'token forecast', 'org list', 'group list', 'whoami'],
        ...[
          'client list --scope cluster',
          'token list --scope cluster --json',
          'role list',
          'client list --limit 1',
        ],
      ]
      const told = async (): Promise<string[]> => {
        const answers: string[] = []
        for (const line of lists) {
          const { stdout, stderr } = await attempt(world, ...line.split(' '))
          answers.push(`${line}: ${stdout}${stderr}`)
        }
        return answers
      }
      before.push(...(await told()))
      expect(before.join('\n')).not.toMatch(/hidden|hooli|zoe/i)
      await world.sql(`delete from token_use where token_id = '${template.hidden.slice(0, 16)}'`)
      await world.sql(`update client set deleted_at = 1 where name = 'Hidden'`)
      await world.sql(`update scope set deleted_at = 1 where name like 'hooli%'`)
      expect(await told()).toEqual(before)
    })
  })

  test('under --json names are no more', async () => {
    world.environment.TOKENCTL_TOKEN = template.asking['admin of acme']
    for (const [line, pair] of LINES) await expectAlike(line, pair, '--json')
  })
})
