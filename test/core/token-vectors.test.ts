import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parseToken } from '../../src/core/token-format.ts'

const published = readFileSync(join(import.meta.dirname, '../../docs/token-format.md'), 'utf8')
const pattern = new RegExp(/```regex\n(.+)\n```/.exec(published)?.[1] ?? 'no pattern published')

const named: Record<string, string> = { n: '\n', r: '\r', t: '\t', '0': '\0' }

const unescaped = (text: string): string =>
  text.replace(/\\(?:u([0-9a-f]{4})|([nrt0]))/g, (_, hex?: string, name = '') =>
    hex === undefined ? (named[name as string] ?? '') : String.fromCharCode(parseInt(hex, 16)),
  )

const [, section = ''] = published.split('## Test vectors')
/** Below the heading and its rule. */
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .slice(2)
const vectors = rows.map((line) => {
  const [, written = '', judged = '', why = ''] = /^\| `(.+)` \| (\w+) \| (.+) \|$/.exec(line) ?? []
  return { judged, why, token: unescaped(written), line }
})
const judgedAs = (judged: string) => vectors.filter((vector) => vector.judged === judged)

describe('the test vectors that docs/token-format.md publishes', () => {
  test('are at least 40, 16 of them valid, all different and all readable', () => {
    expect(vectors.length).toBeGreaterThanOrEqual(40)
    expect(judgedAs('valid').length).toBeGreaterThanOrEqual(16)
    expect(new Set(vectors.map(({ token }) => token)).size).toBe(vectors.length)
    const readable = [...judgedAs('valid'), ...judgedAs('pattern'), ...judgedAs('checksum')]
    expect(vectors.filter((vector) => !readable.includes(vector)).map(({ line }) => line)).toEqual([])
  })

  test.each(judgedAs('valid'))('valid: $why', ({ token }) => {
    expect(token).toMatch(pattern)
    const [id = ''] = /^.*_.{12}/.exec(token) ?? []
    expect(parseToken(token)).toEqual({ id, prefix: id.split('_')[0] })
  })

  test.each(judgedAs('checksum'))('of the right shape, refused: $why', ({ token }) => {
    expect(token).toMatch(pattern)
    expect(parseToken(token)).toBeNull()
  })

  test.each(judgedAs('pattern'))('of the wrong shape, refused: $why', ({ token }) => {
    expect(token).not.toMatch(pattern)
    expect(parseToken(token)).toBeNull()
  })
})
