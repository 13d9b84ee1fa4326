import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { CTRL_C, CTRL_D, CTRL_Z, DOWN, ESC, UP } from '../support/keys.ts'
import { hasEnded, Machine, Terminal, TOKEN, until } from '../support/process.ts'

const INTERRUPTED = 'tokenctl: interrupted; nothing changed'

/** A line typed at a terminal, and what is typed at each question. */
async function session(
  machine: Machine,
  line: string,
  answers: readonly (readonly [question: string, keys: string])[] = [],
  columns?: number,
) {
  const terminal = new Terminal(machine, line, columns)
  for (const [question, keys] of answers) {
    await terminal.sees(question)
    terminal.type(keys)
  }
  return { ...(await terminal.end()), stream: terminal.stream }
}

/** The shell around it gets the same Ctrl-C, where nobody has taken that key from the terminal. */
const UNTOUCHED = 'trap : INT; '

const osc52 = (token: string): string => `\u001b]52;c;${Buffer.from(token).toString('base64')}\u0007`

const auditOf = (machine: Machine): unknown =>
  (JSON.parse(machine.ok('tokenctl store info --json')) as { auditEntries: number }).auditEntries

describe('somebody at a terminal', () => {
  const machine = new Machine()
  let token = ''
  let id = ''
  beforeAll(() => {
    token = machine.ok('tokenctl client create BI --role user')
    id = token.slice(0, -49)
  })
  afterAll(() => machine.remove())

  test('client create asks for a name, then for a role, of which the first gives the least, and prints the token', async () => {
    const { code, lines, isRestored } = await session(machine, 'tokenctl client create', [
      ['Client name:', 'JDBC\r'],
      ['Client role:', `${DOWN}${UP}\r`],
    ])
    expect({ code, isRestored }).toEqual({ code: 0, isRestored: true })
    const issued = lines[2] ?? ''
    expect(issued).toMatch(TOKEN)
    expect(machine.verify(issued)).toBe(0)
    expect(lines).toEqual([
      '✔ Client name: JDBC',
      '✔ Client role: user',
      issued,
      `client JDBC, role user: token ${issued.slice(0, -49)}, expires in 365 d`,
      "sent to the terminal's clipboard",
    ])
  })

  test('the token is alone on its line, neither coloured nor cut nor wrapped, however narrow the terminal is', async () => {
    const { lines, stream } = await session(machine, 'tokenctl client create narrow --role user', [], 40)
    expect(lines[0]).toMatch(TOKEN)
    expect(stream).toMatch(/\r\n[a-z]+_[0-9A-Za-z]{61}\r\n/)
  })

  test('under --json the document has it whole', async () => {
    const { stream } = await session(machine, 'tokenctl client create document --role user --json', [], 40)
    expect(stream).toMatch(/\r\n {2}"token": "[a-z]+_[0-9A-Za-z]{61}",\r\n/)
  })

  test('standard output in a pipe gets the token alone: questions and remarks are on standard error', async () => {
    const { code, lines } = await session(machine, 'tokenctl client create --no-copy > piped', [
      ['Client name:', 'piped\r'],
      ['Client role:', '\r'],
    ])
    expect(code).toBe(0)
    const piped = readFileSync(join(machine.place, 'piped'), 'utf8')
    expect(piped).toMatch(/^[a-z]+_[0-9A-Za-z]{61}\n$/)
    expect(lines.join('\n')).not.toContain(piped.trim())
  })

  test('a name that is none is refused by its rule, and asked for again', async () => {
    const terminal = new Terminal(machine, 'tokenctl client create --role user')
    await terminal.sees('Client name:')
    terminal.type('no spaces\r')
    await terminal.sees('1 to 63 of')
    terminal.type('\u0015good\r')
    const { code, lines } = await terminal.end()
    expect(code).toBe(0)
    expect(lines).toContain('✔ Client name: good')
    expect(machine.ok('tokenctl client list')).toMatch('\ngood\t')
  })

  test('token verify reads the token unseen', async () => {
    const { code, lines, stream } = await session(machine, 'tokenctl token verify', [
      ['Token:', `${token}\r`],
    ])
    expect(code).toBe(0)
    expect(lines[0]).toBe(`✔ Token: ${'*'.repeat(token.length)}`)
    expect(lines[1]).toMatch(`valid: token ${id} of client BI, role user, expires in 365 d`)
    expect(stream).not.toContain(token.slice(-49))
    expect(stream).not.toContain(token.slice(0, 20))
  })

  test('token regenerate asks; y gives the new secret, and the earlier one stops', async () => {
    const { code, lines } = await session(machine, 'tokenctl token regenerate BI', [
      [`of token ${id} of client BI`, ''],
      ['(y/N)', 'y\r'],
    ])
    expect(code).toBe(0)
    const issued = lines.find((line) => TOKEN.test(line)) ?? ''
    expect([machine.verify(token), machine.verify(issued)]).toEqual([11, 0])
    token = issued
  })

  test.each([
    ['n', 'n\r'],
    ['Enter alone', '\r'],
  ])('token delete asks; %s leaves everything as it was, exit 7', async (_, keys) => {
    const before = auditOf(machine)
    const { code, lines, isRestored } = await session(machine, 'tokenctl token delete BI', [['(y/N)', keys]])
    expect({ code, isRestored }).toEqual({ code: 7, isRestored: true })
    expect(lines.at(-1)).toBe('tokenctl: declined; nothing changed')
    expect(auditOf(machine)).toBe(before)
    expect(machine.verify(token)).toBe(0)
  })

  test('a question refused leaves no secret half-way: the next one asks again', async () => {
    const line = 'tokenctl token regenerate BI'
    expect((await session(machine, line, [['(y/N)', 'n\r']])).code).toBe(7)
    expect((await session(machine, line, [['(y/N)', 'n\r']])).code).toBe(7)
    expect(machine.verify(token)).toBe(0)
  })

  test('stopped at a question (Ctrl-Z), it asks again when it goes on, with what was typed', async () => {
    const terminal = new Terminal(machine, 'bash --noprofile --norc -i')
    await terminal.sees('bash-')
    terminal.type('tokenctl client create --role user\r')
    await terminal.sees('Client name:')
    terminal.type('sto')
    await terminal.sees('Client name: sto')
    terminal.type(CTRL_Z)
    await terminal.sees('Stopped')
    const seen = terminal.stream.length
    terminal.type('fg\r')
    await until(() => terminal.stream.slice(seen).includes('sto'))
    terminal.type('pped\r')
    await terminal.sees('client stopped, role user')
    terminal.type('exit\r')
    expect(await terminal.end()).toMatchObject({ code: 0, isRestored: true })
  })

  describe.each([
    ['Ctrl-C', CTRL_C],
    ['Ctrl-D', CTRL_D],
    ['Esc', ESC],
  ])('%s at a question: exit 130, nothing changed, and the terminal is as it was', (_, key) => {
    let before: unknown
    beforeAll(() => {
      before = auditOf(machine)
    })

    test.each([
      ['the name in client create', 'tokenctl client create', [['Client name:', key]]],
      [
        'the role in client create',
        'tokenctl client create',
        [
          ['Client name:', 'unmade\r'],
          ['Client role:', key],
        ],
      ],
      [
        'a half-typed name',
        'tokenctl client create',
        [
          ['Client name:', 'B'],
          ['name: B', `\u0015${key}`],
        ],
      ],
      ['the client, of a few', 'tokenctl client disable', [['Client:', key]]],
      ['the token, of a few', 'tokenctl token show', [['Token:', key]]],
      ['token verify', 'tokenctl token verify', [['Token:', key]]],
      ['token delete', 'tokenctl token delete BI', [['(y/N)', key]]],
      ['token regenerate', 'tokenctl token regenerate BI', [['(y/N)', key]]],
      ['client delete', 'tokenctl client delete BI', [['(y/N)', key]]],
    ] as [string, string, [string, string][]][])('%s', async (_, line, answers) => {
      const { code, lines, isRestored } = await session(machine, line, answers)
      expect({ code, isRestored, says: lines.at(-1) }).toEqual({
        code: 130,
        isRestored: true,
        says: INTERRUPTED,
      })
    })

    test('in all of that', () => {
      expect(auditOf(machine)).toBe(before)
      expect(machine.verify(token)).toBe(0)
    })
  })

  describe.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s at a question ends it likewise', (signal) => {
    test.each([
      ['token delete BI', '(y/N)'],
      ['client create new', 'Client role:'],
      ['token verify', 'Token:'],
    ])('%s', async (line, question) => {
      const terminal = new Terminal(machine, `sh -c 'echo $$ > pid; exec tokenctl ${line}'`)
      await terminal.sees(question)
      process.kill(Number(readFileSync(join(machine.place, 'pid'), 'utf8')), signal)
      const { code, lines, isRestored } = await terminal.end()
      expect({ code, isRestored, says: lines.at(-1) }).toEqual({
        code: 130,
        isRestored: true,
        says: INTERRUPTED,
      })
      expect(machine.verify(token)).toBe(0)
    })
  })

  test('--no-input asks nothing: exit 2', async () => {
    for (const line of ['client create --no-input', '--no-input token verify', 'token show --no-input']) {
      const { code, lines } = await session(machine, `tokenctl ${line}`)
      expect(code).toBe(2)
      expect(lines[0]).toMatch(/^tokenctl: .* is needed, and there is nobody to ask$/)
    }
    const { code, lines } = await session(machine, 'tokenctl token delete BI --no-input')
    expect(code).toBe(2)
    expect(lines[0]).toMatch(/^tokenctl: .*, and there is nobody to ask$/)
  })

  test('token delete asks; y deletes it', async () => {
    const { code, lines } = await session(machine, 'tokenctl token delete BI', [['(y/N)', 'y\r']])
    expect(code).toBe(0)
    expect(lines.at(-1)).toBe(`deleted token ${id} of client BI`)
    expect(machine.verify(token)).toBe(11)
  })
})

