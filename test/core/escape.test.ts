import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { escaped, escapedLines, safeJson } from '../../src/cli/escape.ts'

/** Hostile text, what a terminal shows of it, and what its JSON string looks like. */
const hostile: readonly (readonly [what: string, text: string, shown: string, json: string])[] = [
  ['ESC', 'a\u001bb', 'a\\u{1b}b', 'a\\u001bb'],
  ['CSI, clearing the screen', '\u001b[2J', '\\u{1b}[2J', '\\u001b[2J'],
  ['CSI, a colour', '\u001b[31mred', '\\u{1b}[31mred', '\\u001b[31mred'],
  ['CSI, hiding text', '\u001b[8mgone', '\\u{1b}[8mgone', '\\u001b[8mgone'],
  ['CSI, asking for an answer', '\u001b[6n', '\\u{1b}[6n', '\\u001b[6n'],
  ['OSC, a window title', '\u001b]0;pwned\u0007', '\\u{1b}]0;pwned\\u{7}', '\\u001b]0;pwned\\u0007'],
  [
    'OSC 8, a link',
    '\u001b]8;;http://x\u001b\\',
    '\\u{1b}]8;;http://x\\u{1b}\\',
    '\\u001b]8;;http://x\\u001b\\\\',
  ],
  ['OSC 52, the clipboard', '\u001b]52;c;eA==\u0007', '\\u{1b}]52;c;eA==\\u{7}', '\\u001b]52;c;eA==\\u0007'],
  ['DCS', '\u001bP$q\u001b\\', '\\u{1b}P$q\\u{1b}\\', '\\u001bP$q\\u001b\\\\'],
  ['a reset', '\u001bc', '\\u{1b}c', '\\u001bc'],
  ['C1, CSI', '\u009b2J', '\\u{9b}2J', '\\u009b2J'],
  ['C1, OSC and ST', '\u009d0;x\u009c', '\\u{9d}0;x\\u{9c}', '\\u009d0;x\\u009c'],
  ['C1, next line', 'a\u0085b', 'a\\u{85}b', 'a\\u0085b'],
  ['the first and the last of C1', '\u0080\u009f', '\\u{80}\\u{9f}', '\\u0080\\u009f'],
  ['NUL', 'a\0b', 'a\\u{0}b', 'a\\u0000b'],
  ['BEL', '\u0007', '\\u{7}', '\\u0007'],
  ['backspaces', 'no\b\bok', 'no\\u{8}\\u{8}ok', 'no\\b\\bok'],
  ['DEL', 'a\u007fb', 'a\\u{7f}b', 'a\\u007fb'],
  ['a shift of the character set', '\u000ex\u000f', '\\u{e}x\\u{f}', '\\u000ex\\u000f'],
  ['a newline', 'a\nb', 'a\\u{a}b', 'a\\nb'],
  ['a carriage return', 'bad\rgood', 'bad\\u{d}good', 'bad\\rgood'],
  ['a tab', 'a\tb', 'a\\u{9}b', 'a\\tb'],
  ['a vertical tab and a form feed', '\u000b\f', '\\u{b}\\u{c}', '\\u000b\\f'],
  ['a bidi override', 'a\u202eb\u202c', 'a\\u{202e}b\\u{202c}', 'a\\u202eb\\u202c'],
  ['bidi embeddings', '\u202a\u202b\u202d', '\\u{202a}\\u{202b}\\u{202d}', '\\u202a\\u202b\\u202d'],
  [
    'bidi isolates',
    '\u2066\u2067\u2068\u2069',
    '\\u{2066}\\u{2067}\\u{2068}\\u{2069}',
    '\\u2066\\u2067\\u2068\\u2069',
  ],
  ['bidi marks', '\u200e\u200f\u061c', '\\u{200e}\\u{200f}\\u{61c}', '\\u200e\\u200f\\u061c'],
  ['a zero-width space', 'a\u200bb', 'a\\u{200b}b', 'a\\u200bb'],
  ['a zero-width non-joiner', 'a\u200cb', 'a\\u{200c}b', 'a\\u200cb'],
  ['a word joiner', 'a\u2060b', 'a\\u{2060}b', 'a\\u2060b'],
  ['a byte order mark', '\ufeffa', '\\u{feff}a', '\\ufeffa'],
  ['a soft hyphen', 'a\u00adb', 'a\\u{ad}b', 'a\\u00adb'],
  ['interlinear annotation', '\ufff9\ufffa\ufffb', '\\u{fff9}\\u{fffa}\\u{fffb}', '\\ufff9\\ufffa\\ufffb'],
  ['a tag character', 'a\u{e0041}b', 'a\\u{e0041}b', 'a\\udb40\\udc41b'],
  ['a line separator', 'a\u2028b', 'a\\u{2028}b', 'a\\u2028b'],
  ['a paragraph separator', 'a\u2029b', 'a\\u{2029}b', 'a\\u2029b'],
  ['a lone high surrogate', 'a\ud83db', 'a\\u{d83d}b', 'a\\ud83db'],
  ['a lone low surrogate', 'a\udd11b', 'a\\u{dd11}b', 'a\\udd11b'],
  ['a pair of surrogates the wrong way round', '\udd11\ud83d', '\\u{dd11}\\u{d83d}', '\\udd11\\ud83d'],
]

