import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { commandsOf } from './support/commands.ts'
import { type EngineName, type World, worldOn } from './support/world.ts'
import type { StoreContents } from './support/store-contents.ts'

// The table is test/who-may.txt. Each of its cells is played in a store of its own.

const ACTORS = [
  'nobody',
  'user',
  'auditor',
  'admin of the group',
  'admin of another group',
  'admin of the organization',
  'admin of another organization',
  'clusteradmin',
  'admin token',
  'narrow token',
  'personal token',
] as const
type ActorKind = (typeof ACTORS)[number]

interface Row {
  readonly line: string
  readonly codes: ReadonlyMap<ActorKind, number>
}

const table = readFileSync(join(import.meta.dirname, 'who-may.txt'), 'utf8')
const rows = table
  .split('\n')
  .filter((line) => /\d$/.test(line))
  .map((line): Row => {
    const [, command = '', codes = ''] = /^(.*?)((?: +\d)+)$/.exec(line) ?? []
    return {
      line: command,
      codes: new Map(
        codes
          .trim()
          .split(/ +/)
          .map((code, i) => [ACTORS[i] ?? 'nobody', Number(code)]),
      ),
    }
  })

test('every command stands in the table, with every kind of actor', () => {
  const commands = commandsOf()
  const named = rows.map(({ line }) => commands.find((command) => `${line} `.startsWith(`${command} `)))
  expect(new Set(named)).toEqual(new Set(commands))
  expect(rows.map(({ codes }) => codes.size)).toEqual(rows.map(() => ACTORS.length))
})

const UIDS: Readonly<Partial<Record<ActorKind, number>>> = {
  nobody: 5000,
  user: 5001,
  auditor: 5002,
  'admin of the group': 5003,
  'admin of another group': 5004,
  'admin of the organization': 5005,
  'admin of another organization': 5006,
}

const GRANTS: Readonly<Partial<Record<ActorKind, readonly [role: string, scope: string]>>> = {
  user: ['user', 'acme/etl'],
  auditor: ['auditor', 'cluster'],
  'admin of the group': ['admin', 'acme/etl'],
  'admin of another group': ['admin', 'acme/ops'],
  'admin of the organization': ['admin', 'acme'],
  'admin of another organization': ['admin', 'other'],
}

const PASSWORD = 'correct horse battery'

/** A store in which there is something for everybody. */
interface Prepared {
  readonly world: World
  /** Of client BI. */
  readonly token: string
  readonly tokens: Readonly<Partial<Record<ActorKind, string>>>
}

async function prepared(engine: EngineName): Promise<Prepared> {
  const world = await worldOn(engine)
  await world.makeStore()
  for (const org of ['acme', 'other', 'void']) await world.ok('org', 'create', org)
  for (const group of ['acme/etl', 'acme/ops', 'acme/void']) await world.ok('group', 'create', group)
  await world.ok('role', 'create', 'analyst', '--allow', 'select:sales.*')
  await world.ok('role', 'create', 'spare', '--allow', 'a:b')
  const switching = ['--allow', 'disable:tokenctl/token', '--allow', 'enable:tokenctl/token']
  await world.ok('role', 'create', 'nightly', ...switching)
  const client = (name: string, role: string, scope: string): Promise<string> =>
    world.ok('client', 'create', name, '--role', role, '--scope', scope)
  const token = await client('BI', 'analyst', 'acme/etl')
  const narrow = await client('Nightly', 'nightly', 'acme/etl')
  const admin = await client('R', 'admin', 'acme')
  world.stdin = `${PASSWORD}\n`
  await world.ok('operator', 'create', 'bob', '--role', 'user', '--scope', 'cluster', '--password-stdin')
  await world.ok('operator', 'grant', 'bob', '--role', 'auditor', '--scope', 'cluster')
  if (engine === 'SQLite') await peopleIn(world)
  await world.ok('settings', 'set', 'personal-tokens', 'everyone')
  const personal = await personalToken(world, engine)
  return {
    world,
    token,
    tokens: { 'admin token': admin, 'narrow token': narrow, 'personal token': personal },
  }
}

/** On a database people have passwords, and there only clusteradmin and tokens are played. */
async function peopleIn(world: World): Promise<void> {
  for (const [kind, [role, scope]] of Object.entries(GRANTS)) {
    const uid = String(UIDS[kind as ActorKind])
    await world.ok('operator', 'create', `uid-${uid}`, '--uid', uid, '--role', role, '--scope', scope)
  }
}

