import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { typedLine, type TypedWord } from '../../src/cli/typed-line.ts'

const split = (line: string) => typedLine(line, '/home/alice')

describe('a typed line', () => {
  const LINES: readonly (readonly [string, readonly TypedWord[], TypedWord])[] = [
    ['', [], ''],
    ['tokenctl', [], 'tokenctl'],
    ['tokenctl ', ['tokenctl'], ''],
    ['  tokenctl\tclient  sh', ['tokenctl', 'client'], 'sh'],
    ['a \\\nb', ['a'], 'b'],
    ['a b\\\nc', ['a'], 'bc'],
    ["a 'b c' d", ['a', 'b c'], 'd'],
    ["a 'b c", ['a'], 'b c'],
    ['a "b c" d', ['a', 'b c'], 'd'],
    ['a "b c', ['a'], 'b c'],
    ['a "b\\"c\\\\d\\e', ['a'], 'b"c\\d\\e'],
    ['a \'b\'c"d"\\ e', ['a'], 'bcd e'],
    ["a '' ''", ['a', ''], ''],
    ['a "b\nc" d', ['a', 'b\nc'], 'd'],
    ['a --b=c:d@e', ['a'], '--b=c:d@e'],
    ['a ~/b', ['a'], '/home/alice/b'],
    ['a ~', ['a'], '/home/alice'],
    ["a '~/b'", ['a'], '~/b'],
    ['a b~/c', ['a'], 'b~/c'],
    ['a --b=~/c', ['a'], '--b=~/c'],
    // What only a shell knows.
    ['a ~bob/c', ['a'], null],
    ['a $b', ['a'], null],
    ['a "$b', ['a'], null],
    ['a "\\$b', ['a'], '$b'],
    ['a "\\\\$b', ['a'], null],
    ["a '$b", ['a'], '$b'],
    ['a b$c d', ['a', null], 'd'],
    ['a ${b} c', ['a', null], 'c'],
    ["a $'b\\'c d' e", ['a', null], 'e'],
    ['a b* c', ['a', null], 'c'],
    ['a b? [c] {d,e} f', ['a', null, null, null], 'f'],
    // Redirections are no words.
    ['a > b c', ['a'], 'c'],
    ['a >b c', ['a'], 'c'],
    ['a 2>> b c', ['a'], 'c'],
    ['a b2> c d', ['a', 'b2'], 'd'],
    ['a &> b <c d', ['a'], 'd'],
  ]
  test.each(LINES)('%j', (line, words, current) => {
    expect(split(line)).toMatchObject({ words, current, isTarget: false })
  })

  test.each(['a >b', 'a > ', 'a 2>', 'a >> "b c', 'a b <', 'a >|b'])(
    'where a redirection goes: %j',
    (line) => {
      expect(split(line)).toMatchObject({ words: expect.arrayContaining(['a']), isTarget: true })
    },
  )

  test.each([
    'a $(b',
    'a $(b) c',
    'a `b',
    'a `b` c',
    'a "$(b) c',
    'a "`b` c',
    'a ${x[$(b)]} c',
    'a <(b c',
    'a (b) c',
    'a; b',
    'a | b',
    'a & b',
    'a\nb',
    'a \\',
  ])('what would run something, or is more than one command, is nobody’s to split: %j', (line) => {
    expect(split(line)).toBeNull()
  })

  test('without a home ~ is nothing that is known', () => {
    expect(typedLine('a ~/b', undefined)).toMatchObject({ current: null })
  })

  test('what is typed of the last word, quotes and all', () => {
    expect(split("a 'b' c'd e\"f")).toMatchObject({ current: 'cd e"f', raw: 'c\'d e"f' })
  })

  test('quoted in any way, words come back', () => {
    const single = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`
    const double = (word: string): string => `"${word.replace(/["\\$`]/g, '\\$&')}"`
    const escaped = (word: string): string => word.replace(/[^\n]/gu, '\\$&').replaceAll('\n', "'\n'") || "''"
    const words = fc.array(
      fc.tuple(fc.string({ unit: 'binary' }), fc.constantFrom(single, double, escaped)),
      {
        minLength: 1,
      },
    )
    fc.assert(
      fc.property(words, (words) => {
        const texts = words.map(([word]) => word)
        const line = words.map(([word, quote]) => quote(word)).join(' ')
        expect(split(line)).toMatchObject({ words: texts.slice(0, -1), current: texts.at(-1) })
      }),
    )
  })

  test('of any text at all something is made, or nothing', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.constantFrom(...Array.from('\'"\\$`(){}[]<>|&;~ \n\t*?=a2')),
        fc.string({ unit: 'binary' }),
      ),
    )
    fc.assert(
      fc.property(pieces, (pieces) => {
        const line = pieces.join('')
        expect(line.endsWith(split(line)?.raw ?? '')).toBe(true)
      }),
    )
  })
})
