import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from '@jest/globals'
import { bold, italic, line, operands, prose, typed } from '../../src/manual/roff.ts'

describe('text as roff', () => {
  test.each([
    ['say `--json`, or --no-color', 'say \\fB\\-\\-json\\fR, or \\-\\-no\\-color'],
    ['machine-to-machine, -1', 'machine-to-machine, \\-1'],
    ["the client's `a.b` and `…`", 'the client\\(aqs \\fBa.b\\fR and \\fB...\\fR'],
    ['größer', 'gr\\[u00F6]\\[u00DF]er'],
  ])('prose: %s', (text, roff) => {
    expect(prose(text)).toBe(roff)
  })

  test.each([
    ['-y, --yes', '\\fB\\-y\\fR, \\fB\\-\\-yes\\fR'],
    ['--secret-file <path>', '\\fB\\-\\-secret\\-file\\fR \\fIpath\\fR'],
    ['[options] [name...]', '[\\fIoptions\\fR] [\\fIname\\fR...]'],
    ['<store-path>', '\\fIstore\\-path\\fR'],
  ])('operands: %s', (text, roff) => {
    expect(operands(text)).toBe(roff)
  })

  test('whatever a line says, it is printed, and none of it obeyed', () => {
    const word = fc
      .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 })
      .map((text) => text.replaceAll(' ', '_'))
    const texts = fc.sample(
      fc
        .array(
          fc.oneof(word, fc.constantFrom('.', "'", '.SH', '\\fB', '\'\\"', '-', '--x', '\\n(.g', 'a-b')),
          {
            minLength: 1,
            maxLength: 5,
          },
        )
        .map((words) => words.join(' ')),
      { numRuns: 500, seed: 1 },
    )
    const forms = [typed, bold, italic, (text: string) => prose(text.replaceAll('`', '_'))]
    const lines = texts.map((text, i) => line(forms[i % forms.length]?.(text) ?? ''))
    const page = ['.TH X 1', '.nh', '.ad l', ...lines.flatMap((each) => ['.PP', each]), ''].join('\n')
    const { stdout, stderr } = spawnSync('groff', ['-man', '-ww', '-Tascii', '-P-cbou', '-rLL=200n'], {
      input: page,
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    const [, ...printed] = stdout
      .split('\n')
      .filter((text) => text.startsWith('       '))
      .reverse()
    expect(printed.reverse().map((text) => text.slice(7))).toEqual(
      texts.map((text, i) => (i % forms.length === 3 ? text.replaceAll('`', '_') : text)),
    )
  })
})
