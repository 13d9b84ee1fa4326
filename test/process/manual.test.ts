import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { manual } from '../../src/manual/index.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const PAGES = manual()
  .map(({ path }) => path)
  .filter((path) => path.startsWith('dist/man/'))

interface Package {
  readonly man: readonly string[]
}

describe('the manual pages', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tokenctl-'))
  beforeAll(() => {
    mkdirSync(join(folder, 'man1'))
    for (const page of PAGES) cpSync(join(ROOT, page), join(folder, 'man1', basename(page)))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function man(words: readonly string[], width = 80) {
    const environment = {
      PATH: process.env.PATH,
      MANPATH: folder,
      MANWIDTH: String(width),
      LC_ALL: 'C.UTF-8',
    }
    return spawnSync('man', words, { env: environment, encoding: 'utf8' })
  }

  test('are those that package.json lists, and all that the build makes', () => {
    const { man: listed } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Package
    expect([...listed].sort()).toEqual([...PAGES].sort())
    expect(readdirSync(join(ROOT, 'dist/man')).sort()).toEqual(PAGES.map((page) => basename(page)).sort())
  })

  test('are in the package', () => {
    const npm = ['pack', '--dry-run', '--json', '--ignore-scripts', '--cache', join(folder, 'cache')]
    const output = execFileSync('npm', npm, {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const [packed] = JSON.parse(output) as { files: { path: string }[] }[]
    const paths = packed?.files.map(({ path }) => path) ?? []
    expect(paths).toEqual(expect.arrayContaining([...PAGES]))
    expect(paths.filter((path) => path.startsWith('dist/') && !path.startsWith('dist/man/')).sort()).toEqual([
      'dist/clipboard-helper.mjs',
      'dist/index.d.ts',
      'dist/index.js',
      'dist/package.json',
      'dist/tokenctl.js',
    ])
  })

  test.each(PAGES)('%s is found by its name, and sound', (page) => {
    for (const encoding of ['UTF-8', 'ascii']) {
      const { status, stderr } = man(['--warnings', '-E', encoding, '-Z', basename(page, '.1')])
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    }
  })

  test.each([60, 80, 120])('fit a terminal of %d columns', (width) => {
    for (const page of PAGES) {
      const lines = man(['-P', 'cat', basename(page, '.1')], width).stdout.split('\n')
      expect(lines.length).toBeGreaterThan(50)
      expect(lines.filter((line) => line.length > width)).toEqual([])
    }
  })

  test.each([
    ['tokenctl', 'tokenctl noun verb [name...] [options]', 'tokenctl-token(1)', 'TOKENCTL_STORE'],
    ['tokenctl-token', 'tokenctl token regenerate [options] [token]', '--overlap duration', 'tokenctl(1)'],
  ])('%s says what there is', (name, ...texts) => {
    const { stdout } = man(['-P', 'cat', name])
    const titles = stdout
      .split('\n')
      .filter((line) => /^[A-Z]/.test(line))
      .slice(1)
    expect(titles).toEqual(
      expect.arrayContaining([
        'NAME',
        'SYNOPSIS',
        'DESCRIPTION',
        'COMMANDS',
        'EXIT STATUS',
        'ENVIRONMENT',
        'FILES',
        'SEE ALSO',
      ]),
    )
    for (const text of texts) expect(stdout).toContain(text)
  })
})