describe('before there is a store', () => {
  const machine = new Machine()
  afterAll(() => machine.remove())

  test.each([
    ['Ctrl-C at the name', [['Client name:', CTRL_C]]],
    ['Ctrl-D at the name', [['Client name:', CTRL_D]]],
    ['Esc at the name', [['Client name:', ESC]]],
    [
      'Ctrl-C at the role',
      [
        ['Client name:', 'BI\r'],
        ['Client role:', CTRL_C],
      ],
    ],
  ] as [string, [string, string][]][])('%s makes none', async (_, answers) => {
    const { code, isRestored } = await session(machine, 'tokenctl client create', answers)
    expect({ code, isRestored }).toEqual({ code: 130, isRestored: true })
    expect(existsSync(join(machine.storePath, '..'))).toBe(false)
  })
})

describe('what is missing is chosen from what there is', () => {
  const machine = new Machine()
  beforeAll(() => {
    for (const name of ['BI', 'JDBC']) machine.ok(`tokenctl client create ${name} --role user`)
  })
  afterAll(() => machine.remove())

  test('a few stand below the question', async () => {
    const { code, lines } = await session(machine, 'tokenctl client disable', [['❯ BI', `${DOWN}\r`]])
    expect({ code, lines }).toEqual({ code: 0, lines: ['✔ Client: JDBC', 'disabled client JDBC'] })
  })

  test('many have a screen of their own, and are searched by typing', async () => {
    for (let i = 0; i < 10; i++) machine.ok(`tokenctl client create nightly-${i} --role user`)
    const { code, lines, isRestored } = await session(machine, 'tokenctl client disable', [
      ['❯ BI', 'NIGHT'],
      ['❯ nightly-0', `${DOWN}\r`],
    ])
    expect({ code, lines, isRestored }).toEqual({
      code: 0,
      lines: ['✔ Client: nightly-1', 'disabled client nightly-1'],
      isRestored: true,
    })
  })

  test('to be enabled, of those that are disabled', async () => {
    const { code, lines } = await session(machine, 'tokenctl client enable', [['❯ JDBC', `${DOWN}\r`]])
    expect({ code, lines }).toEqual({ code: 0, lines: ['✔ Client: nightly-1', 'enabled client nightly-1'] })
  })

  test.each([
    ['Esc', ESC],
    ['Ctrl-C', CTRL_C],
  ])('%s there chooses nothing', async (_, key) => {
    const { code, lines, isRestored } = await session(machine, 'tokenctl client delete', [['❯ BI', key]])
    expect({ code, lines, isRestored }).toEqual({ code: 130, lines: [INTERRUPTED], isRestored: true })
  })

  test('Enter waits for what was typed before it', async () => {
    const { code, lines } = await session(machine, 'tokenctl client disable', [['❯ BI', 'bi\r']])
    expect({ code, lines }).toEqual({ code: 0, lines: ['✔ Client: BI', 'disabled client BI'] })
  })
})

