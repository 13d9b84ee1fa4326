import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from '@jest/globals'
import widthOf from 'string-width'
import { escapedLines } from '../../src/cli/escape.ts'
import type { Style } from '../../src/cli/output.ts'
import { type Column, laidOut, properties, type Property, table } from '../../src/cli/table.ts'

const PLAIN: Style = { forPeople: true, color: false, columns: 80, now: 0 }
const COLORED: Style = { ...PLAIN, color: true }

type Row = Readonly<Record<'id' | 'client' | 'description' | 'status' | 'jobs' | 'created', string>>

const COLUMNS: readonly Column<Row>[] = [
  { title: 'ID', rank: 0, cell: ({ id }) => id },
  { title: 'CLIENT', rank: 1, least: 8, cell: ({ client }) => client },
  { title: 'DESCRIPTION', rank: 3, least: 12, cell: ({ description }) => description },
  { title: 'STATUS', rank: 2, cell: ({ status }) => status, paint: 'status' },
  { title: 'JOBS', rank: 4, cell: ({ jobs }) => jobs },
  { title: 'CREATED', rank: 5, cell: ({ created }) => created },
]

const BI: Row = {
  id: 'tkc_7fQ2mWc01xYz',
  client: 'BI',
  description: 'sales dashboards of the north',
  status: 'active',
  jobs: '',
  created: '2 d ago',
}

const at = (columns: number, ...rows: readonly Row[]): Promise<string> =>
  table({ ...PLAIN, columns }, COLUMNS, rows)

describe('a table is as wide as the terminal, and no wider', () => {
  test.each([
    [
      200,
      'ID                CLIENT  DESCRIPTION                    STATUS  JOBS  CREATED',
      'tkc_7fQ2mWc01xYz  BI      sales dashboards of the north  active        2 d ago',
    ],
    [
      78,
      'ID                CLIENT  DESCRIPTION                    STATUS  JOBS  CREATED',
      'tkc_7fQ2mWc01xYz  BI      sales dashboards of the north  active        2 d ago',
    ],
    [
      77, // first what is empty
      'ID                CLIENT  DESCRIPTION                    STATUS  CREATED',
      'tkc_7fQ2mWc01xYz  BI      sales dashboards of the north  active  2 d ago',
    ],
    [
      71, // then long cells are cut
      'ID                CLIENT  DESCRIPTION                   STATUS  CREATED',
      'tkc_7fQ2mWc01xYz  BI      sales dashboards of the nor…  active  2 d ago',
    ],
    [
      55,
      'ID                CLIENT  DESCRIPTION   STATUS  CREATED',
      'tkc_7fQ2mWc01xYz  BI      sales dashb…  active  2 d ago',
    ],
    [
      54, // then the least important column goes, and there is room again
      'ID                CLIENT  DESCRIPTION           STATUS',
      'tkc_7fQ2mWc01xYz  BI      sales dashboards of…  active',
    ],
    [45, 'ID                CLIENT  STATUS', 'tkc_7fQ2mWc01xYz  BI      active'],
    [31, 'ID                CLIENT', 'tkc_7fQ2mWc01xYz  BI'],
    [23, 'ID', 'tkc_7fQ2mWc01xYz'],
    [16, 'ID', 'tkc_7fQ2mWc01xYz'],
    [10, 'ID', 'tkc_7fQ2mWc01xYz'], // an ID is never cut
  ])('%d columns', async (columns, ...lines) => {
    expect((await at(columns, BI)).split('\n')).toEqual(lines)
  })

  test('of several long cells the less important is cut first, and no more than needed', async () => {
    const long = { ...BI, client: 'warehouse-loader', jobs: 'yes' }
    expect(await at(79, long)).toContain('warehouse-loader  sales dashboards of…  active  yes')
    expect(await at(69, long)).toContain('warehouse-loa…  sales dashb…  active  yes')
  })

  test('a name that is alone is cut to what there is', async () => {
    const names: Column<Row>[] = [{ title: 'CLIENT', rank: 0, least: 24, cell: ({ client }) => client }]
    const rows = [{ ...BI, client: 'a'.repeat(63) }]
    expect(await table({ ...PLAIN, columns: 20 }, names, rows)).toBe(`CLIENT\n${'a'.repeat(19)}…`)
  })

  test('without rows there is the header', async () => {
    expect(await at(80)).toBe('ID  CLIENT  DESCRIPTION  STATUS  JOBS  CREATED')
    expect(await at(20)).toBe('ID  CLIENT  STATUS')
  })
})

