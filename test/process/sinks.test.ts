import {
  constants,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { Machine, machineWithDisks, TOKEN, UNREAD } from '../support/process.ts'

const NOWHERE = 'standard output leads nowhere, and the secret would be lost'
const EXISTS = 'the secret was not written to there: it exists already'

type Sink = readonly [title: string, line: string, cause: string]

/** In the folder it runs in: a file `there`, links to it and to nothing, and a folder. */
const SINKS: readonly Sink[] = [
  ['a full device', '> /dev/full', 'the secret was not delivered: no space left on device'],
  ['a closed standard output', '>&-', NOWHERE],
  ['the null device', '> /dev/null', NOWHERE],
  ['a pipe that nobody reads', '>&4', 'the secret was not delivered: broken pipe'],
  ['a file opened for reading', '1< there', 'the secret was not delivered: bad file descriptor'],
  ['a file that is there', '--secret-file there', EXISTS],
  ['a link to a file', '--secret-file link', 'the secret was not written to link: it is a symlink'],
  ['a link to nothing', '--secret-file dangling', 'the secret was not written to dangling: it is a symlink'],
  ['a folder', '--secret-file folder', 'the secret was not written to folder: it is a folder'],
  ['a device', '--secret-file /dev/null', 'the secret was not written to /dev/null: it is a device'],
  [
    'a link to a file, to be replaced',
    '--secret-file link --replace',
    'the secret was not written to link: it is a symlink',
  ],
  [
    'a folder, to be replaced',
    '--secret-file folder --replace',
    'the secret was not written to folder: it is a folder',
  ],
  [
    'a file in a folder that is missing',
    '--secret-file missing/secret',
    'the secret was not written to {place}/missing/secret: no such file or directory',
  ],
  [
    'a file below a file',
    '--secret-file there/secret',
    'the secret was not written to there/secret: not a directory',
  ],
  [
    'a new file, with a full device for the rest of the answer',
    '--secret-file new > /dev/full',
    'the secret was not delivered: no space left on device',
  ],
  [
    'a new file, with a pipe that nobody reads for the rest',
    '--secret-file new >&4',
    'the secret was not delivered: broken pipe',
  ],
  [
    'a file to be replaced, with a full device for the rest',
    '--secret-file there --replace > /dev/full',
    'the secret was not delivered: no space left on device',
  ],
  [
    'a file to be replaced, with a pipe that nobody reads for the rest',
    '--secret-file there --replace >&4',
    'the secret was not delivered: broken pipe',
  ],
]

/** On a disk of four pages, mounted at `disk`, with a file `there` in it and filled to the last byte. */
const DISKS: readonly Sink[] = [
  ['standard output', '> disk/out', 'the secret was not delivered: no space left on device'],
  [
    'a new file',
    '--secret-file disk/new',
    'the secret was not written to {place}/disk/new: no space left on device',
  ],
  [
    'a file to be replaced',
    '--secret-file disk/there --replace',
    'the secret was not written to {place}/disk/there: no space left on device',
  ],
]

/** Everything about a folder that a command could have changed. */
function pictureOf(folder: string): unknown {
  return readdirSync(folder, { withFileTypes: true }).map((entry) => {
    const path = join(folder, entry.name)
    const { mode, ino, mtimeMs } = lstatSync(path)
    return { name: entry.name, mode, ino, mtimeMs, text: entry.isFile() ? readFileSync(path, 'utf8') : null }
  })
}

/** One line of cause, and one of hint. */
function stderrOf(machine: Machine, cause: string): string {
  const hint = cause === EXISTS ? '--replace takes its place' : 'nothing changed'
  return `tokenctl: ${cause.replace('{place}', machine.place)}
hint: ${hint}
`
}

describe('a secret that cannot be delivered changes nothing, and the exit is 9', () => {
  const machine = new Machine()
  let earlier = ''
  let clients = 0
  beforeAll(() => {
    earlier = machine.ok('tokenctl client create BI --role user')
  })
  afterAll(() => machine.remove())

  beforeEach(() => {
    rmSync(machine.place, { recursive: true })
    mkdirSync(join(machine.place, 'folder'), { recursive: true })
    writeFileSync(join(machine.place, 'there'), 'what was there before\n')
    symlinkSync('there', join(machine.place, 'link'))
    symlinkSync('nowhere', join(machine.place, 'dangling'))
  })

  describe('client create leaves no client, and its name free', () => {
    test.each(SINKS)('%s: %s', (_, line, cause) => {
      const name = `client-${++clients}`
      const before = pictureOf(machine.place)

      expect(machine.sh(`${UNREAD}tokenctl client create ${name} --role user ${line}`)).toEqual({
        code: 9,
        stdout: '',
        stderr: stderrOf(machine, cause),
      })
      expect(pictureOf(machine.place)).toEqual(before)
      expect(machine.ok('tokenctl client list')).not.toMatch(`\n${name}\t`)
      expect(machine.ok(`tokenctl client create ${name} --role user`)).toMatch(TOKEN)
    })
  })

  describe('token regenerate leaves the earlier secret as it was', () => {
    test.each(SINKS)('%s: %s', (_, line, cause) => {
      const before = pictureOf(machine.place)

      expect(machine.sh(`${UNREAD}tokenctl token regenerate BI --yes ${line}`)).toEqual({
        code: 9,
        stdout: '',
        stderr: stderrOf(machine, cause),
      })
      expect(pictureOf(machine.place)).toEqual(before)
      expect(machine.verify(earlier)).toBe(0)
    })

    test('and nothing under way: a regenerate that can be delivered follows at once', () => {
      const present = machine.ok('tokenctl token regenerate BI --yes')
      expect([machine.verify(earlier), machine.verify(present)]).toEqual([11, 0])
      earlier = present
    })
  })

  test('under --json it is said in JSON', () => {
    const { code, stderr } = machine.sh('tokenctl token regenerate BI --yes --json > /dev/full')
    expect(code).toBe(9)
    expect(JSON.parse(stderr)).toEqual({
      error: {
        kind: 'not-delivered',
        message: 'the secret was not delivered: no space left on device',
        hint: 'nothing changed',
      },
    })
  })
})

describe('a disk that is full is found out in time', () => {
  const machine = machineWithDisks()
  const FULL = `mkdir -p disk && mount -t tmpfs -o size=16k none disk && echo before > disk/there
    cat /dev/zero > disk/filler 2> /dev/null
    `
  const LOOK = `; code=$?; ls -A disk > seen; cat disk/there >> seen; exit $code`
  let earlier = ''
  beforeAll(() => {
    earlier = machine.ok('tokenctl client create BI --role user')
  })
  afterAll(() => machine.remove())

  /** What is on the disk afterwards: an empty standard output is the shell's. */
  function expectUntouched(line: string): void {
    const out = line.startsWith('>') ? 'out\n' : ''
    expect(readFileSync(join(machine.place, 'seen'), 'utf8')).toBe(`filler\n${out}there\nbefore\n`)
  }

  test.each(DISKS)('%s, client create', (_, line, cause) => {
    expect(machine.sh(`${FULL} tokenctl client create new --role user ${line} ${LOOK}`)).toEqual({
      code: 9,
      stdout: '',
      stderr: stderrOf(machine, cause),
    })
    expectUntouched(line)
    expect(machine.ok('tokenctl client list')).not.toMatch('\nnew\t')
  })

  test.each(DISKS)('%s, token regenerate', (_, line, cause) => {
    expect(machine.sh(`${FULL} tokenctl token regenerate BI --yes ${line} ${LOOK}`)).toEqual({
      code: 9,
      stdout: '',
      stderr: stderrOf(machine, cause),
    })
    expectUntouched(line)
    expect(machine.verify(earlier)).toBe(0)
  })

  test('and so is one that is read-only', () => {
    const readOnly = 'mkdir -p disk && mount -t tmpfs -o ro none disk && '
    expect(machine.sh(`${readOnly} tokenctl token regenerate BI --yes --secret-file disk/new`)).toEqual({
      code: 9,
      stdout: '',
      stderr: stderrOf(machine, 'the secret was not written to {place}/disk/new: read-only file system'),
    })
    expect(machine.verify(earlier)).toBe(0)
  })

  test('the name that had no room is free', () => {
    expect(machine.ok('tokenctl client create new --role user')).toMatch(TOKEN)
  })
})

describe('a secret that can be delivered', () => {
  const machine = new Machine()
  const inPlace = (name: string): string => join(machine.place, name)
  const fileOf = (name: string): { text: string; mode: string } => ({
    text: readFileSync(inPlace(name), 'utf8'),
    mode: (lstatSync(inPlace(name)).mode & 0o777).toString(8),
  })
  let id = ''
  beforeAll(() => {
    id = machine.ok('tokenctl client create BI --role user').slice(0, -49)
  })
  afterAll(() => machine.remove())

  test('a pipe gets the token and a newline, and nothing else', () => {
    machine.ok('tokenctl token regenerate BI --yes | cat > piped')
    const token = fileOf('piped').text
    expect(token).toMatch(/^[a-z0-9]+_[0-9A-Za-z]{61}\n$/)
    expect(machine.verify(token.trim())).toBe(0)
  })

  test('what there is to say goes to standard error', () => {
    const { stderr } = machine.sh('tokenctl token regenerate BI --yes')
    expect(stderr).toBe(`token ${id} of client BI has a new secret, expires in 365 d\n`)
  })

  test('--secret-file takes the token and a newline, mode 0600 whatever the umask; standard output then has the ID', () => {
    const stdout = machine.ok('umask 000; tokenctl token regenerate BI --yes --secret-file secret')
    expect(stdout).toBe(id)
    const { text, mode } = fileOf('secret')
    expect(mode).toBe('600')
    expect(text).toMatch(/^[a-z0-9]+_[0-9A-Za-z]{61}\n$/)
    expect(machine.sh('tokenctl token verify --file secret').code).toBe(0)
  })

  test('under --json the file takes the bare token all the same, and the document says where it is', () => {
    const answer = JSON.parse(
      machine.ok('tokenctl client create JDBC --role user --json --secret-file jdbc'),
    ) as Record<string, unknown>
    expect(answer).toMatchObject({ client: 'JDBC', token: null, deliveredTo: inPlace('jdbc') })
    expect(fileOf('jdbc').text).toMatch(new RegExp(`^${String(answer.id)}[0-9A-Za-z]{49}\n$`))
  })

  test('--replace takes the place of a file, whatever its mode was, and leaves nothing beside it', () => {
    machine.ok('mkdir -p run; echo before > run/secret; chmod 644 run/secret')
    machine.ok('tokenctl token regenerate BI --yes --secret-file run/secret --replace')
    expect(readdirSync(inPlace('run'))).toEqual(['secret'])
    expect(fileOf('run/secret').mode).toBe('600')
    expect(machine.sh('tokenctl token verify --file run/secret').code).toBe(0)
  })

  test('--replace needs nothing to replace', () => {
    machine.ok('tokenctl token regenerate BI --yes --secret-file fresh --replace')
    expect(machine.sh('tokenctl token verify --file fresh').code).toBe(0)
  })

  test('a closed standard output, or the null device, is no harm to --secret-file', () => {
    machine.ok('tokenctl token regenerate BI --yes --secret-file closed >&-')
    machine.ok('tokenctl token regenerate BI --yes --secret-file null > /dev/null')
    expect(machine.sh('tokenctl token verify --file null').code).toBe(0)
  })

  test('standard output in a file that others can read is delivered, with a warning', () => {
    const { code, stderr } = machine.sh('umask 022; tokenctl token regenerate BI --yes > open')
    expect(code).toBe(0)
    expect(stderr).toMatch(/\nwarning: standard output is a file that others can read\n$/)
    expect(machine.sh('tokenctl token verify --file open').code).toBe(0)
  })

  test('standard output in a file that others cannot read is delivered without one', () => {
    const { stderr } = machine.sh('umask 077; tokenctl token regenerate BI --yes > private')
    expect(stderr).not.toMatch('warning')
  })

  test('a pipe is written to as it is: others who write to it may not be ready for one that refuses', () => {
    // What the system says of it as something is written, as what somebody changed would be put back at the end.
    writeFileSync(
      join(machine.place, 'look.cjs'),
      `const fs = require('node:fs')
       const { writeSync } = fs
       fs.writeSync = (descriptor, ...rest) => {
         if (descriptor === 1) fs.writeFileSync('seen', fs.readFileSync('/proc/self/fdinfo/1'))
         return writeSync(descriptor, ...rest)
       }`,
    )
    const lines = ['token regenerate BI --yes', 'client list', 'token show BI --json', '--help']
    for (const line of lines) {
      machine.ok(`NODE_OPTIONS='--require ./look.cjs' tokenctl ${line} | cat`)
      const [, flags = 'unknown'] =
        /^flags:\s+([0-7]+)$/m.exec(readFileSync(join(machine.place, 'seen'), 'utf8')) ?? []
      expect(Number.parseInt(flags, 8)).toBeGreaterThan(0)
      expect(Number.parseInt(flags, 8) & constants.O_NONBLOCK).toBe(0)
    }
  })

  test.each([
    ['closed', '2>&-'],
    ['full', '2> /dev/full'],
    ['a pipe that nobody reads', '2>&4'],
  ])('standard error may be %s', (_, line) => {
    const token = machine.ok(`${UNREAD}tokenctl token regenerate BI --yes ${line}`)
    expect(machine.verify(token)).toBe(0)
    expect(
      machine.sh(`${UNREAD}tokenctl token regenerate BI --yes --secret-file there/no ${line}`).code,
    ).toBe(9)
  })
})
