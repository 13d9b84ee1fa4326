import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { App } from '../src/cli/app.ts'
import { programOf } from '../src/commands/index.ts'
import { ENVIRONMENT } from '../src/manual/texts.ts'
import { nameKey } from '../src/core/name.ts'
import { Problem } from '../src/core/problem.ts'
import type { Choice, System } from '../src/system.ts'
import { realFiles } from '../src/system/files.ts'
import { COMMAND_LINES } from './support/command-lines.ts'
import { controlsIn, EVERYTHING, harmlessTwin, leaksIn, MARK, SHORT_TEXTS } from './support/hostile-texts.ts'
import { type Ended, type EngineName, ENGINES, World, worldOn } from './support/world.ts'

// What is in the store, on the command line, in the environment or in the name of a file may be made to be obeyed by a
// terminal, or to pass for a line or a column of ours. Which commands there are, and what they take, is read from the
// program itself: one that is added is tried too.

/** Every command, by its words: the nouns and the hidden ones too. */
const COMMANDS: ReadonlyMap<string, CommandUnknownOpts> = (() => {
  const world = new World()
  const app = new App(world.system(), () => Promise.reject(new Error('no store')))
  const program = programOf(app, { asked: '', unasked: '' })
  world.remove()
  const below = (command: CommandUnknownOpts, words: readonly string[]): [string, CommandUnknownOpts][] => [
    [words.join(' '), command],
    ...command.commands.flatMap((each) => below(each, [...words, each.name()])),
  ]
  return new Map(below(program, []))
})()

const hasOption = (words: string, option: string): boolean =>
  COMMANDS.get(words)?.options.some(({ long }) => long === option) ?? false

