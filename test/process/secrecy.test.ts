import { spawn } from 'node:child_process'
import {
  chmodSync,
  constants,
  mkdirSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import { digestOf } from '../../src/core/token-format.ts'
import { Machine, until } from '../support/process.ts'
import { World } from '../support/world.ts'

/** The part of a token that is random, and how it would look written otherwise: what must be nowhere. */
function tracesOf(token: string): string[] {
  const random = token.slice(-49, -6)
  const written = [token, random].flatMap((text) =>
    (['base64', 'base64url', 'hex'] as const).map((form) => Buffer.from(text).toString(form)),
  )
  return [random, ...written.map((text) => text.replace(/=+$/, ''))]
}

const found = (tokens: readonly string[], text: string): string[] =>
  tokens.filter((token) => tracesOf(token).some((trace) => text.includes(trace)))

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)

describe('the store', () => {
  const machine = new Machine()
  const folder = dirname(machine.storePath)
  const secrets: string[] = []
  let reader: Database.Database
  let bytes: Record<string, string>

  beforeAll(() => {
    // Loose from the first instant: the modes must not be the caller's.
    const run = (line: string, input?: string): string => machine.ok(`umask 000; tokenctl ${line}`, input)
    secrets.push(run('client create BI --role user'))

    // Somebody who reads all the while: what is written stays in the write-ahead log.
    reader = new Database(machine.storePath)
    reader.exec('begin')
    reader.prepare('select count(*) from secret').get()

    secrets.push(run('token regenerate BI --yes'))
    secrets.push(run('token regenerate BI --overlap 1h'))
    run('token verify', secrets.at(-1))
    run('token verify', secrets.at(-2))
    run('token identify', secrets.at(-1))
    secrets.push(run('token create BI'))
    machine.sh('tokenctl token create BI > /dev/full')
    run(`token identify`, `see ${secrets.at(-1) ?? ''}, found in a log`)
    run(`client create file --role user --secret-file ${join(machine.folder, 'secret')}`)
    secrets.push(readFileSync(join(machine.folder, 'secret'), 'utf8').trim())
    machine.sh('tokenctl token regenerate file --yes > /dev/full')
    run('token delete file --yes')
    run('client delete BI --yes')
    bytes = Object.fromEntries(
      readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'latin1')]),
    )
  })
  afterAll(() => {
    reader.close()
    machine.remove()
  })

  test('is three files while somebody reads it, the log not empty', () => {
    expect(Object.keys(bytes)).toEqual(['tokenctl.db', 'tokenctl.db-shm', 'tokenctl.db-wal'])
    expect(bytes['tokenctl.db-wal']?.length).toBeGreaterThan(10_000)
  })

  test('has no secret in any byte, in whatever form', () => {
    expect(secrets).toHaveLength(5)
    expect(found(secrets, Object.values(bytes).join(''))).toEqual([])
  })

  test('has digests in those bytes: what is looked for would be found', () => {
    const text = Object.values(bytes).join('')
    expect(secrets.filter((secret) => text.includes(digestOf(secret)))).toEqual(secrets)
  })

  test("is the owner's alone, whatever the umask", () => {
    const modes = ['.', ...Object.keys(bytes)].map((name) => [name, modeOf(join(folder, name))])
    expect(Object.fromEntries(modes)).toEqual({
      '.': '700',
      'tokenctl.db': '600',
      'tokenctl.db-wal': '600',
      'tokenctl.db-shm': '600',
    })
  })
})

