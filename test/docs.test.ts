import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { EXIT_CODES, FINDINGS, UNEXPECTED, VERDICT_CODES } from '../src/cli/exit-codes.ts'
import { REASONS } from '../src/core/verdict.ts'
import { manual } from '../src/manual/index.ts'
import { ENVIRONMENT } from '../src/manual/texts.ts'
import { version } from '../src/version.ts'
import { commandsOf } from './support/commands.ts'
import { COMMAND_LINES } from './support/command-lines.ts'
import { World } from './support/world.ts'

const ROOT = resolve(import.meta.dirname, '..')
const page = (name: string): string => readFileSync(join(ROOT, name), 'utf8')

describe('every command', () => {
  const world = new World()
  const commands = commandsOf()
  const answers = new Map<string, unknown>()
  const helps = new Map<string, string>()

  beforeAll(async () => {
    world.stdin = 'correct horse battery\n'
    for (const [command, line] of Object.entries(COMMAND_LINES)) {
      const answer: unknown = JSON.parse((await world.run(...line.split(' '), '--json')).stdout)
      answers.set(command, answer)
      const { token } = answer as { token?: string }
      if (token !== undefined) world.stdin = `${token}\n`
      helps.set(command, await world.ok(...command.split(' '), '--help'))
    }
  })
  afterAll(() => world.remove())

  test('stands in the table of this test', () => {
    expect(Object.keys(COMMAND_LINES).sort()).toEqual([...commands].sort())
  })

  test.each(commands)('%s has help with a description and two or three examples', (command) => {
    const [, examples = ''] = (helps.get(command) ?? '').split('Examples:\n')
    const lines = examples.trimEnd().split('\n')
    expect([2, 3]).toContain(lines.length)
    expect(lines.every((line) => /^ {2}\$ (source <\()?tokenctl /.test(line))).toBe(true)
    expect(lines.some((line) => line.includes(`tokenctl ${command}`))).toBe(true)
    expect(helps.get(command)).toMatch(/^Usage: .*\n\n[A-Z].*\./)
  })

  test.each(commands)('%s answers in JSON with just the fields its help names', (command) => {
    const [, fields = ''] = /JSON fields:\n((?: {2}.*\n)+)/.exec(helps.get(command) ?? '') ?? []
    const documented = [...fields.matchAll(/^ {2}(\w+) /gm)].map(([, field]) => field)
    const answer = answers.get(command)
    const seen: unknown = Array.isArray(answer) ? answer.at(-1) : answer
    expect(Object.keys(seen as object).sort()).toEqual(documented.sort())
  })
})

describe('the documents are true', () => {
  test('docs/commands.md is what the commands say of themselves: npm run build writes it', () => {
    const written = manual().find(({ path }) => path === 'docs/commands.md')
    expect(page('docs/commands.md')).toBe(written?.text)
  })

  test('docs/commands.md has each exit code once, in their order', () => {
    const [, table = ''] = page('docs/commands.md').split('\n## Exit codes\n')
    const codes = [...table.matchAll(/^\| `([0-9]+)` \|/gm)].map(([, code]) => Number(code))
    const all = new Set([
      0,
      UNEXPECTED,
      FINDINGS,
      ...[EXIT_CODES, VERDICT_CODES].flatMap(Object.values<number>),
    ])
    expect(codes).toEqual([...all].sort((a, b) => a - b))
  })

  test("docs/commands.md's links lead to headings of its own", () => {
    const text = page('docs/commands.md')
    const headings = [...text.matchAll(/^##+ (.*)$/gm)].map(([, heading = '']) =>
      heading.toLowerCase().replaceAll(' ', '-'),
    )
    const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor)
    expect(links.sort()).toEqual(headings.sort())
  })

  test('the manual names every variable of the environment that the program looks at', () => {
    const named = ENVIRONMENT.flatMap(({ term }) => term.split(', '))
    const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.startsWith('manual/'))
      .map((name) => page(`src/${name}`))
      .join('\n')
    const used = [
      ...sources.matchAll(/\b(?:environment|process\.env)\.([A-Z_]+)/g),
      ...sources.matchAll(/\b(PG[A-Z_]{3,})\b/g),
      ...[...sources.matchAll(/\{ ([A-Z_, ]+) \} = \S*environment/g)].flatMap(([, names = '']) =>
        [...names.matchAll(/[A-Z_]+/g)].map(([name]) => [name, name]),
      ),
    ].map(([, name]) => name)
    // What the library looks at that finds the default store, and where sessions are.
    expect([...new Set([...used, 'XDG_DATA_HOME', 'XDG_STATE_HOME'])].sort()).toEqual([...named].sort())
  })

  test('docs/library.md has each reason once, in the order in which they are asked', () => {
    const [, table = ''] =
      /\| `reason` of one that is not \|.*\n((?:\|.*\n)+)/.exec(page('docs/library.md')) ?? []
    expect([...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, reason]) => reason)).toEqual(REASONS)
  })

  test('the middleware in docs/library.md is the one of examples/express/server.js', () => {
    const [, shown = ''] = /```js\n(.*?)```/s.exec(page('docs/library.md')) ?? []
    expect(shown).toContain('verifier.verify(')
    expect(page('examples/express/server.js')).toContain(shown)
  })

  test('the version is the one of package.json', () => {
    expect(version).toBe((JSON.parse(page('package.json')) as { version: string }).version)
  })

  test.each([
    ['README.md', 'readme.txt'],
    ['docs/security.md', 'full-disk.txt'],
  ])('the session in %s is the one of test/scripts/%s', (name, script) => {
    const [, shown] = /```console\n(.*?)```/s.exec(page(name)) ?? []
    expect(shown).toBe(onScreen(page(`test/scripts/${script}`)))
  })

  test.each([
    'README.md',
    'docs/architecture.md',
    'docs/security.md',
    'docs/deployment.md',
    'docs/serving.md',
    'docs/gateways/README.md',
    'docs/commands.md',
    'docs/library.md',
    'docs/token-format.md',
    'docs/tour.md',
    'CHANGELOG.md',
  ])('the files and pages that %s names are there', (name) => {
    const named = [
      ...page(name).matchAll(
        /\]\(([^)#:]+)(?:#[^)]*)?\)|`((?:src|test|docs|bin|scripts|examples)\/[\w./-]+\.\w+)`/g,
      ),
    ]
    const missing = named
      .map(([, link, path]) => (link === undefined ? join(ROOT, path ?? '') : join(ROOT, name, '..', link)))
      .filter((path) => !existsSync(path))
    expect(missing).toEqual([])
  })
})

/** A session as somebody sees it, with a made-up token in the place of the real one. */
function onScreen(script: string): string {
  return script
    .replace(/^# .*\n\n/, '')
    .replace(/^@ .*\n/gm, '')
    .replace(/^(! |\[exit .*\n)/gm, '')
    .replace('? Token:', '? Token: ********')
    .replace(/\{token:\w+\}/g, 'tkc_7fQ2mWc01xYz…')
    .replace(/\{id:\w+\}/g, 'tkc_7fQ2mWc01xYz')
    .replace('{path}', '/home/alice/.local/share/tokenctl/tokenctl.db')
    .replace('tester', 'alice')
}