/** How an answer is wanted. */
interface Manner {
  readonly terminal: boolean
  readonly columns: number
  readonly options: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

const PIPE: Manner = { terminal: false, columns: 80, options: [], environment: {} }
const TERMINAL: Manner = { ...PIPE, terminal: true, columns: 5000 }

const MANNERS: Readonly<Record<string, Manner>> = {
  'in a pipe': PIPE,
  'in JSON': { ...PIPE, options: ['--json'] },
  'in lines of JSON': { ...PIPE, options: ['--json-lines'] },
  'at a wide terminal': TERMINAL,
  'at a narrow terminal': { ...TERMINAL, columns: 40 },
  'at a terminal without colours': { ...TERMINAL, columns: 100, environment: { NO_COLOR: '1' } },
}

function put(world: World, { terminal, columns, environment }: Manner): void {
  Object.assign(world, { terminal, columns })
  Object.assign(world.environment, environment)
}

/** All that a command line has said, and what its questions and lists were given to show. */
interface Said extends Ended {
  readonly line: string
  readonly asked: readonly string[]
}

const outputsOf = ({ stdout, stderr, asked }: Said): string[] => [stdout, stderr, ...asked]

/** Worlds with the same in their random bytes, so that they differ in nothing but what they are told. */
function randomBytes(): System['randomBytes'] {
  let count = 0
  return (length) => {
    const blocks = Array.from({ length: Math.ceil(length / 64) }, () =>
      createHash('sha512').update(String(count++)).digest(),
    )
    return new Uint8Array(Buffer.concat(blocks).subarray(0, length))
  }
}

/** Answers that some question takes. */
const ANSWERS = ['BI', 'select:hr.*', '24h', 'reports', '']

/**
 * Somebody who answers every question, and what they are shown. From the lists that can be searched each of `picks` is
 * chosen in turn, then there is nothing more that they want.
 */
function prompts(
  shown: string[],
  text: string,
  token: string,
  picks: number[] = [0, 0, 0],
): System['prompts'] {
  type Refuse = (answer: string) => string | null
  const type = async (message: string, refuse: Refuse, tried = [text, ...SHORT_TEXTS]): Promise<string> => {
    const refusals = tried.map((answer) => refuse(answer))
    shown.push(message, ...refusals.filter((refusal) => refusal !== null))
    const answer = [...(message === 'Token:' ? [token] : []), ...ANSWERS].find(
      (each) => refuse(each) === null,
    )
    if (answer === undefined) throw new Problem('interrupted', `nothing to answer to ${message}`)
    return answer
  }
  const chosen = <Value>(choices: readonly Choice<Value>[], index: number): Value => {
    const choice = choices[index]
    if (choice === undefined) throw new Problem('interrupted', 'there is no such choice')
    shown.push(...choices.flatMap(({ line, name }) => [line, name]))
    return choice.value
  }
  return {
    text: (message, refuse) => type(message, refuse),
    // What is harmless is a good password: both worlds are told the same.
    secret: (message, refuse = () => null) => type(message, refuse, [...SHORT_TEXTS]),
    async choose(message, choices, header = '') {
      shown.push(message, header)
      return chosen(choices, 0)
    },
    async pick({ message, keys, find }) {
      const pages = [await find(text, 60), await find('', 5000)]
      for (const { title, header, remark } of pages) shown.push(message, title, header, remark)
      for (const { line, name } of pages.flatMap((page) => [...page.choices, ...page.fixed])) {
        shown.push(line, name)
      }
      shown.push(...Object.values(keys))
      const [index] = picks.splice(0, 1)
      if (index === undefined) throw new Problem('interrupted', 'interrupted; nothing changed')
      const all = [...(pages.at(-1)?.choices ?? []), ...(pages.at(-1)?.fixed ?? [])]
      return chosen(all, index < 0 ? all.length + index : index)
    },
    async confirm(message) {
      shown.push(message)
      return true
    },
    async pause(message) {
      shown.push(message)
    },
    withoutColors() {},
  }
}

/** Runs it in a world whose parts speak with that text too. */
async function said(world: World, argv: readonly string[], text: string, picks?: number[]): Promise<Said> {
  const asked: string[] = []
  world.changes = { ...world.changes, prompts: prompts(asked, text, world.stdin.trim(), picks) }
  const ended = await world.run(...argv)
  const [token] = /\b[a-z0-9]+_[0-9A-Za-z]{61}\b/.exec(ended.stdout) ?? []
  if (token !== undefined) world.stdin = `${token}\n`
  return withoutPlace({ line: argv.join(' '), ...ended, asked }, world)
}

/** The store's place is another in each world. */
function withoutPlace(all: Said, { folder, storePath }: World): Said {
  const without = (output: string): string =>
    output.replaceAll(storePath, 'STORE').replaceAll(folder, 'FOLDER')
  return { ...all, stdout: without(all.stdout), stderr: without(all.stderr), asked: all.asked.map(without) }
}

/** Columns whose text is not shown but found by, or that hold rows together; what is shown of them is tampered with apart. */
const KEYS =
  /^(token\.id|.*\.(.*_id|name_key|name_hash|digest|state|hash|previous_hash)|role_permission\.pattern|.*\.scope|store\.token_prefix|audit\.(targets|details))$/

const literal = (engine: EngineName, text: string): string => {
  const hex = Buffer.from(text).toString('hex')
  return engine === 'SQLite' ? `cast(x'${hex}' as text)` : `convert_from('\\x${hex}', 'UTF8')`
}

/** As the engine can keep it. */
const storable = (engine: EngineName, text: string): string => {
  const kept = Buffer.from(text).toString()
  return engine === 'SQLite' ? kept : kept.replaceAll('\0', '')
}

/** What stands in every text that the store has: columns that are added are found. */
async function tamper(world: World, engine: EngineName, text: string, { names }: Variation): Promise<void> {
  const nasty = literal(engine, text)
  const statements = Object.entries(await world.contents()).flatMap(([table, rows]) => {
    const texts = rows.flatMap((row) =>
      Object.entries(row as object).flatMap(([column, value]) => (typeof value === 'string' ? [column] : [])),
    )
    return [...new Set(texts)]
      .filter((column) => !KEYS.test(`${table}.${column}`))
      .filter((column) => names === true || !/^(client|role|scope)\.name$/.test(`${table}.${column}`))
      .map((column) => {
        // By their name is found what operators may do.
        const others = table === 'role' ? 'and id not in (select role_id from operator_grant)' : ''
        return `update ${table} set ${column} = ${column} || ${nasty} where ${column} not like '%${MARK}%' ${others}`
      })
  })
  await atOnce(
    world,
    engine,
    [
      ...statements,
      `update client set scope = 'acme/' || ${nasty} where name_key = 'jdbc'`,
      `insert into role_permission (role_id, pattern) select id, 'select:' || ${nasty} from role where built_in = 0
         and id not in (select role_id from role_permission where pattern like '%${MARK}%')`,
      // A secret that is still on its way, and long enough for another to take its place.
      `insert into secret (digest, token_id, state, made_at, made_by)
         select 'on its way ' || id, id, 'pending', ${world.now - 120_000}, ${nasty} from token
         where deleted_at is null and id not in (select token_id from secret where state = 'pending')
           and not exists (select 1 from secret where digest = 'on its way ' || token.id)`,
      ...(names
        ? [
            `insert into jobs_connection (one, client_id) select 1, id from client
               where name_key = 'bi' and deleted_at is null and not exists (select 1 from jobs_connection)`,
          ]
        : []),
    ].join(';\n'),
  )
}

/** PostgreSQL does so by itself; SQLite would write each of the statements through to the disk. */
async function atOnce(world: World, engine: EngineName, statements: string): Promise<void> {
  await world.sql(engine === 'SQLite' ? `begin;\n${statements};\ncommit` : statements)
}

interface Variation {
  /** Clients and roles are called so. What changes them then mostly fails: they are found by other names than they have. */
  readonly names?: true
  /** The store's tokens begin with the text, too. */
  readonly prefix?: true
  /** Everything is at a scope of that name. On PostgreSQL the first operator is found by theirs. */
  readonly scope?: true
}

/** A world whose store holds the text wherever it can. */
async function tampered(engine: EngineName, text: string, variation: Variation): Promise<World> {
  const world = await worldOn(engine)
  world.changes = { randomBytes: randomBytes() }
  world.stdin = 'correct horse battery\n'
  world.clipboard = {
    isLikely: true,
    copy: () => Promise.reject(new Error(text)),
  }
  if (engine === 'PostgreSQL') await world.makeStore()
  await world.ok('client', 'create', 'JDBC', '--role', 'user', '--description', 'reports')
  const kept = literal(engine, text)
  if (variation.prefix) await world.sql(`update store set token_prefix = ${kept}`)
  if (variation.scope) {
    await world.sql(`
      update operator_grant set scope = ${kept};
      insert into scope (id, name, name_key, created_at, created_by)
        values (99, ${kept}, ${literal(engine, nameKey(text))}, 0, 'tester')`)
  }
  await tamper(world, engine, text, variation)
  // The file of a session is called by the ID of the store, which is another now.
  await world.logIn()
  return world
}

/** The command lines there are, in their order, with those that make a store left out. */
const LINES = Object.entries(COMMAND_LINES).map(([words, line]) => ({ words, argv: line.split(' ') }))

type Walk = (engine: EngineName, text: string, manner: Manner, variation: Variation) => Promise<Said[]>

/** Every command as its line has it. */
const everyLine: Walk = async (engine, text, manner, variation) => {
  const world = await tampered(engine, text, variation)
  put(world, manner)
  const all: Said[] = []
  for (const { words, argv } of LINES) {
    if (manner.options.includes('--json-lines') && !hasOption(words, '--json-lines')) {
      await said(world, argv, text)
    } else all.push(await said(world, [...argv, ...manner.options], text))
    await tamper(world, engine, text, variation)
  }
  await world.end()
  return all
}

/** Every command with nothing given that can be asked for, and its line with nothing agreed to beforehand. */
const everyQuestion: Walk = async (engine, text, manner, variation) => {
  const world = await tampered(engine, text, variation)
  put(world, manner)
  const all: Said[] = []
  for (const { words, argv } of LINES.filter(({ words }) => words !== 'init')) {
    const unagreed = argv.filter((word) => word !== '--yes' && word !== '--force')
    for (const line of [words.split(' '), unagreed]) {
      all.push(await said(world, line, text))
      await tamper(world, engine, text, variation)
    }
  }
  await world.end()
  return all
}

/** What the screen shows, whichever way is taken through it. */
const everyScreen: Walk = async (engine, text, manner, variation) => {
  const world = await tampered(engine, text, variation)
  await world.ok('client', 'create', 'BI', '--role', 'user')
  await world.sql('update token set disabled_at = 0 where description is null')
  await tamper(world, engine, text, variation)
  put(world, manner)
  const all: Said[] = []
  // The last line makes a client. Of the first one, each thing that can be done; the fifth is to do something with a token.
  const ways = [
    [-1],
    ...Array.from({ length: 10 }, (_, deed) => [0, deed]),
    ...Array.from({ length: 6 }, (_, deed) => [0, 4, 0, deed]),
  ]
  for (const way of ways) {
    all.push(await said(world, [], text, way))
    await tamper(world, engine, text, variation)
  }
  await world.end()
  return all
}

/** Both texts take as much room: what is not text must be the same, each line, column, colour and move. */
async function expectTwins(walk: Walk, engine: EngineName, manner: Manner, variation: Variation) {
  // To break much text into short lines takes long.
  const text = storable(engine, manner.columns < 80 ? (SHORT_TEXTS[2] ?? '') : EVERYTHING)
  const twin = harmlessTwin(text)
  const hostile = await walk(engine, text, manner, variation)
  const harmless = await walk(engine, twin, manner, variation)
  const skeletons = (all: readonly Said[]): unknown =>
    all.map((each) => ({ line: each.line, code: each.code, controls: outputsOf(each).map(controlsIn) }))
  expect(skeletons(hostile)).toEqual(skeletons(harmless))
  expect(hostile.flatMap((each) => outputsOf(each).flatMap(leaksIn))).toEqual([])
  return { hostile, harmless, text, twin }
}

/** It did not speak of what it was told. */
const isSilent = (each: Said): boolean => !outputsOf(each).some((output) => output.includes(MARK))

const variations = (engine: EngineName): [string, Variation][] => [
  ['clients and roles', { names: true }],
  ['no client and no role, but all else', {}],
  ['tokens', { prefix: true }],
  ...(engine === 'SQLite' ? ([['scopes', { scope: true }]] as [string, Variation][]) : []),
]

/** Which engine it is makes no difference to how wide a terminal is. */
const mannersFor = (engine: EngineName, { names }: Variation): [string, Manner][] =>
  Object.entries(MANNERS).filter(
    ([name]) =>
      (names === true && engine === 'SQLite') ||
      (names === true || engine === 'SQLite' ? /pipe|in JSON|wide/ : /wide/).test(name),
  )

describe.each(ENGINES)('in a store on %s that was tampered with', (engine) => {
  describe.each(variations(engine))('%s named so', (_, variation) => {
    test.each(mannersFor(engine, variation))('every command, %s', async (_, manner) => {
      const { hostile, harmless, text, twin } = await expectTwins(everyLine, engine, manner, variation)
      expect(hostile.filter(isNeverSilent(variation)).filter(isSilent)).toEqual([])
      // Of a token the last characters depend on the first.
      const isJson = manner.options.length > 0 && variation.prefix !== true
      expect(isJson ? hostile.map(valuesOf) : []).toEqual(isJson ? withText(harmless, twin, text) : [])
    })

    // Which engine it is makes no difference to what is asked.
    if (engine === 'PostgreSQL' && variation.names !== true) return

    test('every question', async () => {
      const { hostile } = await expectTwins(everyQuestion, engine, TERMINAL, variation)
      expect(hostile.some(({ asked }) => asked.some((each) => each.includes(MARK)))).toBe(true)
    })

    test('every way through the screen', async () => {
      const { hostile } = await expectTwins(everyScreen, engine, TERMINAL, variation)
      expect(hostile.filter(isSilent)).toEqual([])
    })
  })
})

/** A store that is there already, what was given, how many there are, a script. `token enable` names the token by its ID where it is enabled. */
const SAYS_NO_NAME =
  /^(init|login|logout|role create|org create|group list|settings|token forecast|token enable|serve|completion)\b/

const isNeverSilent =
  ({ names }: Variation) =>
  ({ line }: Said): boolean =>
    names === true && !SAYS_NO_NAME.test(line)

const withinJson = (text: string): string => JSON.stringify(text).slice(1, -1)

const withText = (harmless: readonly Said[], twin: string, text: string): unknown =>
  JSON.parse(JSON.stringify(harmless.map(valuesOf)).replaceAll(withinJson(twin), () => withinJson(text)))

/** One document, or one a line. */
const valuesOf = ({ stdout }: Said): unknown =>
  stdout
    .split(/\n(?=[{[]|$)/)
    .filter(Boolean)
    .map((each) => JSON.parse(each) as unknown)

// From here on what is hostile is given by who calls.

/** What a command line takes that is not one of a few words: each of its arguments, and of its options with a value. */
interface Slot {
  readonly what: string
  readonly isPath: boolean
  readonly argv: (value: string) => string[]
}

function slotsOf(words: string, command: CommandUnknownOpts): Slot[] {
  const line = COMMAND_LINES[words]?.split(' ') ?? words.split(' ').filter(Boolean)
  const start = words === '' ? 0 : words.split(' ').length
  const given = line.slice(start)
  const places = given.flatMap((word, i) =>
    word.startsWith('-') || /^--[a-z-]+$/.test(given[i - 1] ?? '') ? [] : [i],
  )
  const root = COMMANDS.get('')?.options ?? []
  return [
    ...command.registeredArguments.map((argument, i) => ({
      what: `${words} <${argument.name()}>`,
      isPath: false,
      argv: (value: string) => {
        const rest = given.filter((_, place) => place !== places[i])
        return [...line.slice(0, start), ...rest, '--', value]
      },
    })),
    ...[...root, ...command.options]
      .filter(({ required, optional }) => required || optional)
      .map(({ long, flags }) => ({
        what: `${words} ${flags}`,
        isPath: /<(path|place)>/.test(flags),
        argv: (value: string) => [...line, long ?? '', value],
      })),
    { what: `${words} and a word more`, isPath: false, argv: (value) => [...line, value] },
    { what: `${words} and an unknown option`, isPath: false, argv: (value) => [...line, `--${value}`] },
    {
      what: `${words} and an unknown value`,
      isPath: false,
      argv: (value) => [...line, `--${value}=${value}`],
    },
    { what: `${words}, help of it`, isPath: false, argv: (value) => [...words.split(' '), value, '--help'] },
    {
      what: `${words} and the next word unknown`,
      isPath: false,
      argv: (value) => [...words.split(' '), value],
    },
  ]
}

const SLOTS = [...COMMANDS].flatMap(([words, command]) => slotsOf(words, command))

/** A text as it may be in the name of a file. */
const fileName = (text: string): string => Buffer.from(text).toString().replaceAll('\0', '')

/** Nothing there, something that is no store, a folder, and what is in a folder that is not there. */
function pathsIn(folder: string, text: string): string[] {
  const [file, other] = ['a file', 'a folder'].map((kind) => join(folder, kind + fileName(text))) as [
    string,
    string,
  ]
  mkdirSync(other, { recursive: true, mode: 0o700 })
  writeFileSync(file, `${text} is no store and no token\n`, { mode: 0o600 })
  return [join(folder, 'new', fileName(text)), file, other, join(folder, fileName(text), 'deeper')]
}

/** Each of what was said is one line of cause and one of hint, or an answer; nothing of theirs is in it. */
function expectNothingRaw(all: readonly Said[]): void {
  const leaks = all.flatMap((each) => {
    const found = outputsOf(each).flatMap(leaksIn)
    return found.length > 0 ? [{ line: each.line, found }] : []
  })
  expect(leaks).toEqual([])
}

const CALLED: Readonly<Record<string, Manner>> = {
  'in a pipe': { ...PIPE, options: ['--debug'] },
  'in JSON': { ...PIPE, options: ['--json'] },
  'at a terminal': { ...TERMINAL, columns: 60, options: ['--no-input'] },
}

describe.each(ENGINES)('whoever calls, of a store on %s', (engine) => {
  let world: World
  beforeAll(async () => {
    world = await worldOn(engine)
    if (engine === 'PostgreSQL') await world.makeStore()
    await world.ok('client', 'create', 'JDBC', '--role', 'user')
    world.clipboard = { isLikely: true, copy: () => Promise.reject(new Error(EVERYTHING)) }
  })
  afterAll(() => world.end())

  describe.each(Object.entries(CALLED))('%s', (_, manner) => {
    test.each(SLOTS)('$what', async ({ isPath, argv }) => {
      put(world, manner)
      const all: Said[] = []
      for (const text of engine === 'SQLite' ? SHORT_TEXTS : [EVERYTHING.slice(0, 70)]) {
        for (const value of isPath ? pathsIn(world.folder, text) : [text]) {
          const [first = '', ...rest] = argv(value)
          all.push(await said(world, [...manner.options, first, ...rest], text))
        }
      }
      expectNothingRaw(all)
      const errors = all.flatMap(({ stderr }) => stderr.split('\n').filter((line) => line.startsWith('{')))
      for (const error of errors) expect(() => JSON.parse(error) as unknown).not.toThrow()
    })
  })
})

describe.each(SHORT_TEXTS.map((text) => [harmlessTwin(text), text]))('named %s', (_, text) => {
  let world: World
  beforeAll(() => {
    world = new World()
  })
  afterAll(() => world.remove())

  async function everyCommand(options: readonly string[] = []): Promise<Said[]> {
    world.stdin = 'no token\n'
    const all: Said[] = []
    for (const { argv } of LINES) all.push(await said(world, [...argv, ...options], text))
    return all
  }

  test.each(Object.entries(CALLED))('the default store, and whoever makes it, %s', async (_, manner) => {
    const folder = join(world.folder, fileName(text), manner.options.join(''))
    world.changes = { files: { ...realFiles, dataFolder: async () => folder } }
    world.person = { uid: world.person.uid, name: text }
    put(world, manner)
    const [init, ...others] = await everyCommand(manner.options)
    expectNothingRaw(others)
    expect(init).toMatchObject({ code: 0, stdout: expect.stringContaining(MARK) })
    expect(leaksIn(init?.stdout ?? '')).toEqual([])
  })

  test('a store that others can reach, or that is broken', async () => {
    for (const path of pathsIn(world.folder, `broken ${text}`)) {
      world.environment = { TOKENCTL_STORE: path }
      expectNothingRaw(await everyCommand(['--debug']))
    }
    const [, file = ''] = pathsIn(world.folder, `broken ${text}`)
    chmodSync(file, 0o644)
    world.environment = { TOKENCTL_STORE: file }
    expectNothingRaw(await everyCommand())
  })

  test('where something else fails', async () => {
    world.changes = {
      files: {
        ...realFiles,
        real: () => {
          throw new Error(text)
        },
      },
    }
    const all = await everyCommand(['--debug'])
    expectNothingRaw(all)
    // A script is printed without a look at any file.
    expect(all.filter(isSilent).filter(({ line }) => !line.startsWith('completion'))).toEqual([])
  })
})

describe('each variable that the manual names', () => {
  const variables = ENVIRONMENT.flatMap(({ term }) => term.split(', '))
  const words = Object.keys(COMMAND_LINES).filter((each) => each.endsWith('list') || each === 'whoami')

  test.each(ENGINES.flatMap((engine) => variables.map((name) => [engine, name] as const)))(
    'on %s, %s',
    async (engine, name) => {
      const world = await worldOn(engine)
      await world.makeStore()
      const url = URL.canParse(world.storePath) ? new URL(world.storePath) : null
      const plain = { ...world.environment }
      const parts = url && {
        TOKENCTL_STORE: 'postgres://',
        PGHOST: url.hostname,
        PGPORT: url.port,
        PGUSER: url.username,
        PGDATABASE: url.pathname.slice(1),
      }
      for (const text of SHORT_TEXTS.map(fileName)) {
        world.environment = { ...plain, ...parts, [name]: text }
        for (const each of words) expectNothingRaw([await said(world, [...each.split(' '), '--debug'], text)])
      }
      world.environment = plain
      await world.end()
    },
  )
})
