import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import { manyClients } from '../support/many-clients.ts'
import { CTRL_C, CTRL_D, CTRL_Z, DOWN, ENTER, ESC, PAGE_DOWN, UP } from '../support/keys.ts'
import { Machine, Terminal, TOKEN, until } from '../support/process.ts'

const TABLE = 'Access Token Management'
const MENU = 'What to do:'
const DONE = 'Enter: back to the table'

/** What is waited for, and then typed. */
type Step = readonly [sees: string, keys: string]

/** Step by step. */
async function play(terminal: Terminal, steps: readonly Step[]): Promise<void> {
  for (const [text, keys] of steps) {
    await terminal.sees(text)
    terminal.type(keys)
  }
}

/** The screen in a real terminal, from its beginning to its end. */
async function session(
  machine: Machine,
  steps: readonly Step[],
  line = 'tokenctl',
  columns = 100,
  rows = 30,
) {
  const terminal = new Terminal(machine, line, columns, rows)
  await play(terminal, steps)
  return { ...(await terminal.end()), stream: terminal.stream }
}

const contents = (machine: Machine): unknown =>
  machine.ok('tokenctl token list --json; tokenctl store info --json')

describe('the first run', () => {
  const machine = new Machine()
  afterAll(() => machine.remove())

  test('from nothing to the first token, and out again', async () => {
    const { code, lines, isRestored } = await session(machine, [
      ['Make one?', 'y\r'],
      ['Client name:', `BI${ENTER}`],
      ['Client role:', ENTER],
      ['Expires', `90d${ENTER}`],
      ['Description', `sales dashboards${ENTER}`],
      [DONE, ENTER],
      ['❯ BI', ESC],
    ])
    const token = lines.find((line) => TOKEN.test(line)) ?? ''
    expect({ code, isRestored, verdict: machine.verify(token) }).toEqual({
      code: 0,
      isRestored: true,
      verdict: 0,
    })
    expect(lines).toEqual([
      '✔ There is no store at ~/.local/share/tokenctl/tokenctl.db. Make one? Yes',
      expect.stringMatching(`^made the store ${machine.storePath}; .* is its clusteradmin$`),
      'as a command: tokenctl init',
      '✔ Client name: BI',
      '✔ Client role: user',
      '✔ Expires (90d, a date, never; Enter for 365 days): 90d',
      '✔ Description (Enter for none): sales dashboards',
      token,
      `client BI, role user: token ${token.slice(0, -49)}, expires in 90 d`,
      "sent to the terminal's clipboard",
      "as a command: tokenctl client create BI --role user --expires 90d --description 'sales dashboards'",
    ])
  })

  test.each([
    ['Esc', ESC],
    ['Ctrl-C', CTRL_C],
    ['n', 'n\r'],
    ['Enter alone', ENTER],
  ])('%s makes nothing', async (_, key) => {
    const fresh = new Machine()
    const { code, isRestored } = await session(fresh, [['Make one?', key]])
    expect({ code, isRestored, exists: fresh.sh('ls -A "$HOME"').stdout }).toEqual({
      code: 0,
      isRestored: true,
      exists: '',
    })
    fresh.remove()
  })
})