describe('a terminal that knows no cursor', () => {
  const machine = new Machine()
  beforeAll(() => {
    for (const name of ['BI', 'JDBC']) machine.ok(`tokenctl client create ${name} --role user`)
  })
  afterAll(() => machine.remove())

  test('a question is a line, and so is the answer', async () => {
    const { code, lines, stream } = await session(machine, 'TERM=dumb tokenctl client create', [
      ['Client name:', 'no spaces\r'],
      ['or digit\nClient name:', 'plain\r'],
      ['Client role: (a number)', '7\r'],
      ['(a number) 7\nClient role: (a number)', '1\r'],
    ])
    const token = lines.find((line) => TOKEN.test(line)) ?? ''
    expect({ code, verdict: machine.verify(token) }).toEqual({ code: 0, verdict: 0 })
    expect(lines.slice(0, 9)).toEqual([
      'Client name: no spaces',
      'a name is 1 to 63 of A-Z a-z 0-9 . _ -, starting with a letter or digit',
      'Client name: plain',
      expect.stringMatching(/^ {4}ROLE +ALLOW +CREATED$/),
      expect.stringMatching(/^ {2}1 user /),
      expect.stringMatching(/^ {2}2 auditor /),
      expect.stringMatching(/^ {2}3 admin /),
      'Client role: (a number) 7',
      'Client role: (a number) 1',
    ])
    expect(stream.includes('\u001b')).toBe(false)
  })

  test.each([
    ['y\r', 0, 'deleted client JDBC'],
    ['\r', 7, 'tokenctl: declined; nothing changed'],
    [CTRL_C, 130, INTERRUPTED],
    [CTRL_D, 130, INTERRUPTED],
  ])('yes or no: %j', async (keys, code, says) => {
    machine.sh('tokenctl client create JDBC --role user')
    const ended = await session(machine, `${UNTOUCHED}TERM=dumb tokenctl client delete JDBC`, [
      ['(y/N)', keys],
    ])
    expect({ code: ended.code, isRestored: ended.isRestored }).toEqual({ code, isRestored: true })
    expect(ended.lines.at(-1)).toMatch(says)
  })

  test('a long list is searched by a part of a name', async () => {
    for (let i = 0; i < 10; i++) machine.ok(`tokenctl client create nightly-${i} --role user`)
    const { code, lines, stream } = await session(machine, 'TERM=dumb tokenctl client disable', [
      ['a part of a name', 'NIGHTLY\r'],
      [' 10 nightly-9  user  cluster  active        in 365 d  never used\nClient: ', '2\r'],
    ])
    expect({ code, says: lines.at(-1) }).toEqual({ code: 0, says: 'disabled client nightly-1' })
    expect(stream.includes('\u001b')).toBe(false)
  })

  test.each([
    ['typed', '', 0],
    ['typed wrong and taken back', 'x\u007f', 0],
    ['not at all', CTRL_C, 130],
  ])('token verify reads the token unseen: %s', async (_, before, code) => {
    const token = machine.ok('tokenctl token create BI')
    const ended = await session(machine, 'TERM=dumb tokenctl token verify', [
      ['Token:', `${before}${token}\r`],
    ])
    expect({ code: ended.code, isRestored: ended.isRestored }).toEqual({ code, isRestored: true })
    expect(ended.stream).not.toContain(token.slice(-49))
    expect(ended.stream.includes('\u001b')).toBe(false)
  })
})

