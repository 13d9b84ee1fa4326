import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from '@jest/globals'

const SRC = resolve(import.meta.dirname, '../src')

/** Who may import whom, room by room. A room is a folder of src, or a file that stands there on its own. */
const MAP: Readonly<Record<string, readonly string[]>> = {
  entry: ['main', 'system'],
  index: ['store', 'core', 'system'],
  main: ['commands', 'screen', 'cli', 'store', 'core', 'system', 'version'],
  manual: ['commands', 'cli', 'core', 'system (type)', 'version'],
  commands: ['cli', 'core', 'http', 'version'],
  http: ['core', 'system (type)'],
  screen: ['cli', 'core'],
  cli: ['core', 'version', 'system (type)'],
  store: ['core', 'system (type)'],
  core: [],
  system: ['core'],
  version: [],
}

/** What only the system may know of. */
const OUTSIDE =
  /\bprocess\.|\bconsole\.|\bnew Date\(\)|\bDate\.now\b|\bMath\.random\b|\bglobalThis\b|node:(fs|tty|os|child_process|readline|net)\b/

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
const textOf = (file: string): string => readFileSync(join(SRC, file), 'utf8')
const roomOf = (file: string): string => (file.split('/')[0] ?? '').replace(/\.ts$/, '')

/** Each import of one of our own files, as `cli` or, where only types come over, `system (type)`. */
function importsOf(file: string): string[] {
  const statements = textOf(file).matchAll(/(import|export)( type)?[^'"]*?(?:from )?\(?'(\.[^']+)'/g)
  return [...statements].map(([, , type, path = '']) => {
    const room = roomOf(relative(SRC, join(SRC, dirname(file), path)))
    return type === undefined ? room : `${room} (type)`
  })
}

describe('dependencies point one way', () => {
  test('every room is on the map', () => {
    expect([...new Set(files.map(roomOf))].sort()).toEqual(Object.keys(MAP).sort())
  })

  test.each(files)('%s imports what its room may', (file) => {
    const room = roomOf(file)
    const allowed = MAP[room] ?? []
    const forbidden = importsOf(file).filter(
      (other) =>
        other.replace(' (type)', '') !== room &&
        !allowed.includes(other) &&
        !allowed.includes(other.replace(' (type)', '')),
    )
    expect(forbidden).toEqual([])
  })

  test.each(files.filter((file) => roomOf(file) !== 'system'))('%s knows nothing of the machine', (file) => {
    expect(OUTSIDE.exec(textOf(file))?.[0]).toBeUndefined()
  })

  test('only change.ts hands out a writer', () => {
    const writers = files.filter((file) => /\[WRITE\]\s*[(<:]/.test(textOf(file)))
    expect(writers.sort()).toEqual(['core/change.ts', 'core/store.ts', 'store/store.ts'])
  })

  test('the heavy packages are loaded where they are used', () => {
    const eager = files.filter((file) =>
      /^import (?!type).*'(inquirer|chalk|cli-table3|clipboardy|env-paths|bcryptjs|fastest-levenshtein|pg|better-sqlite3)'/m.test(
        textOf(file),
      ),
    )
    expect(eager.sort()).toEqual(['store/postgres.ts', 'store/sqlite.ts', 'system/clipboard-helper.ts'])
  })
})
