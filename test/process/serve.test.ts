import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, constants, existsSync, openSync, statSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { bearer, exchange, statusesIn } from '../support/http.ts'
import { Machine, until } from '../support/process.ts'

const machine = new Machine()
let token = ''
beforeAll(() => {
  token = machine.ok('tokenctl client create BI --role admin')
})
const running = new Set<Server>()
afterEach(async () => {
  for (const server of running) await server.kill('SIGKILL')
})
afterAll(() => machine.remove())

/** A real one. */
class Server {
  readonly process: ChildProcess
  log = ''
  readonly ended: Promise<number | NodeJS.Signals | null>

  /** @param stderr where its log goes; by default to `log` */
  constructor(args: readonly string[], stderr: number | 'log' | 'unread' = 'log') {
    this.process = spawn('tokenctl', ['serve', ...args], {
      cwd: machine.place,
      env: machine.allEnvironment,
      stdio: ['ignore', 'ignore', typeof stderr === 'number' ? stderr : 'pipe'],
    })
    if (stderr === 'log') {
      this.process.stderr?.on('data', (data: Buffer) => {
        this.log += data.toString()
      })
    }
    this.ended = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null): void => {
        running.delete(this)
        resolve(code ?? signal)
      }
      this.process.on(stderr === 'unread' ? 'exit' : 'close', end)
    })
    running.add(this)
  }

  static async listening(...args: string[]): Promise<Server> {
    const server = new Server(args)
    await until(() => server.log.includes('\n') || server.process.exitCode !== null)
    return server
  }

  get lines(): Record<string, unknown>[] {
    return this.log
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  }

  get port(): number {
    return Number(new URL(String(this.lines[0]?.address)).port)
  }

  async kill(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    this.process.kill(signal)
    return this.ended
  }

  async verify(presented = token, port = this.port): Promise<number | undefined> {
    const text = `GET /verify HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${bearer(presented)}\r\n\r\n`
    return statusesIn(await exchange(connect(port, '127.0.0.1'), text))[0]
  }
}

const throughSocket = (socketPath: string): Promise<number | undefined> =>
  new Promise((resolve) => {
    const headers = { authorization: `Bearer ${token}` }
    request({ socketPath, path: '/verify', headers }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
      .on('error', () => resolve(undefined))
      .end()
  })

const usesOf = (id: string): unknown =>
  (JSON.parse(machine.ok(`tokenctl token show ${id} --json`)) as { lastUsedAt: unknown }).lastUsedAt

describe('by a signal it ends', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s: exit 0, and uses are written', async (signal) => {
    const fresh = machine.ok(`tokenctl client create ${signal} --role user`)
    const server = await Server.listening('--listen', '127.0.0.1:0')
    expect(await server.verify(fresh)).toBe(200)
    expect(await server.kill(signal)).toBe(0)
    expect(usesOf(fresh.slice(0, 16))).not.toBeNull()
    expect(server.lines).toMatchObject([
      {
        event: 'listening',
        address: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
        store: machine.storePath,
      },
      { event: 'stopped', usesLost: 0 },
    ])
  })

  test('what is under way is answered, and what is idle is let go', async () => {
    const server = await Server.listening('--listen', '127.0.0.1:0')
    const idle = connect(server.port, '127.0.0.1')
    const released = exchange(idle, `GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n`)
    const slow = connect(server.port, '127.0.0.1')
    const answer = exchange(slow, 'GET /verify HTTP/1.1\r\nHost: x\r\n')
    // Both are there, and have been read, when this is answered.
    expect(await server.verify()).toBe(200)
    server.process.kill('SIGTERM')
    expect(statusesIn(await released)).toEqual([200])
    await until(() => idle.destroyed)
    slow.write(`${bearer(token)}\r\n\r\n`)
    expect(await answer).toMatch(/^HTTP\/1\.1 200 [^]*\r\nConnection: close\r\n/)
    expect(await server.ended).toBe(0)
  })

  test('a request that never ends does not keep it', async () => {
    const server = await Server.listening('--listen', '127.0.0.1:0')
    const stuck = exchange(connect(server.port, '127.0.0.1'), 'GET /verify HTTP/1.1\r\nHost: x\r\n')
    expect(await server.verify()).toBe(200)
    expect(await server.kill('SIGTERM')).toBe(0)
    expect(statusesIn(await stuck).filter((status) => status < 400)).toEqual([])
  })

  test('while first uses and other uses are being written, again and again', async () => {
    for (let round = 0; round < 5; round++) {
      const server = await Server.listening('--listen', '127.0.0.1:0')
      const { port } = server
      const statuses: (number | undefined)[] = []
      const asking = (async () => {
        while (server.process.exitCode === null && server.process.signalCode === null) {
          statuses.push(await server.verify(token, port))
        }
      })()
      await until(() => statuses.length > 5 + 20 * round)
      machine.sh(`tokenctl token update BI --description round-${round}`)
      server.process.kill('SIGTERM')
      server.process.kill('SIGTERM')
      expect(await server.ended).toBe(0)
      await asking
      expect(statuses.filter((status) => status !== 200 && status !== undefined)).toEqual([])
    }
  })
})