describe('nobody at a terminal', () => {
  const machine = new Machine()
  beforeAll(() => {
    machine.ok('tokenctl client create BI --role user')
  })
  afterAll(() => machine.remove())

  describe.each([
    ['standard input closed', '<&-'],
    ['standard input the null device', '< /dev/null'],
    ['standard input a pipe with answers in it', ''],
  ])('%s: what would ask ends at once with exit 2 and says what is needed', (_, redirection) => {
    test.each([
      ['client create', 'a client name is needed, and there is nobody to ask'],
      ['client create NEW', '--role is needed, and there is nobody to ask'],
      ['client show', 'a client name is needed, and there is nobody to ask'],
      ['client disable', 'a client name is needed, and there is nobody to ask'],
      ['token show', 'a token ID or a client name is needed, and there is nobody to ask'],
      ['token regenerate', 'a token ID or a client name is needed, and there is nobody to ask'],
      ['jobs set-connection', 'a client name is needed, and there is nobody to ask'],
      [
        'token delete BI',
        expect.stringMatching(/^deleting token tkc_.* cannot be undone, and there is nobody to ask$/),
      ],
      ['token regenerate BI', expect.stringMatching(/ at once, and there is nobody to ask$/)],
      [
        'client delete BI',
        expect.stringMatching(/^deleting client BI .* cannot be undone, and there is nobody to ask$/),
      ],
    ])('%s', (line, cause) => {
      const { code, stdout, stderr } = machine.sh(`tokenctl ${line} ${redirection}`, 'y\ny\ny\n')
      const [first = '', hint, ...rest] = stderr.split('\n')
      expect({ code, stdout, cause: first.replace(/^tokenctl: /, ''), rest }).toEqual({
        code: 2,
        stdout: '',
        cause,
        rest: [''],
      })
      expect(hint).toMatch(/^hint: /)
    })
  })

  test.each(['<&-', '< /dev/null'])('token verify %s has no token: exit 2', (redirection) => {
    expect(machine.sh(`tokenctl token verify ${redirection}`)).toEqual({
      code: 2,
      stdout: '',
      stderr: 'tokenctl: no token was given\nhint: pipe it in, or name a file with --file\n',
    })
  })

  test('all of that changed nothing', () => {
    expect(JSON.parse(machine.ok('tokenctl store info --json'))).toMatchObject({ clients: 1, tokens: 1 })
  })
})

