import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Machine, Terminal } from '../support/process.ts'

const DESCRIPTIONS = [
  'sales dashboards',
  '界面 📊 👩‍💻 한국어',
  '🇩🇪❤️ e\u0301t\u0301e\u0301',
  '界面界面界面界面界面界面界面界面界面界面界面界面',
]

/** What stands in the cells of a line from one column on: a terminal's cells, which are not the characters of a text. */
const from = (cells: readonly string[], column: number): string => cells.slice(column).join('').trimEnd()

describe('a table on a real terminal, whose idea of the width of emoji is not ours', () => {
  const machine = new Machine()
  beforeAll(() => {
    for (const [i, description] of DESCRIPTIONS.entries()) {
      machine.ok(`tokenctl client create c${i} --role user --description '${description}'`)
    }
  })
  afterAll(() => machine.remove())

  const shown = async (columns: number, before = ''): Promise<Terminal> => {
    const terminal = new Terminal(machine, `${before} tokenctl token list`, columns)
    await terminal.end()
    return terminal
  }

  test.each([80, 120])('has straight columns at %d, and no line that is wrapped', async (columns) => {
    const { cells, stream } = await shown(columns)
    expect(stream).toMatch(/\u001b\[[0-9]+G/)
    const top = cells.findIndex((line) => line.join('').startsWith('ID '))
    const header = cells[top]?.join('') ?? ''
    expect(header).toMatch(/^ID +CLIENT +DESCRIPTION +.*STATUS .*EXPIRES +LAST USED *$/)
    const rows = cells.slice(top + 1, top + 1 + DESCRIPTIONS.length)
    for (const row of rows) {
      expect(from(row, 0)).toMatch(/^tkc_/)
      expect(from(row, header.indexOf('STATUS'))).toMatch(/^active {2}/)
      expect(from(row, header.indexOf('EXPIRES'))).toMatch(/^in 365 d {2}/)
      expect(from(row, header.indexOf('LAST USED'))).toBe('never used')
    }
  })

  test.each([20, 40, 60, 80, 120, 200])('is never wrapped by the terminal at %d', async (columns) => {
    const terminal = await shown(columns)
    expect(terminal.wraps).toBe(0)
    const ids = terminal.lines.filter((line) => /^tkc_[0-9A-Za-z]{12}( |$)/.test(line))
    expect(ids).toHaveLength(DESCRIPTIONS.length)
  })

  test.each(['NO_COLOR=1', 'TERM=dumb'])('has no escape sequences under %s', async (setting) => {
    expect((await shown(120, setting)).stream).not.toContain('\u001b')
  })
})