describe('what can be done', () => {
  let machine: Machine
  let token = ''
  let id = ''
  beforeEach(() => {
    machine = new Machine()
    token = machine.ok('tokenctl client create BI --role user --description reports')
    id = token.slice(0, -49)
    machine.ok('tokenctl client create JDBC --role user --no-token')
  })
  afterEach(() => machine.remove())

  test.each([
    ['Show', 'show', [], `client show BI`, 0],
    ['Disable', 'disable', [], 'client disable BI', 13],
    ['Regenerate at once', 'stops now', [['Continue?', 'y\r']], 'token regenerate BI', 11],
    [
      'Regenerate with overlap',
      'on a while',
      [['How long', `2h${ENTER}`]],
      'token regenerate BI --overlap 2h',
      0,
    ],
    [
      'A further token',
      'New token',
      [
        ['Expires', ENTER],
        ['Description', ENTER],
      ],
      'token create BI',
      0,
    ],
    ['Another role', 'role', [['Client role:', `${DOWN}${ENTER}`]], 'client update BI --role auditor', 0],
    ['Jobs', 'jobs', [], 'jobs set-connection BI', 0],
    ['Delete', 'delete', [['Continue?', 'y\r']], 'client delete BI', 11],
    [
      'One of its tokens',
      'token …',
      [
        ['Tokens of client BI', ENTER],
        ['Token tkc_', `${DOWN}${ENTER}`],
      ],
      'token disable {id}',
      13,
    ],
  ] as [string, string, Step[], string, number][])('%s', async (_, typed, answers, line, verdict) => {
    const { code, lines, isRestored, stream } = await session(machine, [
      ['❯ BI', ENTER],
      [MENU, typed],
      [`${MENU} ${typed}`, ENTER],
      ...answers,
      [DONE, ENTER],
      [TABLE, ESC],
    ])
    expect({ code, isRestored }).toEqual({ code: 0, isRestored: true })
    expect(lines.at(-1)).toBe(`as a command: tokenctl ${line.replace('{id}', id)}`)
    expect(stream).toContain(`\u001b[90mas a command: tokenctl ${line.replace('{id}', id)}\u001b[39m`)
    expect(machine.verify(token)).toBe(verdict)
  })

  test('a client is found by typing, and Esc takes back what was typed before it leaves', async () => {
    const { code, lines } = await session(machine, [
      ['❯ BI', 'jd'],
      ['❯ JDBC', 'x'],
      ['no client is like that', ESC],
      ['❯ BI', `jd${ENTER}`],
      ['Client JDBC', ESC],
      ['❯ JDBC', ESC],
      ['❯ BI', ESC],
    ])
    expect({ code, lines }).toEqual({ code: 0, lines: [] })
  })

  test('the table opens where one was', async () => {
    const { code } = await session(machine, [
      ['❯ BI', DOWN],
      ['❯ JDBC', ENTER],
      [MENU, `disable${ENTER}`],
      [DONE, ENTER],
      ['❯ JDBC', ENTER],
      ['Client JDBC', ESC],
      [TABLE, ESC],
    ])
    expect(code).toBe(0)
  })

  test('the pointer goes round; a colour never says anything alone', async () => {
    machine.environment.NO_COLOR = '1'
    const { code, stream } = await session(machine, [
      ['❯ BI', UP],
      ['❯ + Create New Client', DOWN],
      ['❯ BI', PAGE_DOWN],
      ['❯ + Create New Client', ESC],
    ])
    expect(code).toBe(0)
    expect(stream).not.toMatch(/\u001b\[[0-9;]*m/)
  })

  const OF_BI: Step = ['❯ BI', ENTER]
  const CREATE: Step = ['❯ BI', `${UP}${ENTER}`]
  const menu = (typed: string): Step[] => [OF_BI, [MENU, typed], [`${MENU} ${typed}`, ENTER]]
  const TOKENS = 'Tokens of client BI'
  const PROMPTS: [string, Step[], string, string[]][] = [
    ['the menu', [OF_BI], MENU, [TABLE]],
    ['the yes or no', menu('delete'), 'Continue?', [MENU, TABLE]],
    ['the overlap', menu('on a while'), 'How long', [MENU, TABLE]],
    ['the role', menu('role'), 'Client role:', [MENU, TABLE]],
    ['the tokens', menu('token …'), TOKENS, [MENU, TABLE]],
    ["a token's menu", [...menu('token …'), [TOKENS, ENTER]], 'Token tkc_', [TOKENS, MENU, TABLE]],
    ['the lifetime', menu('New token'), 'Expires', [MENU, TABLE]],
    ['the purpose', [...menu('New token'), ['Expires', ENTER]], 'Description', ['Expires', MENU, TABLE]],
    ['the name', [CREATE], 'Client name:', [TABLE]],
    [
      "the new client's role",
      [CREATE, ['Client name:', `new${ENTER}`]],
      'Client role:',
      ['Client name:', TABLE],
    ],
  ]

  describe.each([
    ['Esc', ESC],
    ['Ctrl-C', CTRL_C],
    ['Ctrl-D', CTRL_D],
  ])('%s', (_, key) => {
    // Ctrl-D is for a line that is empty, and an answer given before stands in it again.
    const prompts =
      key === CTRL_D ? PROMPTS.filter(([, , , backs]) => !backs.includes('Client name:')) : PROMPTS

    test.each(prompts)('at %s goes back one step, and changes nothing', async (_, steps, at, backs) => {
      const before = contents(machine)
      const terminal = new Terminal(machine, 'tokenctl', 100, 30)
      await play(terminal, steps)
      await terminal.sees(at)
      for (const back of backs) {
        const seen = terminal.stream.length
        terminal.type(key)
        await until(() => terminal.stream.slice(seen).includes(back))
      }
      terminal.type(key)
      const { code, isRestored } = await terminal.end()
      expect({ code, isRestored }).toEqual({ code: 0, isRestored: true })
      expect(contents(machine)).toEqual(before)
    })

    test('at the table leaves', async () => {
      const { code, lines, isRestored } = await session(machine, [['❯ BI', key]])
      expect({ code, lines, isRestored }).toEqual({ code: 0, lines: [], isRestored: true })
    })

    test('where one is to read goes back to the table', async () => {
      const { code, isRestored } = await session(machine, [...menu('show'), [DONE, key], ['❯ BI', key]])
      expect({ code, isRestored }).toEqual({ code: 0, isRestored: true })
    })
  })

  describe.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s', (signal) => {
    test.each([
      ['at the table', [], '❯ BI'],
      ['in the menu', [OF_BI], MENU],
      ['at a yes or no', menu('delete'), 'Continue?'],
      ['at a question', [CREATE], 'Client name:'],
    ] as [string, Step[], string][])(
      '%s ends it: exit 130, and the terminal is as it was',
      async (_, steps, at) => {
        const before = contents(machine)
        const terminal = new Terminal(machine, "sh -c 'echo $$ > pid; exec tokenctl'", 100, 30)
        await play(terminal, steps)
        await terminal.sees(at)
        process.kill(Number(readFileSync(join(machine.place, 'pid'), 'utf8')), signal)
        const { code, isRestored, lines } = await terminal.end()
        expect({ code, isRestored }).toEqual({ code: 130, isRestored: true })
        expect(lines.filter((line) => line.includes('nothing changed')).length).toBeLessThanOrEqual(1)
        expect(contents(machine)).toEqual(before)
      },
    )
  })

  test('told to end when something was done, it does not say that nothing was', async () => {
    const terminal = new Terminal(machine, "sh -c 'echo $$ > pid; exec tokenctl'", 100, 30)
    await play(terminal, [OF_BI, [MENU, 'disable'], [`${MENU} disable`, ENTER]])
    await terminal.sees(DONE)
    process.kill(Number(readFileSync(join(machine.place, 'pid'), 'utf8')), 'SIGTERM')
    const { code, lines, isRestored } = await terminal.end()
    expect({ code, lines, isRestored }).toEqual({
      code: 130,
      lines: ['disabled client BI', 'as a command: tokenctl client disable BI'],
      isRestored: true,
    })
  })

  test('what was said of a new token and taken back is not said', async () => {
    const terminal = new Terminal(machine, 'tokenctl', 100, 30)
    await play(terminal, [...menu('New token'), ['Expires', `never${ENTER}`], ['Description', '']])
    const seen = terminal.stream.length
    terminal.type(ESC)
    await until(() => terminal.stream.slice(seen).includes('Expires'))
    terminal.type(ENTER)
    await until(() => terminal.stream.slice(seen).includes('Description'))
    terminal.type(ENTER)
    await terminal.sees('as a command: tokenctl token create BI')
    expect(terminal.lines.join('')).not.toContain('--expires')
    await terminal.sees(DONE)
    terminal.type(ENTER)
    await terminal.sees(TABLE)
    terminal.type(ESC)
    expect((await terminal.end()).code).toBe(0)
  })

  test('a key too many does not take a secret out of sight', async () => {
    const { code } = await session(machine, [
      ...menu('New token'),
      ['Expires', ENTER],
      ['Description', ENTER + ENTER + ENTER],
      [DONE, ENTER],
      [TABLE, ESC],
    ])
    expect(code).toBe(0)
  })

  test('nor does one that was pressed while it was made', async () => {
    const terminal = new Terminal(machine, 'tokenctl', 100, 30)
    await play(terminal, [...menu('New token'), ['Expires', ENTER], ['Description', '']])
    const database = new Database(machine.storePath)
    database.exec('begin immediate')
    terminal.type(ENTER)
    await terminal.sees('✔ Description')
    const seen = terminal.stream.length
    terminal.type(ENTER)
    await until(() => terminal.stream.length > seen)
    database.close()
    await play(terminal, [
      [DONE, ENTER],
      [TABLE, ESC],
    ])
    expect((await terminal.end()).code).toBe(0)
  })

  test('what is done is done to the store that is there by then', async () => {
    machine.ok('cp "$HOME/.local/share/tokenctl/tokenctl.db" backup.db')
    const terminal = new Terminal(machine, 'tokenctl', 100, 30)
    await play(terminal, [OF_BI, [MENU, 'disable'], [`${MENU} disable`, '']])
    machine.ok(
      'cd "$HOME/.local/share/tokenctl" && rm -f tokenctl.db* && cp ../../../../place/backup.db tokenctl.db',
    )
    terminal.type(ENTER)
    await terminal.sees('disabled client BI')
    await terminal.sees(DONE)
    expect(machine.verify(token)).toBe(13)
    terminal.type(ENTER)
    await terminal.shows('it in the table', (lines) => {
      return lines.join().includes(TABLE) && lines.some((line) => /^❯ BI .*disabled/.test(line))
    })
    terminal.type(ESC)
    expect((await terminal.end()).code).toBe(0)
  })

  test('stopped (Ctrl-Z), it leaves the terminal to the shell, and is there again when it goes on', async () => {
    const terminal = new Terminal(machine, 'bash --noprofile --norc -i', 100, 30)
    await terminal.sees('bash-')
    terminal.type('tokenctl\r')
    for (let times = 0; times < 2; times++) {
      await terminal.shows('the table', () => terminal.isFilled)
      await terminal.sees('❯ BI')
      const seen = terminal.stream.length
      terminal.type(CTRL_Z)
      await terminal.shows('the shell', () => !terminal.isFilled)
      await until(() => terminal.stream.slice(seen).includes('Stopped'))
      terminal.type('fg\r')
    }
    await terminal.shows('the table', () => terminal.isFilled)
    await terminal.sees('❯ BI')
    terminal.type(ESC)
    await terminal.shows('the shell', () => !terminal.isFilled)
    terminal.type('exit\r')
    expect(await terminal.end()).toMatchObject({ code: 0, isRestored: true })
  })

  test('at any size the table fits, and the secret that was shown is there after it', async () => {
    const terminal = new Terminal(machine, 'tokenctl', 100, 30)
    await play(terminal, [...menu('stops now'), ['Continue?', 'y\r']])
    await terminal.sees(DONE)
    const secret = terminal.lines.find((line) => TOKEN.test(line)) ?? 'none'
    terminal.type(ENTER)
    await terminal.sees('❯ BI')
    for (const [columns, rows] of [
      [60, 12],
      [24, 8],
      [200, 50],
      [80, 5],
      [80, 24],
    ] as const) {
      const seen = terminal.stream.length
      terminal.resize(columns, rows)
      await until(() => terminal.stream.slice(seen).includes('Client:'))
      await terminal.shows('the table, once', (lines) => {
        const isOnce = lines.filter((line) => line.includes('Client:')).length === 1
        return isOnce && lines.some((line) => line.startsWith('❯ BI')) && lines.length <= rows
      })
    }
    terminal.type(ESC)
    const { code, lines } = await terminal.end()
    expect(code).toBe(0)
    expect(lines.join('')).toContain(secret)
  })
})

