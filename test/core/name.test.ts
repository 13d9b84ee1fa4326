import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { checkDescription, checkName, checkRoleName, nameKey } from '../../src/core/name.ts'

const LONG = 'a'.repeat(63)

describe('a name', () => {
  test.each([
    'BI',
    'a',
    '7',
    '0',
    'nightly-etl',
    'jdbc_2',
    'v1.2',
    'A.',
    'a-',
    'a_',
    'cluster',
    'admin',
    LONG,
  ])('may be %s', (text) => {
    expect(checkName('client', text)).toBe(text)
    expect(checkRoleName(text)).toBe(text)
  })

  const refused: readonly (readonly [what: string, text: string])[] = [
    ['nothing', ''],
    ['64 characters', `${LONG}a`],
    ['a full stop first', '.hidden'],
    ['two full stops', '..'],
    ['a dash first, as an option', '-rf'],
    ['an underscore first', '_a'],
    ['a space', 'my client'],
    ['a space before', ' BI'],
    ['a space behind', 'BI '],
    ['a newline behind', 'BI\n'],
    ['a newline before', '\nBI'],
    ['NUL', 'BI\0'],
    ['a tab', 'B\tI'],
    ['ESC', '\u001b[31mBI'],
    ['a slash', 'acme/etl'],
    ['a backslash', 'acme\\etl'],
    ['a colon', 'a:b'],
    ['an asterisk', 'a*'],
    ['a quote', "a'b"],
    ['a percent sign', 'a%b'],
    ['an accent', 'Zo\u00eb'],
    ['a Cyrillic letter that looks Latin', '\u0412I'],
    ['a full-width letter', '\uff22I'],
    ['the Kelvin sign', '\u212a'],
    ['an Arabic-Indic digit', 'a\u0661'],
    ['a zero-width space', 'B\u200bI'],
    ['a zero-width joiner', 'B\u200dI'],
    ['a bidi override', 'B\u202eI'],
    ['a line separator', 'BI\u2028'],
    ['an emoji', '🔑'],
    ['a lone surrogate', 'a\ud800'],
  ]

  test.each(refused)('has not %s: %j', (_, text) => {
    const problem = {
      kind: 'usage',
      hint: 'a name is 1 to 63 of A-Z a-z 0-9 . _ -, starting with a letter or digit',
    }
    expect(() => checkName('client', text)).toThrow(/^not a client name: "/)
    expect(() => checkName('client', text)).toThrow(expect.objectContaining(problem))
  })

  test.each(refused)('of a role has not %s: %j', (_, text) => {
    expect(() => checkRoleName(text)).toThrow(/^not a role name: "/)
    expect(() => checkRoleName(text)).toThrow(expect.objectContaining({ kind: 'usage' }))
  })

  test.each(['alice@example.org', 'a@', 'ops@2'])('of a role alone may be %s', (text) => {
    expect(checkRoleName(text)).toBe(text)
    expect(() => checkName('client', text)).toThrow(/^not a client name: /)
  })

  test.each(['@alice', '@'])('of a role does not begin as %s does', (text) => {
    expect(() => checkRoleName(text)).toThrow(/^not a role name: /)
  })

  test('says in its refusal what it is the name of, with nothing a terminal obeys', () => {
    expect(() => checkName('organization', 'a\u001bb')).toThrow('not an organization name: "a\\u001bb"')
  })

  test('is taken as it is or refused, whatever is written', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (text) => {
        const fits = text.length <= 63 && /^[A-Za-z0-9]/.test(text) && !/[^A-Za-z0-9._-]/.test(text)
        expect(isTaken(text)).toBe(fits)
      }),
    )
  })
})

function isTaken(text: string): boolean {
  try {
    return checkName('client', text) === text
  } catch {
    return false
  }
}