describe('a text is measured, and cut, by what is seen', () => {
  test.each([
    ['CJK', '界面界面界面界面', '界面界面界…'],
    ['CJK with one cell to spare', 'a界面界面界面界面', 'a界面界面界…'],
    ['a family', '12345678901👩‍👩‍👧‍👦', '12345678901…'],
    ['an emoji at the cut', '1234567890👩‍💻👩‍💻', '1234567890…'],
    ['a flag', '123456789🇩🇪🇩🇪', '123456789🇩🇪…'],
    ['a combining accent', `12345678e\u0301e\u0301e\u0301e\u0301e\u0301`, `12345678e\u0301e\u0301e\u0301…`],
    ['a space at the cut', '1234567890 234', '1234567890…'],
    ['an escape sequence', '\u001b[2J23456789', '\\u{1b}[2J23…'],
  ])('%s', async (_, description, shown) => {
    const out = await at(55, { ...BI, description })
    expect(out.split('\n')[1]).toBe(
      `tkc_7fQ2mWc01xYz  BI      ${shown}${' '.repeat(Math.max(0, 11 - widthOf(shown)))}  active  2 d ago`,
    )
  })
})

const HARD = [
  '界面',
  '📊',
  '👩‍💻',
  '한국어',
  'e\u0301',
  '🇩🇪',
  '❤️',
  'ア',
  '\u001b[7m',
  '\t',
  ' ',
  'word',
  'é',
  '…',
]
const texts = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.array(fc.constantFrom(...HARD), { maxLength: 20 }).map((pieces) => pieces.join('')),
)
const rows = fc.array(
  fc.record({
    id: fc.stringMatching(/^tkc_[0-9A-Za-z]{12}$/),
    client: texts,
    description: texts,
    status: fc.constantFrom('active', 'expired', 'disabled'),
    jobs: fc.constantFrom('', 'yes'),
    created: texts,
  }),
  { minLength: 1, maxLength: 5 },
)

