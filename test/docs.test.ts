import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { App } from '../src/cli/app.ts'
import { programOf } from '../src/commands/index.ts'
import { version } from '../src/version.ts'
import { COMMAND_LINES } from './support/command-lines.ts'
import { World } from './support/world.ts'

const ROOT = resolve(import.meta.dirname, '..')
const page = (name: string): string => readFileSync(join(ROOT, name), 'utf8')

/** `client create`, … as the program has them. */
function commandsOf(world: World): string[] {
  const system = world.system()
  const app = new App(system, () => Promise.reject(new Error('no store')))
  const program = programOf(app, { asked: '', unasked: '' })
  const shown = program.createHelp().visibleCommands(program)
  return shown.flatMap((command) =>
    command.commands.length === 0
      ? [command.name()]
      : command
          .createHelp()
          .visibleCommands(command)
          .map((verb) => `${command.name()} ${verb.name()}`),
  )
}

describe('every command', () => {
  const world = new World()
  const commands = commandsOf(world)
  const answers = new Map<string, unknown>()
  const helps = new Map<string, string>()

  beforeAll(async () => {
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
  test('docs/commands.md is what --help says', () => {
    expect(() =>
      execFileSync(process.execPath, [join(ROOT, 'scripts/docs.js'), '--check'], { stdio: 'pipe' }),
    ).not.toThrow()
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
    'docs/commands.md',
    'docs/token-format.md',
    'CHANGELOG.md',
  ])('the files and pages that %s names are there', (name) => {
    const named = [
      ...page(name).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)|`((?:src|test|docs|bin|scripts)\/[\w./-]+\.\w+)`/g),
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
