import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { Machine, Terminal } from '../support/process.ts'

interface Coverage {
  readonly result: readonly { readonly url: string }[]
}

describe('a command loads what it needs, and nothing else', () => {
  const machine = new Machine()
  const folder = join(machine.folder, 'coverage')
  let token = ''
  beforeAll(() => {
    token = machine.ok('tokenctl client create BI --role user')
    // V8 itself then writes down every script that ran, however it was loaded, in the program and its children.
    machine.environment.NODE_V8_COVERAGE = folder
  })
  beforeEach(() => {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder)
  })
  afterAll(() => machine.remove())

  /** The packages that were loaded since the last look. */
  function packages(): string[] {
    const scripts = readdirSync(folder).flatMap((name) => {
      const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Coverage
      return result.map(({ url }) => url)
    })
    expect(scripts).toContainEqual(expect.stringMatching(/\/dist\/tokenctl\.js$/))
    const found = scripts.map((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1])
    return [...new Set(found.filter((name) => name !== undefined))].sort()
  }

  const ARGUMENTS = ['commander']
  const SQLITE = ['better-sqlite3', 'bindings', 'file-uri-to-path']

  test('--version: no package at all', () => {
    machine.ok('tokenctl --version')
    expect(packages()).toEqual([])
  })

  test.each([
    ['--help', []],
    ['client create --help', []],
    ['clinet', ['fastest-levenshtein']],
  ])('%s: what reads command lines, and not SQLite', (line, more) => {
    machine.sh(`tokenctl ${line}`)
    expect(packages()).toEqual([...ARGUMENTS, ...more].sort())
  })

  test.each([
    'token verify',
    'token verify --json',
    'token list',
    'token list --json',
    'token forecast',
    'whoami',
  ])('%s in a pipe: SQLite, and nothing for prompts, colours, tables or the clipboard', (line) => {
    machine.ok(`tokenctl ${line}`, `${token}\n`)
    expect(packages()).toEqual([...ARGUMENTS, ...SQLITE].sort())
  })

  test.each(['tokenctl client sh', 'tokenctl token list --status ', 'tokenctl token verify --file '])(
    'completing %j: what reads command lines, and not SQLite',
    (line) => {
      machine.ok('tokenctl __complete', line)
      expect(packages()).toEqual(ARGUMENTS)
    },
  )

  test.each(['tokenctl client show ', 'tokenctl token show tk', 'tokenctl client list --role='])(
    'completing %j: as token list in a pipe',
    (line) => {
      expect(machine.ok('tokenctl __complete', line)).toMatch(/BI|user/)
      expect(packages()).toEqual([...ARGUMENTS, ...SQLITE].sort())
    },
  )

  test('serve: SQLite, what writes metrics, and nothing for terminals', () => {
    machine.ok(`tokenctl serve --listen 127.0.0.1:0 2> log &
      until grep -q listening log; do sleep 0.05; done
      kill $! && wait $!`)
    const metrics = ['@opentelemetry/api', 'bintrees', 'prom-client', 'tdigest']
    expect(packages()).toEqual([...ARGUMENTS, ...SQLITE, ...metrics].sort())
  })

  test('client create in a pipe: nothing more', () => {
    machine.ok('tokenctl client create JDBC --role user')
    expect(packages()).toEqual([...ARGUMENTS, ...SQLITE].sort())
  })

  test('at a terminal, a table and its colours; and no clipboard, nor prompts', async () => {
    await new Terminal(machine, 'tokenctl token list').end()
    expect(packages()).toEqual(expect.arrayContaining(['chalk', 'cli-table3']))
    expect(packages()).not.toEqual(expect.arrayContaining(['inquirer']))
    expect(packages()).not.toEqual(expect.arrayContaining(['clipboardy']))
  })

  test('a question loads what asks; and no clipboard, without a desktop', async () => {
    const terminal = new Terminal(machine, 'tokenctl client create asked')
    await terminal.sees('Client role:')
    terminal.type('\r')
    expect((await terminal.end()).code).toBe(0)
    expect(packages()).toEqual(expect.arrayContaining(['inquirer']))
    expect(packages()).not.toEqual(expect.arrayContaining(['clipboardy']))
  })

  test("the clipboard's library is loaded by its helper, where there is a desktop", () => {
    machine.environment.DISPLAY = ':99'
    machine.sh('tokenctl client create copied --role user --copy')
    expect(packages()).toEqual(expect.arrayContaining(['clipboardy']))
  })
})