describe('ten thousand clients', () => {
  const machine = new Machine()
  afterAll(() => machine.remove())

  test('the first hundred are there at once, and typing finds any of them', async () => {
    machine.ok('tokenctl init')
    const database = new Database(machine.storePath)
    for (const statement of manyClients(10_000, Date.now())) database.exec(statement)
    database.close()
    const { code, stream } = await session(machine, [
      ['the first 100 of more: type a part of the name', '9876'],
      ['❯ Client-9876', ENTER],
      ['Client Client-9876', ESC],
      ['Client: 9876', ESC],
      ['❯ Client-1 ', ESC],
    ])
    expect(code).toBe(0)
    expect(new Set(stream.match(/Client-[0-9]+/g)).size).toBeLessThan(100)
  })
})

describe('where there is nobody to ask it is help, and exit 2', () => {
  const machine = new Machine()
  afterAll(() => machine.remove())

  test('a secret in the place of a store is refused, and not repeated', async () => {
    const secret = `tkc_${'7'.repeat(61)}`
    const { code, lines } = await session(machine, [], `tokenctl --store=/tmp/${secret}`)
    expect(code).toBe(2)
    expect(lines.join('')).not.toContain(secret.slice(20))
    const named = await session(machine, [['Make one?', ESC]], `TOKENCTL_STORE=/tmp/${secret} tokenctl`)
    expect(named.stream).not.toContain(secret.slice(20))
  })

  test.each(['--no-input', '--json', '> out', '< /dev/null', '2> /dev/null'])('tokenctl %s', async (rest) => {
    const { code, lines } = await session(machine, [], `tokenctl ${rest}`)
    expect(code).toBe(2)
    expect(lines.join('\n')).not.toContain(TABLE)
  })

  test('a terminal that knows no cursor', async () => {
    const { code, lines } = await session(machine, [], 'TERM=dumb tokenctl')
    expect(code).toBe(2)
    expect(lines[0]).toBe('Usage: tokenctl [options] [command]')
  })
})
