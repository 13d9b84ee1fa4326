import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { codeOf } from '../core/problem.ts'
import { invalidRequest } from './bearer-challenge.ts'
import { type Handled, type Handler, type Route, unavailable } from './handler.ts'
import type { ListenAddress } from './listen-address.ts'
import { type Answer, Fault, type Refusal, type Response } from './message.ts'

const KIB = 1024
const SECOND = 1000

/** What nobody may exceed. */
const LIMITS = {
  /** Bytes of the request line and all headers. */
  maxHeaderSize: 8 * KIB,
  /** Also for a connection on which nothing ever comes. */
  headersTimeout: 5 * SECOND,
  requestTimeout: 10 * SECOND,
  connectionsCheckingInterval: SECOND / 2,
  /** Longer than gateways keep theirs (60 s), so that it is they who close an idle one, and never in the middle of a request. */
  keepAliveTimeout: 75 * SECOND,
  noDelay: true,
  insecureHTTPParser: false,
} as const
const MOST_BODY = 8 * KIB
const MOST_CONNECTIONS = 5_000
/** For an answer that nobody takes. */
const STALLED = 10 * SECOND
/** For requests that are under way at the end. */
const LAST_REQUESTS = 10 * SECOND

/** What became of a request. */
export interface Served {
  readonly route: Route
  readonly status: number
  /** Null: nothing was wrong. */
  readonly refusal: Refusal | null
  /** Null: by a socket of the file system. */
  readonly remote: string | null
  /** Milliseconds. */
  readonly duration: number
}

export interface ServerOptions {
  readonly handler: Handler
  readonly served: (served: Served) => void
  /** Milliseconds of a clock that nobody sets. */
  readonly elapsed: () => number
}

/** A server that answers. */
export interface Serving {
  /** As a URL, or as `unix:/path`. */
  readonly address: string
  readonly isLoopback: boolean
  /** Takes no more, and brings to its end what is under way. */
  stop(): Promise<void>
}

/** @throws the system's error, where it cannot listen there */
export async function serveAt(address: ListenAddress, options: ServerOptions): Promise<Serving> {
  let isStopping = false
  const server = createServer(LIMITS, (message, response) => {
    // Aborted, or a socket that broke: nobody is left to be told.
    message.on('error', () => {})
    response.on('error', () => {})
    respond(message, response, options, () => isStopping).catch(() => message.socket.destroy())
  })
  // What lies beyond a limit of node's own would be left out, unseen: perhaps a second Authorization.
  server.maxHeadersCount = 0
  server.maxConnections = MOST_CONNECTIONS
  server.timeout = STALLED
  server.on('clientError', (error, socket) => refuse(socket, options, codeOf(error)))
  server.on('connect', (_, socket) => refuse(socket, options))
  await listening(server, address)
  // A connection that could not be taken.
  server.on('error', () => {})

  return {
    ...whereabouts(server, address),
    stop: () => {
      isStopping = true
      return closed(server)
    },
  }
}

async function respond(
  message: IncomingMessage,
  response: ServerResponse,
  { handler, served, elapsed }: ServerOptions,
  isStopping: () => boolean,
): Promise<void> {
  const began = elapsed()
  const { method = '', url: target = '', rawHeaders, socket, httpVersionMajor } = message
  const body = (): Promise<Uint8Array> => bodyOf(message)
  // Node takes headers also behind a request line of HTTP/0.9, which has none.
  const {
    route,
    response: made,
    refusal,
  } = httpVersionMajor === 1 ? await handler({ method, target, rawHeaders, body }) : NOT_HTTP_1
  // A body that nobody reads must not be taken for the next request.
  const isLast = isStopping() || !message.complete || (method !== 'POST' && hasBody(rawHeaders))
  const failure = sent(response, made, isLast)
  const { remoteAddress: remote = null } = socket
  const duration = elapsed() - began
  served({
    route,
    status: failure?.response.status ?? made.status,
    refusal: failure?.refusal ?? refusal,
    remote,
    duration,
  })
}

const NOT_HTTP_1: Handled = { route: null, ...invalidRequest(400, 'not HTTP/1') }

/** Node refuses headers that cannot be, such as a name with a newline in it. @returns what was sent instead */
function sent(response: ServerResponse, made: Response, isLast: boolean): Answer | null {
  try {
    send(response, made, isLast)
    return null
  } catch (error) {
    const instead = unavailable(error)
    send(response, instead.response, isLast)
    return instead
  }
}

/** What never became a request. Answers go out whole, so that this one follows them, and never stands within one. */
function refuse(socket: Duplex, { served }: ServerOptions, code = ''): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, reason] = MALFORMED.get(code) ?? [400, 'malformed request']
  const { remoteAddress: remote = null } = socket as Partial<IncomingMessage['socket']>
  served({ route: null, status, refusal: { reason }, remote, duration: 0 })
  socket.end(bareAnswer(status), () => socket.destroy())
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cutOff = setTimeout(() => server.closeAllConnections(), LAST_REQUESTS)
    server.close(() => {
      clearTimeout(cutOff)
      resolve()
    })
  })
}

/** What node found wrong with what came, by its code. */
const MALFORMED: ReadonlyMap<string, readonly [status: number, reason: string]> = new Map([
  ['HPE_HEADER_OVERFLOW', [431, 'headers too long']],
  ['ERR_HTTP_REQUEST_TIMEOUT', [408, 'request too slow']],
])

const STATUS_TEXT: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
}

const bareAnswer = (status: number): string =>
  `HTTP/1.1 ${status} ${STATUS_TEXT[status] ?? ''}\r\nCache-Control: no-store\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`

const NO_STORE = ['Cache-Control', 'no-store'] as const
const CLOSE = ['Connection', 'close'] as const
const NONE = [] as const

function send(response: ServerResponse, { status, headers, body }: Response, isLast: boolean): void {
  response.writeHead(status, [
    ...NO_STORE,
    ...headers,
    'Content-Length',
    String(Buffer.byteLength(body)),
    ...(isLast ? CLOSE : NONE),
  ])
  response.end(body)
}

function hasBody(rawHeaders: readonly string[]): boolean {
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? ''
    if (name.length !== 14 && name.length !== 17) continue
    if (/^(content-length|transfer-encoding)$/i.test(name)) return true
  }
  return false
}

/** Never by an iterator, which would break the connection where it is left early: there is an answer still to be given. */
function bodyOf(message: IncomingMessage): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    let length = 0
    message.on('data', (chunk: Uint8Array) => {
      length += chunk.length
      chunks.push(chunk)
      if (length <= MOST_BODY) return
      message.pause()
      reject(new Fault(413, 'body too long'))
    })
    message.once('end', () => resolve(Buffer.concat(chunks)))
    message.once('close', () => reject(new Fault(400, 'body that does not end')))
  })
}

function listening(server: Server, address: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.once('listening', () => {
      server.off('error', reject)
      resolve()
    })
    if (address.kind === 'socket') server.listen(address.path)
    else server.listen(address.port, address.host)
  })
}

function whereabouts(server: Server, listen: ListenAddress): Pick<Serving, 'address' | 'isLoopback'> {
  const bound = server.address()
  if (bound === null || typeof bound === 'string') {
    return { address: listen.kind === 'socket' ? `unix:${listen.path}` : '', isLoopback: true }
  }
  const { address, family, port } = bound
  const host = family === 'IPv6' ? `[${address}]` : address
  return { address: `http://${host}:${port}`, isLoopback: /^(127\.|::1$|::ffff:127\.)/.test(address) }
}