async function personalToken(world: World, engine: EngineName): Promise<string> {
  if (engine === 'SQLite') {
    const { person } = world
    world.person = personOf('admin of the organization')
    const token = await world.ok('token', 'create', '--mine')
    world.person = person
    return token
  }
  await world.ok('operator', 'create', 'orga', '--role', 'admin', '--scope', 'acme', '--password-stdin')
  await world.ok('login', 'orga', '--password-stdin')
  const token = await world.ok('token', 'create', '--mine')
  await world.logIn()
  return token
}

const personOf = (kind: ActorKind): World['person'] => ({ uid: UIDS[kind] ?? 0, name: kind })

/** What a use leaves, and a change beside what it changes. */
const ASIDE = ['audit', 'generation', 'token_use', 'token_use_day', 'token_idle', 'session', 'login_attempt']
const without = (contents: StoreContents, tables: readonly string[]): StoreContents =>
  Object.fromEntries(Object.entries(contents).filter(([table]) => !tables.includes(table)))

interface Entry {
  readonly outcome: string
  readonly action: string
}
const auditOf = ({ audit = [] }: StoreContents): readonly Entry[] => audit as Entry[]

/** Plays a cell in a store that is as it was prepared. */
async function play({ world, ...there }: Prepared, row: Row, kind: ActorKind): Promise<void> {
  const copy = await world.copy()
  try {
    await playIn(copy, there, row, kind)
  } finally {
    await copy.end()
  }
}

async function playIn(
  world: World,
  { token, tokens }: Omit<Prepared, 'world'>,
  { line, codes }: Row,
  kind: ActorKind,
): Promise<void> {
  if (UIDS[kind] !== undefined) world.person = personOf(kind)
  const secret = tokens[kind]
  if (secret !== undefined) world.environment.TOKENCTL_TOKEN = secret
  world.stdin = line.includes('--password-stdin') ? `${PASSWORD}\n` : `${token}\n`
  const before = await world.contents()
  const words = line.replace('{id}', token.slice(0, 16)).split(' ')
  const { code, stderr } = await world.run(...words)
  const after = await world.contents()

  expect({ code, stderr: code === codes.get(kind) ? '' : stderr }).toEqual({
    code: codes.get(kind),
    stderr: '',
  })
  if (code === 0) return
  expect(without(after, ASIDE)).toEqual(without(before, ASIDE))
  const said = auditOf(after).slice(auditOf(before).length)
  // A question is no attempt, nor what asks for no operator; and who fails to log in is denied by another code.
  const isDenial = (code === 5 && !/^(whoami|serve)/.test(line)) || line.startsWith('login')
  expect(said.map(({ outcome }) => outcome)).toEqual(isDenial ? ['denied'] : [])
}

describe('on SQLite, every cell', () => {
  let template: Prepared
  beforeAll(async () => {
    template = await prepared('SQLite')
  })
  afterAll(() => template.world.end())

  test.each(rows.flatMap((row) => ACTORS.map((kind) => [row.line, kind, row] as const)))(
    '%s: %s',
    async (_line, kind, row) => {
      await expect(play(template, row, kind)).resolves.toBeUndefined()
    },
  )
})

describe('on PostgreSQL, of each command one that is allowed and one that is not', () => {
  let template: Prepared
  beforeAll(async () => {
    template = await prepared('PostgreSQL')
  })
  afterAll(() => template.world.end())

  // People are known by passwords there: of those who are not denied, the one who has logged in; of the others, a token.
  const TOKENS = ['narrow token', 'personal token', 'admin token'] as const
  const cells = rows.flatMap((row) => {
    const denied = TOKENS.find((kind) => [3, 5].includes(row.codes.get(kind) ?? 0))
    const allowed = row.codes.get('clusteradmin') === 0 ? ['clusteradmin' as const] : []
    return [...allowed, ...(denied === undefined ? [] : [denied])].map(
      (kind) => [row.line, kind, row] as const,
    )
  })
  test.each(cells)('%s: %s', async (_line, kind, row) => {
    await expect(play(template, row, kind)).resolves.toBeUndefined()
  })
})