describe('a secret in the wrong place is not repeated, not by --debug either', () => {
  const folder = process.cwd()
  let world: World
  let secret: string
  afterAll(() => process.chdir(folder))
  afterEach(() => world.remove())
  beforeEach(async () => {
    world = new World()
    process.chdir(world.folder) // a word that is no path may be taken for one
    secret = await world.ok('client', 'create', 'BI', '--role', 'user')
  })

  /** Every command, as help tells of it, with the options that take a value. */
  async function commands(...path: string[]): Promise<{ words: string[]; options: string[] }[]> {
    const help = await world.ok(...path, '--help')
    const [, listed = ''] = help.split('\nCommands:\n')
    const verbs = [...listed.matchAll(/^ {2}([a-z-]+)/gm)].map(([, verb = '']) => verb)
    if (verbs.length > 0) return (await Promise.all(verbs.map((verb) => commands(...path, verb)))).flat()
    const options = [...help.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+) </gm)].map(([, option = '']) => option)
    return [{ words: path, options }]
  }

  /** Everything said when the secret stands there, plainly and in JSON. */
  async function said(...argv: string[]): Promise<string> {
    let text = ''
    for (const form of [[], ['--json']]) {
      world.stdin = `${secret}\n`
      const { stdout, stderr } = await world.run(...argv, '--debug', '--yes', ...form)
      text += stdout + stderr
    }
    return text
  }

  const WRONG: Readonly<Record<string, (secret: string) => string>> = {
    'the secret': (secret) => secret,
    'the secret with something behind it': (secret) => `${secret}x`,
    'the secret with something before it': (secret) => `x/${secret}`,
    'the secret at the beginning of a long text': (secret) => `${secret}${' and so on'.repeat(30)}`,
    'the secret after a newline': (secret) => `see\n${secret}`,
  }

  test.each(Object.entries(WRONG))(
    '%s, as an argument of each command, and as the value of each option',
    async (_, wrong) => {
      const all = await commands()
      expect(all.length).toBeGreaterThan(20)
      const lines = all.flatMap(({ words, options }) => [
        [...words, wrong(secret)],
        [...words, 'BI', wrong(secret)],
        ...options.flatMap((option) => [
          [...words, 'BI', option, wrong(secret)],
          [...words, `${option}=${wrong(secret)}`],
        ]),
      ])
      const leaking: string[] = []
      for (const argv of lines) {
        if (found([secret], await said(...argv)).length > 0) {
          leaking.push(argv.join(' ').replace(wrong(secret), '<secret>'))
        }
      }
      expect(leaking).toEqual([])
    },
  )

  test('as a command, or the name of an option', async () => {
    const leaking: string[] = []
    for (const { words } of [
      ...(await commands()),
      { words: [] },
      { words: ['client'] },
      { words: ['token'] },
      { words: ['token', 'revoke'] },
    ]) {
      for (const place of [[secret], [`--${secret}`], [`--${secret}=x`], [`-${secret}`], ['--', secret]]) {
        if (found([secret], await said(...words, ...place)).length > 0) {
          leaking.push([...words, ...place].join(' '))
        }
      }
    }
    expect(leaking.map((line) => line.replace(secret, '<secret>'))).toEqual([])
  })

  test('in what token identify reads, whole or not', async () => {
    const file = join(world.folder, 'found')
    for (const text of [
      secret,
      `x ${secret} x`,
      secret.slice(0, -1),
      `${secret.slice(0, -1)}#`,
      `${secret} ${secret}x`,
    ]) {
      writeFileSync(file, text)
      for (const form of [[], ['--json']]) {
        world.stdin = text
        for (const input of [[], ['--file', file]]) {
          const { stdout, stderr } = await world.run('token', 'identify', ...input, ...form, '--debug')
          expect(stdout + stderr).toContain(secret.slice(0, 16))
          expect(found([secret], stdout + stderr)).toEqual([])
          expect(stdout + stderr).not.toContain(secret.slice(16, 40))
        }
      }
    }
    expect(await world.json('token', 'show', 'BI')).toMatchObject({ lastUsedAt: null })
  })

  test('mangled, as the name of what is to be deleted', async () => {
    for (const form of [[], ['--json']]) {
      const { code, stdout, stderr } = await world.run(
        'token',
        'delete',
        secret.slice(0, -3),
        '--if-exists',
        ...form,
      )
      expect(code).toBe(2)
      expect(stdout + stderr).not.toContain(secret.slice(16, 40))
    }
  })

  test('as the answer to a question', async () => {
    world.terminal = true
    world.answers = [secret, secret.slice(0, 59), 'dashboards']
    const { code, stdout, stderr } = await world.run('token', 'update', 'BI', '--debug')
    expect(code).toBe(0)
    expect(found([secret], stdout + stderr + world.asked.join('\n'))).toEqual([])
    expect(await world.json('token', 'show', 'BI')).toMatchObject({ description: 'dashboards' })
  })

  test('in the environment', async () => {
    for (const name of ['TOKENCTL_STORE', 'TOKENCTL_TOKEN']) {
      world.environment = { [name]: secret }
      expect(found([secret], await said('client', 'list'))).toEqual([])
    }
  })

  test('nor does the store keep it', async () => {
    const places = [
      ['client', 'create', 'described', '--role', 'user', '--description', `for ${secret}`],
      ['client', 'create', 'filed', '--role', 'user', '--secret-file', join(world.folder, secret)],
      ['role', 'create', 'analyst', '--allow', `select:${secret}`],
      ['role', 'create', secret, '--allow', 'select:sales'],
      ['token', 'update', 'BI', '--description', `for ${secret}`],
      ['role', 'update', 'analyst', '--allow', `select:${secret}`],
    ]
    for (const argv of places) await world.run(...argv)
    expect(found([secret], readFileSync(world.storePath, 'latin1'))).toEqual([])
  })

  test('by the real program', () => {
    const machine = new Machine()
    const token = machine.ok('tokenctl client create BI --role user')
    for (const line of ['token show', 'client show', `--${token}`, '--store', 'token verify --file', 'x']) {
      const { code, stdout, stderr } = machine.sh(`tokenctl --debug ${line} ${token}`, `${token}\n`)
      expect(code).toBeGreaterThan(1)
      expect(found([token], stdout + stderr)).toEqual([])
    }
    machine.remove()
  })
})