describe('two names', () => {
  test.each([
    ['BI', 'bi', true],
    ['BI', 'Bi', true],
    ['nightly.ETL-2', 'NIGHTLY.etl-2', true],
    ['alice@Example.org', 'Alice@example.ORG', true],
    ['BI', 'BI2', false],
    ['a-b', 'a_b', false],
    ['0', 'O', false],
  ])('%s and %s are one: %s', (one, other, same) => {
    expect(nameKey(one) === nameKey(other)).toBe(same)
  })

  test('are one exactly if they differ in nothing but ASCII case', () => {
    const names = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/)
    fc.assert(
      fc.property(names, fc.infiniteStream(fc.boolean()), (name, capitals) => {
        const other = Array.from(name, (letter) =>
          capitals.next().value ? letter.toUpperCase() : letter.toLowerCase(),
        ).join('')
        expect(nameKey(other)).toBe(nameKey(name))
        expect(nameKey(nameKey(name))).toBe(nameKey(name))
        expect(nameKey(`${name}x`)).not.toBe(nameKey(name))
      }),
    )
  })
})

describe('a description', () => {
  test.each([
    ['words', 'nightly load, ask Zoë (ext. 12)'],
    ['one character', 'x'],
    ['words with spaces around them', ' x '],
    ['markup, which means nothing here', '<b>"50%"</b> `$HOME`'],
    ['another script', 'ночная загрузка 夜間 حمولة'],
    ['accents on their own', 'e\u0301'],
    ['an emoji', 'keys 🔑'],
    ['an emoji held together by joiners', '👩‍💻'],
    ['a no-break space', 'a\u00a0b'],
    ['200 characters', 'x'.repeat(200)],
    ['200 characters of two UTF-16 units each', '🔑'.repeat(200)],
  ])('may be %s: %j', (_, text) => {
    expect(checkDescription(text)).toBe(text)
  })

  test.each([
    ['nothing', ''],
    ['spaces alone', '   '],
    ['a no-break space alone', '\u00a0'],
    ['201 characters', 'x'.repeat(201)],
    ['201 characters of two UTF-16 units each', '🔑'.repeat(201)],
    ['a newline', 'two\nlines'],
    ['a newline behind', 'one line\n'],
    ['a carriage return', 'over\rwritten'],
    ['a tab', 'a\tb'],
    ['NUL', 'a\0b'],
    ['ESC', '\u001b[2J'],
    ['DEL', 'a\u007fb'],
    ['a C1 control', 'a\u009bb'],
    ['a bidi override', 'a\u202eb'],
    ['a bidi isolate', 'a\u2066b'],
    ['a right-to-left mark', 'a\u200fb'],
    ['a zero-width space', 'a\u200bb'],
    ['a byte order mark', '\ufeffa'],
    ['a soft hyphen', 'a\u00adb'],
    ['a tag character', 'a\u{e0041}b'],
    ['a line separator', 'a\u2028b'],
    ['a paragraph separator', 'a\u2029b'],
    ['a lone high surrogate', 'a\ud800b'],
    ['a lone low surrogate', 'a\udc00b'],
    ['a private-use character', 'a\ue000b'],
    ['a noncharacter', 'a\uffffb'],
    ['what stands for undecodable bytes', 'a\ufffdb'],
  ])('is not %s: %j', (_, text) => {
    expect(() => checkDescription(text)).toThrow(/^not a description: "/)
    expect(() => checkDescription(text)).toThrow(
      expect.objectContaining({
        kind: 'usage',
        hint: 'a description is 1 to 200 printable characters on one line',
      }),
    )
  })

  test('is abridged where it is refused', () => {
    expect(() => checkDescription('x '.repeat(5000))).toThrow(`not a description: "${'x '.repeat(40)}…"`)
  })

  test('holds no control character, whatever is written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), (text) => {
        const hostile =
          /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u
        fc.pre(hostile.test(text))
        expect(() => checkDescription(text)).toThrow(/^not a description: /)
      }),
    )
  })
})