describe('the clipboard', () => {
  const machine = new Machine()
  let earlier = ''
  beforeAll(() => {
    earlier = machine.ok('tokenctl client create BI --role user')
  })
  afterAll(() => machine.remove())
  beforeEach(() => {
    machine.environment = {}
  })

  const regenerate = 'tokenctl token regenerate BI --yes'
  const issuedOn = (lines: readonly string[]): string => lines.find((line) => TOKEN.test(line)) ?? ''

  /** A program of that name that a clipboard's library finds first. */
  function install(name: string, ...lines: readonly string[]): void {
    const path = join(machine.programs, name)
    writeFileSync(path, ['#!/bin/sh', ...lines, ''].join('\n'))
    chmodSync(path, 0o700)
  }
  const text = (name: string): string => readFileSync(join(machine.place, name), 'utf8')

  test('over SSH it is at the other end: the token goes through the terminal (OSC 52)', async () => {
    machine.environment = { SSH_CONNECTION: '192.0.2.1 5000 192.0.2.2 22', DISPLAY: ':0' }
    const { code, lines, stream } = await session(machine, regenerate)
    expect(code).toBe(0)
    expect(stream).toContain(osc52(issuedOn(lines)))
    expect(lines.at(-1)).toBe("sent to the terminal's clipboard")
    expect([machine.verify(earlier), machine.verify(issuedOn(lines))]).toEqual([11, 0])
  })

  test('--no-copy leaves it alone', async () => {
    machine.environment = { SSH_CONNECTION: '192.0.2.1 5000 192.0.2.2 22' }
    const { lines, stream } = await session(machine, `${regenerate} --no-copy`)
    expect(stream).not.toContain('\u001b]52')
    expect(lines.join('\n')).not.toMatch('clipboard')
  })

  test('a file, or a pipe, is not copied unless --copy says so', async () => {
    const file = await session(machine, `${regenerate} --secret-file unasked`)
    expect(file.stream).not.toContain('\u001b]52')
    const piped = await session(machine, `${regenerate} | cat > unasked`)
    expect(piped.stream).not.toContain('\u001b]52')
    const asked = await session(machine, `${regenerate} --secret-file asked --copy`)
    expect(asked.stream).toContain(osc52(text('asked').trim()))
  })

  test('--copy without a terminal or a desktop is a warning, and the token is good', () => {
    const { code, stdout, stderr } = machine.sh(`${regenerate} --copy`)
    expect(code).toBe(0)
    expect(stderr).toMatch(/\nwarning: not copied to the clipboard: there is no terminal to send it to\n$/)
    expect(machine.verify(stdout.trim())).toBe(0)
  })

  test('on a desktop, its helper gets the token alone, on standard input', async () => {
    machine.environment = { DISPLAY: ':99' }
    install('xsel', 'echo "$@" > words', 'cat > copied')
    const { code, lines, stream } = await session(machine, regenerate)
    expect(code).toBe(0)
    expect(lines.at(-1)).toBe('copied to the clipboard')
    expect(text('copied')).toBe(issuedOn(lines))
    expect(text('words')).toBe('--clipboard --input\n')
    expect(stream).not.toContain('\u001b]52')
  })

  test('a helper that stays to hand it out goes on doing so', async () => {
    machine.environment = { DISPLAY: ':99' }
    install('xsel', 'cat > copied', 'setsid sleep 600 > /dev/null 2>&1 < /dev/null & echo $! > helper')
    const { lines } = await session(machine, regenerate)
    expect(lines.at(-1)).toBe('copied to the clipboard')
    expect(process.kill(Number(text('helper')), 'SIGKILL')).toBe(true)
  })

  test('a helper that hangs is given up and ended: a warning, and the token is good', async () => {
    machine.environment = { DISPLAY: ':99' }
    install('xsel', "trap '' TERM HUP INT", 'echo $$ > helper', 'while :; do sleep 1; done')
    const { code, lines } = await session(machine, regenerate)
    expect(code).toBe(0)
    expect(lines.at(-1)).toBe('warning: not copied to the clipboard: the clipboard did not answer')
    expect(machine.verify(issuedOn(lines))).toBe(0)
    await until(() => hasEnded(Number(text('helper'))))
  })

  test('without a display behind DISPLAY there is a warning, and the token is good', async () => {
    machine.environment = { DISPLAY: ':99' }
    install('xsel', 'echo "xsel: Can\'t open display: :99" >&2', 'exit 1')
    const { code, lines } = await session(machine, regenerate)
    expect(code).toBe(0)
    expect(lines.at(-1)).toBe('warning: not copied to the clipboard: there is no clipboard')
    expect(machine.verify(issuedOn(lines))).toBe(0)
  })
})