describe('a log that nobody reads', () => {
  test.each(['a pipe', 'a socket'])('%s: holds up no verdict, and not the end', async (kind) => {
    machine.ok('rm -f log; mkfifo log')
    const unread = openSync(join(machine.place, 'log'), constants.O_RDWR)
    // Where it listens is not read either: it is told a port that was free just now.
    const port = await freePort()
    const server = new Server(['--listen', `127.0.0.1:${port}`], kind === 'a pipe' ? unread : 'unread')
    let refused = 0
    while (refused < 1_500) {
      const statuses = await Promise.all([1, 2, 3, 4, 5].map(() => server.verify('x', port)))
      refused += statuses.filter((status) => status === 401).length
    }
    expect(await server.verify(token, port)).toBe(200)
    expect(await server.kill('SIGTERM')).toBe(0)
    closeSync(unread)
  })

  test('closed before it began: it serves all the same', async () => {
    const port = await freePort()
    const child = spawn('sh', ['-c', `exec tokenctl serve --listen 127.0.0.1:${port} 2>&-`], {
      cwd: machine.place,
      env: machine.allEnvironment,
      stdio: 'ignore',
    })
    const ended = new Promise((resolve) => child.on('close', resolve))
    let status: number | undefined
    while (status === undefined && child.exitCode === null) {
      status = statusesIn(await exchange(connect(port, '127.0.0.1'), 'GET /verify HTTP/1.0\r\n\r\n'))[0]
    }
    expect(status).toBe(401)
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
  })
})

async function freePort(): Promise<number> {
  const server = await Server.listening('--listen', '127.0.0.1:0')
  const { port } = server
  await server.kill('SIGTERM')
  return port
}

describe('a socket', () => {
  const path = join(machine.place, 'verify.sock')
  const mode = (): string => (statSync(path).mode & 0o777).toString(8)

  test('is there for its owner alone, answers, and is gone at the end', async () => {
    const server = await Server.listening('--listen', 'unix:verify.sock')
    expect(server.lines).toMatchObject([{ event: 'listening', address: `unix:${path}` }])
    expect(mode()).toBe('600')
    expect(await throughSocket(path)).toBe(200)
    expect(await server.kill('SIGTERM')).toBe(0)
    expect(existsSync(path)).toBe(false)
  })

  test('is for a group, where that is said', async () => {
    const server = await Server.listening('--listen', `unix:${path}`, '--socket-mode', '660')
    expect(mode()).toBe('660')
    await server.kill('SIGTERM')
  })

  test('that was left behind is taken over; one that is in use is not', async () => {
    const killed = await Server.listening('--listen', `unix:${path}`)
    await killed.kill('SIGKILL')
    expect(existsSync(path)).toBe(true)
    const server = await Server.listening('--listen', `unix:${path}`)
    expect(await throughSocket(path)).toBe(200)
    const second = machine.sh(`tokenctl serve --listen unix:${path}`)
    expect(second).toMatchObject({ code: 4, stderr: expect.stringContaining('somebody listens') })
    expect(await throughSocket(path)).toBe(200)
    await server.kill('SIGTERM')
  })

  test.each([
    ['a file', 'touch there'],
    ['a link', 'ln -s gone there'],
    ['a folder', 'mkdir there'],
    ['a pipe', 'mkfifo there'],
  ])('%s in its place is left alone: exit 4', (_what, make) => {
    machine.ok(`rm -rf there; ${make}`)
    const { code, stderr } = machine.sh('tokenctl serve --listen unix:there')
    expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining('no socket') })
    expect(machine.sh('test -e there || test -L there').code).toBe(0)
  })
})

describe('where it cannot listen', () => {
  test('an address in use: exit 4', async () => {
    const server = await Server.listening('--listen', '127.0.0.1:0')
    const { code, stderr } = machine.sh(`tokenctl serve --listen 127.0.0.1:${server.port}`)
    expect({ code, stderr }).toEqual({
      code: 4,
      stderr: expect.stringMatching(`^tokenctl: 127.0.0.1:${server.port} is in use\nhint: `),
    })
    await server.kill('SIGTERM')
  })

  test.each([
    ['serve --listen unix:nowhere/x.sock', 3],
    ['serve --listen 192.0.2.1:0', 8, 'cannot listen at 192.0.2.1:0: no such address on this machine'],
    ['serve --listen no-such-host.invalid:0', 8],
    ['serve --listen 8420', 2],
    ['serve --listen 127.0.0.1:0 --socket-mode 660', 2],
    ['serve --listen unix:x --socket-mode 999', 2],
    ['serve --store nowhere.db', 3],
  ])('%s: exit %i', (line: string, expected: number, says = '') => {
    const { code, stderr } = machine.sh(`tokenctl ${line}`)
    expect({ code, stderr }).toEqual({ code: expected, stderr: expect.stringMatching(`^tokenctl: ${says}`) })
  })

  test('in the name of another: exit 5', () => {
    expect(machine.sh('SUDO_UID=4711 tokenctl serve --listen 127.0.0.1:0')).toMatchObject({ code: 5 })
  })

  test('for other machines: it says so', async () => {
    const server = await Server.listening('--listen', '0.0.0.0:0')
    await until(() => server.lines.length > 1)
    expect(server.lines[1]).toMatchObject({ event: 'exposed' })
    await server.kill('SIGTERM')
  })
})