const COPIED = '\ncopied to the clipboard\n'

describe('a running program', () => {
  const machine = new Machine()
  beforeAll(() => {
    machine.ok('tokenctl client create BI --role user')
  })
  afterAll(() => machine.remove())

  const ofProcess = (pid: number | string, what: string): string =>
    readFileSync(`/proc/${pid}/${what}`, 'latin1')

  /** A pipe that takes nothing until somebody reads it. */
  function fullPipe(): { readonly writeEnd: number; readAll(): string } {
    const path = join(machine.folder, 'pipe')
    machine.ok(`rm -f ${path}; mkfifo ${path}`)
    const bothEnds = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
    const tryTo = (work: () => number): number => {
      try {
        return work()
      } catch {
        return 0 // EAGAIN: full, or empty
      }
    }
    for (const size of [4096, 1]) {
      while (tryTo(() => writeSync(bothEnds, '.'.repeat(size))) > 0);
    }
    const buffer = Buffer.alloc(65_536)
    return {
      writeEnd: openSync(path, 'w'),
      readAll() {
        let text = ''
        for (let size = -1; size !== 0; text += buffer.toString('latin1', 0, size)) {
          size = tryTo(() => readSync(bothEnds, buffer))
        }
        return text.replace(/^\.*/, '')
      },
    }
  }

  const hasPending = (): boolean => {
    const database = new Database(machine.storePath, { readonly: true })
    const row = database.prepare("select 1 from secret where state = 'pending'").get()
    database.close()
    return row !== undefined
  }

  test('with a secret on its way to a reader that does not read: not in its words nor its environment; a signal waits', async () => {
    const pipe = fullPipe()
    const program = spawn('tokenctl', ['token', 'regenerate', 'BI', '--yes'], {
      cwd: machine.place,
      env: machine.allEnvironment,
      stdio: ['ignore', pipe.writeEnd, 'ignore'],
    })
    closeSync(pipe.writeEnd)
    const ended = new Promise((resolve) => program.once('exit', (code, signal) => resolve({ code, signal })))
    await until(hasPending)
    const pid = program.pid ?? 0
    const seen = ofProcess(pid, 'cmdline') + ofProcess(pid, 'environ')
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) program.kill(signal)

    let token = ''
    await until(() => {
      token += pipe.readAll()
      return token.endsWith('\n')
    })
    expect(await ended).toEqual({ code: 0, signal: null })
    expect(machine.verify(token.trim())).toBe(0)
    expect(seen).toContain('regenerate\0BI\0--yes')
    expect(found([token.trim()], seen)).toEqual([])
  })

  test("nor in its helper's, which gets nothing of TOKENCTL_* either", () => {
    mkdirSync(join(machine.folder, 'store'), { mode: 0o700 })
    machine.environment = {
      DISPLAY: ':99',
      TOKENCTL_STORE: join(machine.folder, 'store', 'db'),
      TOKENCTL_MARK: 'marked',
    }
    const xsel = join(machine.programs, 'xsel')
    // What it is called by, up to the program itself.
    writeFileSync(
      xsel,
      `#!/bin/sh
      cat > /dev/null
      parent=$(cut -d ' ' -f 4 /proc/$$/stat)
      cat /proc/$$/environ /proc/$$/cmdline > helper
      cat /proc/$parent/environ /proc/$parent/cmdline > parent
      cat /proc/$(cut -d ' ' -f 4 /proc/$parent/stat)/cmdline > program
      `,
    )
    chmodSync(xsel, 0o700)
    machine.ok('tokenctl init')
    // A helper gets two seconds, which a machine with much else to do may not have for it: then another time.
    const lines = ['BI', 'BI2', 'BI3', 'BI4', 'BI5'].values()
    let ended = { stdout: '', stderr: '' }
    for (let line = lines.next(); !line.done && !ended.stderr.endsWith(COPIED); line = lines.next()) {
      ended = machine.sh(`tokenctl client create ${line.value} --role user --copy`)
    }
    const { stdout, stderr } = ended
    expect(stderr).toContain(COPIED)

    const [helper = '', parent = '', program = ''] = ['helper', 'parent', 'program'].map((name) =>
      readFileSync(join(machine.place, name), 'latin1'),
    )
    expect([helper, parent, program]).toEqual([
      expect.stringContaining('xsel\0--clipboard\0--input'),
      expect.stringContaining('clipboard-helper.mjs'),
      expect.stringContaining('client\0create\0BI'),
    ])
    expect(found([stdout.trim()], helper + parent + program)).toEqual([])
    expect(helper + parent).toContain('DISPLAY=:99')
    expect(helper + parent).not.toContain('TOKENCTL_')
  })
})
