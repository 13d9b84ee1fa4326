import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { CTRL_C } from '../support/keys.ts'
import { Machine, machineWithDisks, Terminal } from '../support/process.ts'
import { Racers } from '../support/racers.ts'
import { type World, worldOn } from '../support/world.ts'

const PASSWORD = 'correct horse battery'

const sessionFolder = (machine: Machine): string => join(machine.home, '.local', 'state', 'tokenctl')
const files = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : [])
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)

function withAlice(machine: Machine): void {
  machine.ok('tokenctl init')
  machine.ok('tokenctl operator create alice --role auditor --password-stdin', PASSWORD)
}

describe('a session of real processes', () => {
  const machine = new Machine()
  const folder = sessionFolder(machine)
  beforeAll(() => withAlice(machine))
  afterAll(() => machine.remove())
  afterEach(() => void machine.ok('tokenctl logout'))

  const who = (environment = ''): string =>
    (JSON.parse(machine.ok(`${environment} tokenctl whoami --json`)) as { operator: string }).operator

  test('is kept where only its owner can reach it, whatever the umask is', () => {
    machine.ok('umask 000; tokenctl login alice --password-stdin', PASSWORD)
    expect(modeOf(folder)).toBe('700')
    expect(files(folder).map((name) => modeOf(join(folder, name)))).toEqual(['600'])
    expect(who()).toBe('alice')
  })

  test('is in the runtime folder where there is one, and that is its user’s', () => {
    const runtime = join(machine.folder, 'runtime')
    machine.ok(
      `mkdir -m 700 ${runtime}; XDG_RUNTIME_DIR=${runtime} tokenctl login alice --password-stdin`,
      PASSWORD,
    )
    expect(files(join(runtime, 'tokenctl'))).toHaveLength(1)
    expect(files(folder)).toEqual([])
    expect(who(`XDG_RUNTIME_DIR=${runtime}`)).toBe('alice')
    expect(who()).not.toBe('alice')
    machine.ok(`XDG_RUNTIME_DIR=${runtime} tokenctl logout`)
    expect(files(join(runtime, 'tokenctl'))).toEqual([])
  })

  test.each(['relative', '/nonexistent', '', '/dev/null'])('passes over a runtime folder %j', (runtime) => {
    machine.ok(`XDG_RUNTIME_DIR=${runtime} tokenctl login alice --password-stdin`, PASSWORD)
    expect(files(folder)).toHaveLength(1)
  })

  test.each(['HOME=/dev/null', 'HOME=/nonexistent', 'XDG_STATE_HOME=/dev/null'])(
    'that can be nowhere keeps nobody from acting as themselves: %s',
    (environment) => {
      const line = `TOKENCTL_STORE=${machine.storePath} ${environment} tokenctl`
      expect(machine.sh(`${line} client list`).code).toBe(0)
      expect(machine.sh(`${line} logout`).code).toBe(0)
    },
  )

  test('gives its secret and its password to nobody: no output, no byte of the store', () => {
    const printed = [
      'login alice --password-stdin',
      'login alice --password-stdin --json',
      'whoami --json',
      'client list --debug',
    ]
      .map((line) => machine.sh(`tokenctl ${line}`, PASSWORD))
      .concat(machine.sh('tokenctl login alice --password-stdin --debug', `${PASSWORD}!`))
    const [name = ''] = files(folder)
    const secret = readFileSync(join(folder, name), 'utf8').trim()
    const seen = [JSON.stringify(printed), machine.ok('tokenctl logout; tokenctl logout --json')]
    const store = dirname(machine.storePath)
    for (const file of readdirSync(store)) seen.push(readFileSync(join(store, file), 'latin1'))
    for (const text of seen) {
      expect(text).not.toContain(PASSWORD)
      expect(text).not.toContain(secret.slice('tksession_'.length + 12))
    }
  })

  test('in an argument its secret is refused, and not repeated', () => {
    machine.ok('tokenctl login alice --password-stdin', PASSWORD)
    const [name = ''] = files(folder)
    const secret = readFileSync(join(folder, name), 'utf8').trim()
    const { code, stderr } = machine.sh(`tokenctl login ${secret}`)
    expect(code).toBe(2)
    expect(stderr).not.toContain(secret.slice(30))
    // Nor is it a token.
    expect(machine.verify(secret)).toBe(10)
    expect(machine.sh(`TOKENCTL_TOKEN=${secret} tokenctl client list`).code).toBe(6)
  })

  test('at a terminal the password is typed unseen', async () => {
    const terminal = new Terminal(machine, 'tokenctl login')
    await terminal.sees('Operator name:')
    terminal.type('alice\r')
    await terminal.sees('Password:')
    terminal.type(`${PASSWORD}\r`)
    const { code, lines, isRestored } = await terminal.end()
    expect({ code, isRestored }).toEqual({ code: 0, isRestored: true })
    expect(lines.at(-1)).toBe('logged in as alice, for 12 h')
    expect(terminal.stream).not.toContain('correct')
  })

  test('Ctrl-C at the password leaves nothing', async () => {
    const terminal = new Terminal(machine, 'trap : INT; tokenctl login alice')
    await terminal.sees('Password:')
    terminal.type(`corr${CTRL_C}`)
    const { code, isRestored } = await terminal.end()
    expect({ code, isRestored }).toEqual({ code: 130, isRestored: true })
    expect(files(folder)).toEqual([])
  })
})

test('on a full disk nobody is logged in, nothing is left there, and who was logged in stays so', () => {
  const machine = machineWithDisks()
  withAlice(machine)
  const seen = machine.ok(
    `mkdir disk && mount -t tmpfs -o size=16k,mode=700 none disk && export XDG_STATE_HOME=$PWD/disk
    log_in() { echo '${PASSWORD}' | tokenctl login alice --password-stdin; }
    log_in > /dev/null
    cat /dev/zero > disk/filler 2> /dev/null
    log_in 2>&1; echo $?
    ls -A disk/tokenctl | wc -l
    tokenctl whoami --json | grep operator`,
  )
  expect(seen.split('\n')).toEqual([
    expect.stringMatching(/^tokenctl: not logged in: .*no space left on device$/),
    'hint: nothing changed',
    '9',
    '1',
    '  "operator": "alice",',
  ])
  machine.remove()
})

describe('twelve at once', () => {
  let world: World
  let racers: Racers
  afterEach(async () => {
    racers.end()
    await world.end()
  })

  // The clock of that store stands still, and is seen by each a little earlier or later.
  test('get no more tries than one after the other', async () => {
    world = await worldOn('PostgreSQL')
    await world.makeStore()
    racers = new Racers(12, world.racerEnvironment)
    await racers.warm()
    const lines = Array.from({ length: 12 }, () => ['login', 'tester', '--password-stdin'])
    const ended = await racers.together(lines, 'wrong wrong wrong')
    expect(ended.map(({ code }) => code)).toEqual(lines.map(() => 6))
    const said = ended.map(({ stderr }) => stderr.replace(/( in [12] s)?\n.*$/s, '')).sort()
    expect(said).toEqual([
      ...Array.from({ length: 7 }, () => 'tokenctl: too many failed logins; try again'),
      ...Array.from({ length: 5 }, () => 'tokenctl: wrong name or password'),
    ])
    // Also with the right one.
    const [late] = await racers.together([lines[0] ?? []], PASSWORD)
    expect(late?.stderr).toContain('too many failed logins')
  })
})
