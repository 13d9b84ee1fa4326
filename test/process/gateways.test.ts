import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage, type Server as HttpServer } from 'node:http'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { freePort, Gateway, type GatewayName } from '../support/gateways.ts'
import { Machine, until } from '../support/process.ts'

const ASKED = 'GET /verify?permission=select:sales.orders HTTP/1.1'

const run = promisify(execFile)

interface Answer {
  readonly status: number
  readonly headers: readonly string[]
  readonly body: string
}

/** A request as it reached the backend. */
interface Arrived {
  readonly method: string
  readonly target: string
  /** `Name: value`, as they came. */
  readonly headers: readonly string[]
  readonly body: string
  readonly trailers: readonly string[]
}

const pairs = (raw: readonly string[]): string[] =>
  raw.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${raw[i + 1]}`] : []))

/** What those headers say whose name has a tokenctl in it, however it is spelt. */
const aboutTokenctl = (headers: readonly string[]): string[] =>
  headers.filter((header) => /^[^:]*tokenctl/i.test(header)).sort()

const named = (name: string, headers: readonly string[]): string[] =>
  headers.filter((header) => header.toLowerCase().startsWith(`${name.toLowerCase()}:`))

async function textOf(stream: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of stream.setEncoding('latin1')) text += String(chunk)
  return text
}

async function listen(server: Server | HttpServer, where: number | string = 0): Promise<number> {
  await new Promise<void>((resolve) => {
    if (typeof where === 'string') server.listen(where, resolve)
    else server.listen(where, '127.0.0.1', resolve)
  })
  return typeof where === 'string' ? 0 : (server.address() as AddressInfo).port
}

/** Answers `?answer=500` with that, and else with 200. */
class Backend {
  arrived: Arrived[] = []
  // It takes what it gets: what is too large, or a tunnel, is the gateway's to refuse.
  readonly #server = createHttpServer({ maxHeaderSize: 1_000_000 }, (request, response) => {
    void textOf(request).then(
      (body) => {
        const { method = '', url = '' } = request
        const trailers = pairs(request.rawTrailers)
        this.arrived.push({ method, target: url, headers: pairs(request.rawHeaders), body, trailers })
        const [, answer = '200'] = /answer=([0-9]+)/.exec(url) ?? []
        response.writeHead(Number(answer), { 'WWW-Authenticate': 'Basic realm="backend"' }).end('the backend')
      },
      () => response.destroy(),
    )
  })

  constructor() {
    this.#server.on('connect', ({ method = '', url = '', rawHeaders }: IncomingMessage, socket: Socket) => {
      this.arrived.push({ method, target: url, headers: pairs(rawHeaders), body: '', trailers: [] })
      socket.end('HTTP/1.1 200 OK\r\n\r\n')
    })
  }

  start = (port = 0): Promise<number> => listen(this.#server, port)
  stop = (): void => {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}

/** What stands at the verifier's address: it leads to whom the test says, and keeps what was asked there. */
class Door {
  /** Each byte that a gateway has sent. */
  asked = ''
  readonly #where: number | string
  #server: Server | null = null
  readonly #sockets = new Set<Socket>()

  constructor(where: number | string) {
    this.#where = where
  }

  /** The first lines of all that was asked. */
  get requests(): string[] {
    return this.asked.match(/^\S+ \S+ HTTP\/1\.[01]$/gm) ?? []
  }

  /** To a verifier's port. */
  leadTo(port: number): Promise<void> {
    return this.#open((visitor) => {
      const verifier = connect(port, '127.0.0.1')
      visitor.pipe(verifier).pipe(visitor)
      verifier.on('error', () => visitor.destroy())
      visitor.on('error', () => verifier.destroy()).on('close', () => verifier.destroy())
    })
  }

  /** To something that says the same to everybody, once it was asked, and then closes; or says nothing, ever. */
  leadToAnswer(answer: string | null): Promise<void> {
    return this.#open((visitor) => {
      visitor.on('error', () => visitor.destroy())
      visitor.on('data', () => {
        if (answer !== null) visitor.end(answer)
      })
    })
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    const server = this.#server
    this.#server = null
    if (server !== null) await new Promise((resolve) => server.close(resolve))
  }

  async #open(welcome: (visitor: Socket) => void): Promise<void> {
    await this.close()
    this.#server = createServer((visitor) => {
      this.#sockets.add(visitor)
      visitor.on('close', () => this.#sockets.delete(visitor))
      visitor.on('data', (data) => (this.asked += data.toString('latin1')))
      welcome(visitor)
    })
    await listen(this.#server, this.#where)
  }
}

/** A real server of a real store. */
class Verifier {
  readonly port: number
  readonly #process: ChildProcess

  private constructor(port: number, process: ChildProcess) {
    this.port = port
    this.#process = process
  }

  /** @param listen as `--listen` takes it */
  static async start(machine: Machine, listen = '127.0.0.1:0'): Promise<Verifier> {
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'tokenctl', 'serve', '--listen', listen], {
      env: machine.allEnvironment,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.on('data', (text: Buffer) => (said += text.toString()))
    await until(() => said.includes('"listening"') || child.exitCode !== null)
    if (child.exitCode !== null) throw new Error(said)
    return new Verifier(Number(/"address":"[^"]*:([0-9]+)"/.exec(said)?.[1]), child)
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit')
    this.#process.kill('SIGTERM')
    await ended
  }
}

/** Just these bytes, and what comes back until the gateway closes. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'))
    socket.on('data', (data) => (answer += data.toString('latin1')))
    socket.on('close', () => resolve(answer))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error)
    })
  })
}

/** The status of each answer in there. */
const statuses = (answer: string): number[] =>
  [...answer.matchAll(/HTTP\/1\.[01] ([0-9]{3})/g)].map(([, status]) => Number(status))

const machine = new Machine()
const backend = new Backend()
let verifier: Verifier
let backendPort = 0

machine.ok('tokenctl init')
machine.ok("tokenctl role create analyst --allow 'select:sales.*'")
machine.ok("tokenctl role create guest --allow 'select:public'")
machine.ok('tokenctl settings set personal-tokens everyone')
const BI = machine.ok('tokenctl client create BI --role analyst')
/** It may not. */
const weak = machine.ok('tokenctl client create weak --role guest')
const off = machine.ok('tokenctl client create off --role analyst')
machine.ok('tokenctl client disable off')
const personal = machine.ok('tokenctl token create --mine')
const alice = (JSON.parse(machine.ok('tokenctl whoami --json')) as { operator: string }).operator

const idOf = (token: string): string => token.slice(0, 16)
const SAID_OF_BI = [
  'X-Tokenctl-Client: BI',
  'X-Tokenctl-Role: analyst',
  'X-Tokenctl-Scope: cluster',
  `X-Tokenctl-Token-Id: ${idOf(BI)}`,
]
const SAID_OF_ALICE = [`X-Tokenctl-Client: @${alice}`, `X-Tokenctl-Token-Id: ${idOf(personal)}`]

beforeAll(async () => {
  backendPort = await backend.start()
  verifier = await Verifier.start(machine)
})
afterAll(async () => {
  backend.stop()
  await verifier.stop()
  machine.remove()
})

describe.each<GatewayName>(['nginx', 'caddy', 'haproxy'])('%s', (name) => {
  let port = 0
  let door: Door
  let gateway: Gateway | undefined

  beforeAll(async () => {
    const verifierAt = await freePort()
    port = await freePort()
    door = new Door(verifierAt)
    await door.leadTo(verifier.port)
    gateway = await Gateway.start(name, { verifier: verifierAt, gateway: port, backend: backendPort })
  })
  beforeEach(() => {
    backend.arrived = []
    door.asked = ''
  })
  afterAll(async () => {
    await gateway?.stop()
    await door.close()
  })

  // Whatever a test has done.
  afterEach(() => expectRulesKept())

  function expectRulesKept(): void {
    expect(door.requests.filter((request) => request !== ASKED)).toEqual([])
    for (const { headers, target } of backend.arrived) {
      expect(named('X-Tokenctl-Token-Id', headers)).toHaveLength(1)
      expect(named('X-Tokenctl-Client', headers)).toHaveLength(1)
      expect(named('Authorization', headers)).toEqual([])
      expect(target).not.toContain('smuggled')
    }
    expect(gateway?.said).not.toContain(BI)
  }

  const authorization = (token: string): string => `Authorization: Bearer ${token}`

  /** As `curl` does it, of this path or with these options. */
  async function curl(path: string, ...options: string[]): Promise<Answer> {
    const { stdout } = await run(
      'curl',
      [
        '-sS',
        '-i',
        '--max-time',
        '60',
        '--noproxy',
        '*',
        '--path-as-is',
        '-H',
        'Expect:',
        ...options,
        `http://127.0.0.1:${port}${path}`,
      ],
      { encoding: 'latin1' },
    )
    const [head = '', ...rest] = stdout.split('\r\n\r\n')
    const [line = '', ...headers] = head.split('\r\n')
    return { status: Number(line.split(' ')[1]), headers, body: rest.join('\r\n\r\n') }
  }

  const curlAs = (token: string, path = '/', ...options: string[]): Promise<Answer> =>
    curl(path, '-H', authorization(token), ...options)

  /** Header names as HTTP has them: in any case. */
  const lowerNames = (headers: readonly string[]): string[] =>
    headers.map((header) => header.replace(/^[^:]*/, (text) => text.toLowerCase())).sort()

  function expectSaidOf(headers: readonly string[] | undefined, said: readonly string[]): void {
    expect(lowerNames(aboutTokenctl(headers ?? []))).toEqual(lowerNames(said))
  }

  describe('a token', () => {
    test('that is valid gets its request through, with what the verifier said and without the token', async () => {
      const { status, body, headers } = await curlAs(BI, '/orders?day=1')
      expect([status, body]).toEqual([200, 'the backend'])
      expect(aboutTokenctl(headers)).toEqual([])
      const [arrived, ...more] = backend.arrived
      expect(more).toEqual([])
      expect([arrived?.method, arrived?.target]).toEqual(['GET', '/orders?day=1'])
      expectSaidOf(arrived?.headers, SAID_OF_BI)
      expect(door.requests).toEqual([ASKED])
    })

    test('that is personal has no role and no scope, whatever the visitor says', async () => {
      const spoofed = ['-H', 'X-Tokenctl-Role: admin', '-H', 'X-Tokenctl-Scope: cluster']
      expect((await curlAs(personal, '/', ...spoofed)).status).toBe(200)
      expectSaidOf(backend.arrived[0]?.headers, SAID_OF_ALICE)
    })

    test.each([
      ['no token', 401, null],
      ['a malformed one', 401, 'x'],
      ['one that is off', 401, off],
      ['one that may not', 403, weak],
    ])('refuses %s with %i, as the verifier says it', async (_what, status, token) => {
      const answer = await (token === null ? curl('/') : curlAs(token))
      const itself = await fetch(`http://127.0.0.1:${verifier.port}/verify?permission=select:sales.orders`, {
        headers: token === null ? {} : { Authorization: `Bearer ${token}` },
      })
      expect([answer.status, itself.status]).toEqual([status, status])
      expect(
        named('WWW-Authenticate', answer.headers).map((header) => header.replace(/^[^:]*: /, '')),
      ).toEqual([itself.headers.get('WWW-Authenticate')])
      expect(named('Cache-Control', answer.headers).map((header) => header.toLowerCase())).toEqual([
        'cache-control: no-store',
      ])
      expect(backend.arrived).toEqual([])
    })

    test.each([
      ['the same twice', [authorization(BI), authorization(BI)]],
      ['a good and a bad one', [authorization(BI), authorization('x')]],
      ['a bad and a good one', ['authorization: Bearer x', authorization(BI)]],
      ['another kind first', ['Authorization: Basic YTpi', authorization(BI)]],
      ['a good one and nothing', [authorization(BI), 'Authorization;']],
      ['nothing and a good one', ['Authorization;', authorization(BI)]],
      ['two on a line', [`${authorization(BI)}, Bearer ${BI}`]],
    ])('given twice is refused: %s', async (_what, headers) => {
      const { status } = await curl('/', ...headers.flatMap((header) => ['-H', header]))
      expect([400, 401]).toContain(status)
      expect(backend.arrived).toEqual([])
    })

    test('that is disabled is refused from then on', async () => {
      const token = machine.ok(`tokenctl client create short-${name} --role analyst`)
      expect((await curlAs(token)).status).toBe(200)
      machine.ok(`tokenctl client disable short-${name}`)
      expect((await curlAs(token)).status).toBe(401)
      expect(backend.arrived).toHaveLength(1)
    })

    test('in the query is none', async () => {
      expect((await curl(`/?access_token=${BI}&token=${BI}`)).status).toBe(401)
      expect(backend.arrived).toEqual([])
    })
  })

  describe('what a visitor says of themselves', () => {
    test.each([
      'X-Tokenctl-Client',
      'x-tokenctl-role',
      'X-TOKENCTL-SCOPE',
      'x-ToKeNcTl-ToKeN-iD',
      'X_Tokenctl_Client',
      'x_tokenctl_role',
      'X-Tokenctl_Scope',
      'X_Tokenctl-Token-Id',
      'X_TOKENCTL_TOKEN_ID',
      'X.Tokenctl.Client',
      'X-Tokenctl-Permissions',
      'X-Tokenctl-',
    ])('never reaches the backend: %s', async (header) => {
      const lines = ['evil', '', 'evil'].flatMap((value) => [
        '-H',
        value === '' ? `${header};` : `${header}: ${value}`,
      ])
      expect((await curlAs(BI, '/', ...lines)).status).toBe(200)
      expectSaidOf(backend.arrived[0]?.headers, SAID_OF_BI)
    })

    test.each([
      ['a space before the colon', 'X-Tokenctl-Client : evil'],
      ['a tab before the colon', 'X-Tokenctl-Client\t: evil'],
      ['a folded line', 'X-Harmless: a\r\n X-Tokenctl-Client: evil'],
      ['a bare line feed', 'X-Harmless: a\nX-Tokenctl-Client: evil'],
      ['a bare carriage return', 'X-Harmless: a\rX-Tokenctl-Client: evil'],
      ['a zero byte', 'X-Tokenctl-Client\0: evil'],
      ['a letter outside ASCII', 'X-Tokenctl-Clïent: evil'],
      ['no name before it', ': evil\r\nX-Tokenctl-Client: evil'],
    ])('does not either where it is malformed: %s', async (_what, line) => {
      const request = `GET / HTTP/1.1\r\nHost: a\r\n${authorization(BI)}\r\nConnection: close\r\n${line}\r\n\r\n`
      const [status] = statuses(await raw(port, request))
      expect([200, 400]).toContain(status)
      for (const { headers } of backend.arrived) expectSaidOf(headers, SAID_OF_BI)
    })

    test('takes nothing away that the verifier said', async () => {
      const names = 'X-Tokenctl-Client, X-Tokenctl-Role, x-tokenctl-scope, X-Tokenctl-Token-Id'
      for (const connection of [`close, ${names}`, names, `keep-alive, ${names}`]) {
        expect((await curlAs(BI, '/', '-H', `Connection: ${connection}`)).status).toBe(200)
      }
      for (const { headers } of backend.arrived) {
        expectSaidOf(headers, SAID_OF_BI)
        expect(named('Connection', headers).join()).not.toMatch(/tokenctl/i)
      }
      expect(backend.arrived).toHaveLength(3)
    })

    test('takes the token away only to be refused', async () => {
      const { status } = await curlAs(BI, '/', '-H', 'Connection: close, Authorization')
      expect(status === 401 ? backend.arrived : []).toEqual([])
    })

    test('opens no tunnel', async () => {
      const h2c = [
        'Connection: Upgrade, HTTP2-Settings',
        'Upgrade: h2c',
        'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA',
      ]
      const websocket = [
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        'Sec-WebSocket-Version: 13',
      ]
      for (const headers of [h2c, websocket]) {
        expect((await curlAs(BI, '/', ...headers.flatMap((header) => ['-H', header]))).status).toBe(200)
      }
      for (const { headers } of backend.arrived) {
        expect(named('Upgrade', headers)).toEqual([])
        expect(named('Connection', headers).join()).not.toMatch(/upgrade/i)
      }
      const connected = `CONNECT 127.0.0.1:${backendPort} HTTP/1.1\r\nHost: 127.0.0.1:${backendPort}\r\n${authorization(BI)}\r\nConnection: close\r\n\r\n`
      expect(statuses(await raw(port, connected))[0]).toBeGreaterThanOrEqual(400)
      expect(backend.arrived.map(({ method }) => method)).not.toContain('CONNECT')
    })

    test('is no header where it comes as a trailer', async () => {
      const trailer = 'X-Tokenctl-Role: evil\r\nX_Tokenctl_Client: evil'
      for (const announced of ['', 'Trailer: X-Tokenctl-Role, X_Tokenctl_Client\r\n']) {
        const head = `POST / HTTP/1.1\r\nHost: a\r\n${authorization(personal)}\r\nTE: trailers\r\n${announced}`
        await raw(
          port,
          `${head}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n${trailer}\r\n\r\n`,
        )
      }
      expect(backend.arrived.map(({ body }) => body)).toEqual(['abc', 'abc'])
      for (const { headers } of backend.arrived) expectSaidOf(headers, SAID_OF_ALICE)
      // HAProxy 2.6 cannot drop them: its configuration says so.
      const passed = backend.arrived.flatMap(({ trailers }) => aboutTokenctl(trailers))
      expect(passed.length > 0).toBe(name === 'haproxy')
    })
  })

  describe('what the verifier is asked', () => {
    test.each([
      '/?permission=*:*',
      '/verify?permission=select:public&scope=acme',
      '/?permission=select:public#?permission=select:public',
      '//verify?permission=select:public',
      '/%2fverify%3fpermission=select:public',
      '/%2e%2e/%2e%2e/metrics',
      '/..%2f..%2fmetrics',
      '/a/../../metrics',
      '/a%0d%0aX-Tokenctl-Client:%20evil',
      '/%00',
      '/_tokenctl',
      '//_tokenctl',
      '/%5ftokenctl?permission=select:public',
      '/verify',
      '/metrics',
      '/introspect',
      '/healthz',
    ])('is not the visitor’s to say: %s', async (target) => {
      const { status } = await curlAs(weak, target)
      expect([400, 403, 404]).toContain(status)
      expect(backend.arrived).toEqual([])
      // And with a good token it is the backend that is asked, for just that, or nobody.
      const answer = await curlAs(BI, target)
      expect(answer.status === 200 ? answer.body : 'the backend').toBe('the backend')
      expect([200, 400, 404]).toContain(answer.status)
      const [sent = ''] = target.split('#')
      for (const arrived of backend.arrived) expect(arrived.target).toBe(sent)
    })

    test.each([
      '/orders%2f1?q=%2F',
      '/a//b/',
      '/a%20b?x=a+b&x=%26',
      '/verify',
      '/metrics',
      '/introspect',
      '/healthz',
    ])('leaves the backend’s own paths as they are: %s', async (target) => {
      expect((await curlAs(BI, target)).body).toBe('the backend')
      expect(backend.arrived.map((arrived) => arrived.target)).toEqual([target])
    })

    test.each([
      'X-Original-URI: /verify?permission=select:public',
      'X-Original-URL: /verify?permission=select:public',
      'X-Rewrite-URL: /verify?permission=select:public',
      'X-Forwarded-Uri: /?permission=select:public',
      'X-Forwarded-Method: POST',
      'X-HTTP-Method-Override: POST',
      'Host: public',
      'Content-Length: 0',
    ])('is not said by the header %s', async (header) => {
      expect((await curlAs(weak, '/', '-H', header)).status).toBe(403)
      expect(backend.arrived).toEqual([])
    })

    test('is no header of the visitor but the token', async () => {
      const cookie = `Cookie: a=${'c'.repeat(6000)}`
      const big = `X-Big: ${'b'.repeat(6000)}`
      expect((await curlAs(BI, '/', '-H', cookie, '-H', big, '-H', 'Referer: r')).status).toBe(200)
      const { headers } = backend.arrived[0] ?? { headers: [] }
      expect(lowerNames([...named('Cookie', headers), ...named('X-Big', headers)])).toEqual(
        lowerNames([cookie, big]),
      )
      expect(door.asked).not.toMatch(/cookie|x-big|referer/i)
    })

    test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PURGE'])(
      'is the same for %s',
      async (method) => {
        expect((await curl('/', '-X', method)).status).toBe(401)
        expect((await curlAs(weak, '/', '-X', method)).status).toBe(403)
        expect(backend.arrived).toEqual([])
        expect((await curlAs(BI, '/', '-X', method)).status).toBe(200)
        expect(backend.arrived.map((arrived) => arrived.method)).toEqual([method])
      },
    )

    test('is the same for HEAD', async () => {
      expect((await curl('/', '-I')).status).toBe(401)
      expect((await curlAs(BI, '/', '-I')).status).toBe(200)
      expect(backend.arrived.map(({ method }) => method)).toEqual(['HEAD'])
    })

    test.each([
      ['with its length', []],
      ['in chunks', ['-H', 'Transfer-Encoding: chunked']],
      ['after 100 Continue', ['-H', 'Expect: 100-continue']],
    ])('has no body: it goes to the backend %s', async (_how, options) => {
      const body = 'body'.repeat(75_000)
      const file = join(machine.place, 'body')
      machine.ok(`cat > ${file}`, body)
      await curlAs(BI, '/', '-X', 'PUT', '--data-binary', `@${file}`, ...options)
      expect(backend.arrived.map((arrived) => arrived.body === body)).toEqual([true])
      expect(door.asked).not.toContain('body')
      expect(door.asked).not.toMatch(/^(content-length: [^0]|transfer-encoding)/im)
      await curlAs(weak, '/', '-X', 'PUT', '--data-binary', `@${file}`, ...options).catch(() => null)
      expect(backend.arrived).toHaveLength(1)
    })
  })

  describe('requests that are too large', () => {
    test.each([
      ['a header', (): Promise<Answer> => curlAs(BI, '/', '-H', `X-Big: ${'b'.repeat(100_000)}`)],
      [
        'many headers',
        (): Promise<Answer> =>
          curlAs(
            BI,
            '/',
            ...Array.from({ length: 40 }, (_, i) => ['-H', `X-${i}: ${'b'.repeat(2000)}`]).flat(),
          ),
      ],
      ['a target', (): Promise<Answer> => curlAs(BI, `/${'t'.repeat(60_000)}`)],
    ])('are refused: %s', async (_what, ask) => {
      const { status } = await ask()
      expect([400, 413, 414, 431]).toContain(status)
      expect(backend.arrived).toEqual([])
    })

    test.each([5_000, 7_500, 9_000, 14_000, 40_000])('are refused: a token of %i letters', async (length) => {
      const { status } = await curlAs(`${BI}${'x'.repeat(length)}`)
      expect([400, 401, 431, 503]).toContain(status)
      expect(backend.arrived).toEqual([])
    })
  })

  describe('odd requests', () => {
    const smuggled =
      'GET /smuggled HTTP/1.1\r\nHost: a\r\nX-Tokenctl-Client: evil\r\nX-Tokenctl-Token-Id: evil\r\nConnection: close\r\n\r\n'
    const head = `Host: a\r\n${authorization(BI)}\r\n`
    const post = `POST /first HTTP/1.1\r\n${head}`

    test('of HTTP/1.0 need a token as well', async () => {
      expect(statuses(await raw(port, 'GET / HTTP/1.0\r\n\r\n'))).toEqual([401])
      expect(statuses(await raw(port, `GET / HTTP/1.0\r\n${authorization(weak)}\r\n\r\n`))).toEqual([403])
      expect(backend.arrived).toEqual([])
      expect(statuses(await raw(port, `GET / HTTP/1.0\r\n${head}\r\n`))).toEqual([200])
      expectSaidOf(backend.arrived[0]?.headers, SAID_OF_BI)
    })

    test('of HTTP/0.9, of HTTP/2 and of no HTTP get nowhere without one', async () => {
      for (const line of ['GET /', 'nonsense', 'GET / HTTP/1.2', 'GET / HTTP/7']) {
        expect(statuses(await raw(port, `${line}\r\nHost: a\r\nConnection: close\r\n\r\n`))).not.toContain(
          200,
        )
      }
      await curl('/', '--http2-prior-knowledge').catch(() => null)
      await curlAs(weak, '/', '--http2-prior-knowledge').catch(() => null)
      expect(backend.arrived).toEqual([])
    })

    test('with a whole address in them need a token, and reach the backend and nothing else', async () => {
      for (const address of [`127.0.0.1:${verifier.port}`, '127.0.0.1', 'tokenctl', 'a']) {
        const ask = (headers: string): Promise<string> =>
          raw(
            port,
            `GET http://${address}/metrics HTTP/1.1\r\nHost: ${address}\r\n${headers}Connection: close\r\n\r\n`,
          )
        expect([400, 401]).toContain(statuses(await ask(''))[0])
        expect(backend.arrived).toEqual([])
        const answer = await ask(`${authorization(BI)}\r\n`)
        expect(answer).toMatch(/the backend|HTTP\/1\.1 4/)
        for (const { target } of backend.arrived) expect(target).toMatch(/^(http:\/\/[^/]*)?\/metrics$/)
        backend.arrived = []
      }
    })

    test('one behind the other are judged one by one', async () => {
      const first = `GET /first HTTP/1.1\r\n${head}\r\n`
      const answer = await raw(port, first + first + smuggled)
      expect(statuses(answer)).toEqual([200, 200, 401])
      expect(backend.arrived.map(({ target }) => target)).toEqual(['/first', '/first'])
    })

    test.each([
      ['a length and chunks', `Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`],
      [
        'chunks and a length',
        `Transfer-Encoding: chunked\r\nContent-Length: ${smuggled.length + 5}\r\n\r\n0\r\n\r\n${smuggled}`,
      ],
      [
        'a length beside another',
        `Content-Length: 0\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
      ],
      ['two lengths on a line', `Content-Length: 0, ${smuggled.length}\r\n\r\n${smuggled}`],
      ['a length with a sign', `Content-Length: +0\r\n\r\n${smuggled}`],
      ['a length in hexadecimal', `Content-Length: 0x0\r\n\r\n${smuggled}`],
      ['a length spelt with _', `Content_Length: 3\r\nContent-Length: 0\r\n\r\n${smuggled}`],
      ['a coding that is none', `Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n\r\n${smuggled}`],
      [
        'two codings',
        `Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${smuggled}`,
      ],
      ['a coding after it', `Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${smuggled}`],
      [
        'a space before the colon',
        `Transfer-Encoding : chunked\r\nContent-Length: ${smuggled.length + 5}\r\n\r\n0\r\n\r\n${smuggled}`,
      ],
      ['a vertical tab', `Transfer-Encoding: \x0bchunked\r\nContent-Length: 0\r\n\r\n${smuggled}`],
      [
        'a fold',
        `Transfer-Encoding:\r\n chunked\r\nContent-Length: ${smuggled.length + 5}\r\n\r\n0\r\n\r\n${smuggled}`,
      ],
      ['a chunk with a sign', `Transfer-Encoding: chunked\r\n\r\n+0\r\n\r\n${smuggled}`],
      ['a chunk that overflows', `Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n\r\n${smuggled}`],
      ['a chunk with an extension', `Transfer-Encoding: chunked\r\n\r\n0;a="\r\n\r\n${smuggled}"\r\n\r\n`],
      ['chunks ended by line feeds', `Transfer-Encoding: chunked\r\n\r\n0\n\n${smuggled}`],
    ])('carry no other one through: %s', async (_what, rest) => {
      const answer = await raw(port, `${post}Connection: close\r\n${rest}`)
      // Kept open, a second one may follow, and is judged.
      const open = await raw(port, `${post}${rest}${smuggled}`)
      expect(
        [...statuses(answer).slice(1), ...statuses(open).slice(1)].filter((status) => status < 400),
      ).toEqual([])
      for (const { headers, body, target } of backend.arrived) {
        expect(target).toBe('/first')
        expect(body).toBe('')
        expectSaidOf(headers, SAID_OF_BI)
        expect(
          named('Content-Length', headers).length + named('Transfer-Encoding', headers).length,
        ).toBeLessThan(2)
      }
    })
  })

  describe('a verifier that gives no verdict', () => {
    afterEach(() => door.leadTo(verifier.port))

    const said = (status: string, headers = ''): string =>
      `HTTP/1.1 ${status}\r\n${headers}Content-Length: 0\r\n\r\n`
    const whole = 'X-Tokenctl-Client: BI\r\nX-Tokenctl-Token-Id: tkc_000000000000\r\n'

    async function expectUnanswered(): Promise<void> {
      for (const answer of await Promise.all([curlAs(BI), curl('/')])) {
        expect(answer.status).toBe(503)
        expect(named('Retry-After', answer.headers)).toHaveLength(1)
        expect(answer.body).not.toContain('the backend')
      }
      expect(backend.arrived).toEqual([])
    }

    test('lets nobody in: not running, until it is again', async () => {
      await door.close()
      await expectUnanswered()
      await door.leadTo(verifier.port)
      expect((await curlAs(BI)).status).toBe(200)
    })

    test('lets nobody in: hanging', async () => {
      await door.leadToAnswer(null)
      await expectUnanswered()
    })

    test.each([
      ['201', said('201 Created', whole)],
      [
        '202 of a client',
        said('202 Accepted', `${whole}X-Tokenctl-Role: analyst\r\nX-Tokenctl-Scope: cluster\r\n`),
      ],
      ['204', said('204 No Content', whole)],
      ['206', said('206 Partial Content', whole)],
      ['299', said('299 Fine', whole)],
      ['200 of something else', said('200 OK')],
      [
        '200 with nothing about the token',
        said('200 OK', 'X-Tokenctl-Client: BI\r\nX-Tokenctl-Token-Id:\r\n'),
      ],
      ['302', said('302 Found', `Location: /\r\n${whole}`)],
      ['304', said('304 Not Modified', whole)],
      ['404', said('404 Not Found', whole)],
      ['407', said('407 Proxy Authentication Required', whole)],
      ['429', said('429 Too Many Requests', whole)],
      ['500', said('500 Internal Server Error', whole)],
      ['502', said('502 Bad Gateway', whole)],
      ['503', said('503 Service Unavailable', whole)],
      ['nothing', ''],
      ['half a line', 'HTTP/1.1 20'],
      ['half a head', `HTTP/1.1 200 OK\r\n${whole}`],
      ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
      ['no number', `HTTP/1.1 OK\r\n${whole}\r\n`],
      ['a head without end', `HTTP/1.1 200 OK\r\nX-Big: ${'b'.repeat(2_000_000)}`],
    ])('lets nobody in: answering %s', async (_what, answer) => {
      await door.leadToAnswer(answer)
      await expectUnanswered()
    })

    test('has its 400 passed on, with its challenge', async () => {
      await door.leadToAnswer(said('400 Bad Request', 'WWW-Authenticate: Bearer error="invalid_request"\r\n'))
      const { status, headers } = await curlAs(BI)
      expect(status).toBe(400)
      expect(named('WWW-Authenticate', headers)).toHaveLength(1)
      expect(backend.arrived).toEqual([])
    })
  })

  test('a backend that is not running is told from a verifier that is not', async () => {
    backend.stop()
    try {
      expect((await curlAs(BI)).status).toBe(name === 'haproxy' ? 503 : 502)
    } finally {
      await backend.start(backendPort)
    }
    expect((await curlAs(BI)).status).toBe(200)
  })

  test.each([400, 401, 403, 404, 500, 502, 503])(
    'the backend’s own %i is passed on as it is',
    async (status) => {
      const answer = await curlAs(BI, `/?answer=${status}`)
      expect([answer.status, answer.body]).toEqual([status, 'the backend'])
      expect(lowerNames(named('WWW-Authenticate', answer.headers))).toEqual([
        'www-authenticate: Basic realm="backend"',
      ])
    },
  )
})

describe.each<GatewayName>(['nginx', 'caddy', 'haproxy'])('%s, asking at a Unix socket', (name) => {
  test('lets in whom the verifier knows, and nobody else', async () => {
    const socket = join(machine.folder, `${name}.sock`)
    const behind = await Verifier.start(machine, `unix:${socket}`)
    const port = await freePort()
    const gateway = await Gateway.start(name, { verifier: socket, gateway: port, backend: backendPort })
    try {
      const ask = async (token: string): Promise<number> =>
        (await fetch(`http://127.0.0.1:${port}/`, { headers: { Authorization: `Bearer ${token}` } })).status
      expect([await ask(BI), await ask(weak), await ask('x')]).toEqual([200, 403, 401])
      await behind.stop()
      expect(await ask(BI)).toBe(503)
    } finally {
      await gateway.stop()
    }
  })
})
