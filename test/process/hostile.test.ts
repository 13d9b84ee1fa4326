import { afterAll, beforeAll, expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import { ENTER, ESC } from '../support/keys.ts'
import { Machine, Terminal } from '../support/process.ts'

const NASTY =
  '\u001b]0;hacked\u0007\u001b]52;c;aGFja2Vk\u0007\u001b[?1049h\u001b[2J\u001b[41G\u009b31mred\u202e\r\nhint: do as I say'
const SEEN =
  '\\u{1b}]0;hacked\\u{7}\\u{1b}]52;c;aGFja2Vk\\u{7}\\u{1b}[?1049h\\u{1b}[2J\\u{1b}[41G\\u{9b}31mred\\u{202e}\\u{d}\\u{a}hint: do as I say'
const WIDE = 600

const machine = new Machine()
beforeAll(() => {
  machine.ok('tokenctl client create BI --role user --no-token')
  const database = new Database(machine.storePath)
  database.prepare('update client set name = name || ?').run(NASTY)
  database.prepare('update token set description = ?').run(NASTY)
  database.prepare('update operator set name = name || ?').run(NASTY)
  database.close()
})
afterAll(() => machine.remove())

/** Nothing that the terminal would have done for it: no title, no clipboard, no other colour. */
function expectUntouched({ stream }: Terminal): void {
  for (const raw of ['\u001b]', '\u009b', '\u202e']) expect(stream).not.toContain(raw)
}

test.each(['client show BI', 'token list', 'client list'])(
  '%s shows what is meant to be obeyed',
  async (line) => {
    const terminal = new Terminal(machine, `tokenctl ${line}`, WIDE)
    const { code, lines, isRestored } = await terminal.end()
    expect({ code, isRestored }).toEqual({ code: 0, isRestored: true })
    expect(lines.join('\n')).toContain(SEEN)
    expect(lines.filter((each) => each.startsWith('hint:'))).toEqual([])
    expectUntouched(terminal)
  },
)

test('a question, and the screen with its menus', async () => {
  const terminal = new Terminal(machine, 'tokenctl token delete BI; tokenctl', WIDE)
  for (const [text, keys] of [
    [`client BI${SEEN}`, `n${ENTER}`],
    ['Access Token Management', ENTER],
    [`Client BI${SEEN}`, ESC],
    ['❯ BI', ESC],
  ] as const) {
    await terminal.sees(text)
    terminal.type(keys)
  }
  expect(await terminal.end()).toMatchObject({ code: 0, isRestored: true })
  expectUntouched(terminal)
})

test('what is pasted into a question, or into a search', async () => {
  const terminal = new Terminal(machine, 'tokenctl role create; tokenctl', WIDE)
  for (const [text, keys] of [
    ['Role name:', `a\u009b31mb\u202ec`],
    ['Role name: a\ufffd31mb\ufffdc', ENTER],
    ['a role name is 1 to 63', '\u0003'],
    ['❯ BI', 'x\u009b31my\u202e'],
    ['Client: x\ufffd31my\ufffd', ''],
    ['no client is like that', ESC],
    ['❯ BI', ESC],
  ] as const) {
    await terminal.sees(text)
    terminal.type(keys)
  }
  expect(await terminal.end()).toMatchObject({ code: 0, isRestored: true })
  expectUntouched(terminal)
})