const harmless: readonly (readonly [what: string, text: string])[] = [
  ['nothing', ''],
  ['words', 'nightly load, ask Zoë'],
  [
    'all of ASCII that can be seen',
    Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join(''),
  ],
  ['a no-break space', 'a\u00a0b'],
  ['other scripts', 'ночная 夜間 حمولة'],
  ['an accent on its own', 'e\u0301'],
  ['an emoji', '🔑'],
  ['an emoji held together by a joiner', '👩‍💻'],
  ['a family of joiners', '👨‍👩‍👧‍👦'],
  ['an emoji with a variation selector', '❤️'],
  ['an emoji with a skin colour', '👍🏽'],
  ['a flag', '🇩🇪'],
  ['what looks escaped already', '\\u{1b}[2J'],
]

/** What a terminal obeys or hides, by its numbers and not by the rule under test. */
const OBEYED =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]|[\u{e0001}\u{e0020}-\u{e007f}]|\p{Cs}/u

const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom(...hostile.map(([, text]) => text), 'a', '🔑', '\n'))
    .map((parts) => parts.join('')),
  fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
)

describe('what came from outside', () => {
  test.each(hostile)('%s is shown escaped: %j', (_, text, shown) => {
    expect(escaped(text)).toBe(shown)
  })

  test.each(harmless)('%s stays as it is: %s', (_, text) => {
    expect(escaped(text)).toBe(text)
  })

  test('is one line in which nothing is obeyed, whatever it was', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(escaped(text)).not.toMatch(OBEYED)
        expect(escaped(escaped(text))).toBe(escaped(text))
      }),
      { numRuns: 1000 },
    )
  })

  test('is escaped character by character, the first and the last too', () => {
    const controls = Array.from({ length: 0xa0 }, (_, code) => String.fromCharCode(code))
    const kept = controls.filter((character) => escaped(character) === character)
    expect(kept.join('')).toBe(harmless[2]?.[1])
  })
})

describe('lines that are ours', () => {
  test.each([
    ['newlines and tabs', 'ID\tCLIENT\ntkc\tBI\n'],
    ['a colour', '\u001b[32mactive\u001b[39m'],
    ['a colour of several numbers', '\u001b[1;38;5;208mwarning\u001b[0m'],
    ['a reset without a number', '\u001b[m'],
    ['a move to a column of the line', '界面  \u001b[12Gactive'],
    ['an emoji held together by a joiner', '👩‍💻 🔑'],
    ['nothing', ''],
  ])('keep %s: %j', (_, text) => {
    expect(escapedLines(text)).toBe(text)
  })

  test.each([
    ['clearing the screen', 'a\u001b[2Jb', 'a\\u{1b}[2Jb'],
    ['a move to no column', '\u001b[G', '\\u{1b}[G'],
    ['a move to a column and a line', '\u001b[1;5G', '\\u{1b}[1;5G'],
    ['moving the cursor', '\u001b[1A\n', '\\u{1b}[1A\n'],
    ['a window title', '\u001b]0;x\u0007\n', '\\u{1b}]0;x\\u{7}\n'],
    ['a colour of C1', '\u009b31m', '\\u{9b}31m'],
    ['a colour with a private mark', '\u001b[?31m', '\\u{1b}[?31m'],
    ['a colour that never ends', '\u001b[31', '\\u{1b}[31'],
    ['a colour broken by a newline', '\u001b[\n31m', '\\u{1b}[\n31m'],
    ['a carriage return', 'bad\rgood\n', 'bad\\u{d}good\n'],
    ['a vertical tab', 'a\u000bb', 'a\\u{b}b'],
    ['a bidi override', 'a\u202eb\n', 'a\\u{202e}b\n'],
    ['a line separator', 'a\u2028b', 'a\\u{2028}b'],
    ['a lone surrogate', 'a\ud800\n', 'a\\u{d800}\n'],
    ['a tag character', '\u{e0041}', '\\u{e0041}'],
  ])('do not keep %s: %j', (_, text, shown) => {
    expect(escapedLines(text)).toBe(shown)
  })

  test('hold nothing that is obeyed but those, whatever they were', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(escapedLines(text).replace(/\n|\t|\u001b\[[0-9;]*m|\u001b\[[1-9][0-9]*G/g, '')).not.toMatch(
          OBEYED,
        )
      }),
      { numRuns: 1000 },
    )
  })
})

describe('JSON', () => {
  test.each(hostile)('has %s escaped: %j', (_, text, __, json) => {
    expect(safeJson(text)).toBe(`"${json}"`)
    expect(JSON.parse(safeJson(text))).toBe(text)
  })

  test.each(harmless)('has %s as it is: %s', (_, text) => {
    expect(safeJson(text)).toBe(JSON.stringify(text))
  })

  test('is written on lines of its own, two spaces deep', () => {
    expect(safeJson({ id: 'BI', tokens: [1, null] })).toBe(
      '{\n  "id": "BI",\n  "tokens": [\n    1,\n    null\n  ]\n}',
    )
  })

  test('is escaped in its keys too', () => {
    expect(safeJson({ 'a\u202eb': 'c' })).toBe('{\n  "a\\u202eb": "c"\n}')
  })

  test('is still the same value, without anything that is obeyed but newlines, whatever it was', () => {
    const values = fc.oneof(texts, fc.array(texts), fc.dictionary(texts, texts), fc.jsonValue())
    fc.assert(
      fc.property(values, (value) => {
        expect(JSON.parse(safeJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
        expect(safeJson(value).replaceAll('\n', '')).not.toMatch(OBEYED)
      }),
      { numRuns: 1000 },
    )
  })
})