describe('whatever is in the cells, and however wide the terminal is', () => {
  const widths = fc.integer({ min: 20, max: 200 })

  test('no line is wider, every ID is whole, and what follows begins at the same place', async () => {
    await fc.assert(
      fc.asyncProperty(rows, widths, fc.boolean(), async (made, columns, color) => {
        const { header, lines } = await laidOut({ ...PLAIN, columns, color }, COLUMNS, made)
        expect(lines).toHaveLength(made.length)
        const status = header.indexOf('STATUS')
        for (const [i, line] of lines.map(stripVTControlCharacters).entries()) {
          expect(widthOf(line)).toBeLessThanOrEqual(columns)
          expect(line.startsWith(made[i]?.id ?? '')).toBe(true)
          if (status < 0) continue
          const start = line.search(/(?<= {2})(active|expired|disabled)( {2}|$)/)
          expect(widthOf(line.slice(0, start))).toBe(status)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('a move leads to the beginning of a column, which is where its cell stands already', async () => {
    await fc.assert(
      fc.asyncProperty(rows, widths, async (made, columns) => {
        const { header, lines } = await laidOut({ ...COLORED, columns }, COLUMNS, made)
        const starts = [...header.matchAll(/(?<= {2})[A-Z]/g)].map(({ index }) => index)
        expect(escapedLines(lines.join('\n'))).toBe(lines.join('\n'))
        for (const line of lines) {
          const moves = [...line.matchAll(/\u001b\[([0-9]+)G/g)]
          for (const { 1: column, index } of moves) {
            expect(Number(column) - 1).toBe(widthOf(line.slice(0, index)))
            expect(starts).toContain(Number(column) - 1)
          }
          expect(moves.length > 0 && /^\p{ASCII}*$/u.test(line)).toBe(false)
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('where the terminal is capable, columns are straight whatever it thinks of widths', () => {
  const emoji = { ...BI, description: '界面 📊', created: 'é' }

  test('behind what is not ASCII each cell begins with a move to its column; the other lines are plain', async () => {
    const { header, lines } = await laidOut(COLORED, COLUMNS, [emoji, { ...BI, jobs: 'yes' }])
    expect(header).not.toContain('\u001b')
    expect(lines).toEqual([
      'tkc_7fQ2mWc01xYz  BI      界面 📊                        \u001b[58G\u001b[32mactive\u001b[39m  \u001b[66G      \u001b[72Gé',
      'tkc_7fQ2mWc01xYz  BI      sales dashboards of the north  \u001b[32mactive\u001b[39m  yes   2 d ago',
    ])
  })

  test('without colours there are only spaces', async () => {
    expect((await laidOut(PLAIN, COLUMNS, [emoji])).lines.join('\n')).not.toContain('\u001b')
  })

  test('behind an indent the table is narrower, and its moves lead that much further', async () => {
    const { lines } = await laidOut({ ...COLORED, columns: 60 }, COLUMNS, [emoji], 4)
    const [line = ''] = lines
    expect(widthOf(line)).toBeLessThanOrEqual(56)
    expect(line).toContain('\u001b[44G\u001b[32mactive')
  })

  test('a move in a description is shown, not obeyed', async () => {
    const { lines } = await laidOut(COLORED, COLUMNS, [{ ...BI, description: 'a\u001b[1Gb' }])
    expect(lines[0]).toContain('a\\u{1b}[1Gb')
  })
})

describe("one thing's properties", () => {
  const PROPERTIES: readonly Property<Row>[] = [
    ...COLUMNS,
    { title: 'STORE', cell: () => '/home/alice/my files/tokenctl.db', whole: true },
  ]
  const shown = (columns: number, description: string): Promise<string> =>
    properties({ ...PLAIN, columns }, PROPERTIES, { ...BI, description })

  test('are wrapped between words, below where they begin; what may be copied stays whole', async () => {
    expect(await shown(34, 'sales dashboards of the north, see /srv/reports/2026/north')).toBe(
      [
        'ID           tkc_7fQ2mWc01xYz',
        'CLIENT       BI',
        'DESCRIPTION  sales dashboards of',
        '             the north, see',
        '             /srv/reports/2026/north',
        'STATUS       active',
        'CREATED      2 d ago',
        'STORE        /home/alice/my files/tokenctl.db',
      ].join('\n'),
    )
  })

  test('are broken between characters where a script has no spaces', async () => {
    expect(await shown(24, 'a 界面界面界面界面 b')).toContain(
      'DESCRIPTION  a 界面界面\n             界面界面 b\n',
    )
  })

  test('wide enough, are a line each', async () => {
    expect(await shown(200, 'x '.repeat(80).trim())).toContain(`DESCRIPTION  ${'x '.repeat(80).trim()}\n`)
  })

  test.each([20, 40, 60, 80, 120, 200])('lose nothing at %d columns', async (columns) => {
    await fc.assert(
      fc.asyncProperty(texts, async (description) => {
        const plain = { ...PLAIN, columns: 10_000 }
        const whole = await properties(plain, PROPERTIES, { ...BI, description })
        const broken = await shown(columns, description)
        expect(broken.replace(/\s/gu, '')).toBe(whole.replace(/\s/gu, ''))
      }),
      { numRuns: 100 },
    )
  })
})
