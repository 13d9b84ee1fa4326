import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { codeOf } from '../core/problem.ts'
import { type Handler, type Route, unavailable } from './handler.ts'
import type { ListenAddress } from './listen-address.ts'
import { Fault, type Refusal, type Request, type Response } from './message.ts'

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
const STALLED = 15 * SECOND
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
  const { served, elapsed } = options
  let isStopping = false
  const server = createServer(LIMITS, (message, response) => void respond(message, response))
  // What lies beyond a limit of node's own would be left out, unseen: perhaps a second Authorization.
  server.maxHeadersCount = 0
  server.maxConnections = MOST_CONNECTIONS
  server.timeout = STALLED
  server.on('clientError', (error, socket) => {
    if (codeOf(error) === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    const [status, reason] = MALFORMED.get(codeOf(error) ?? '') ?? [400, 'malformed request']
    const { remoteAddress: remote = null } = socket as Partial<{ remoteAddress: string }>
    served({ route: null, status, refusal: { reason }, remote, duration: 0 })
    socket.write(bareAnswer(status))
    ;(socket as unknown as { destroySoon(): void }).destroySoon()
  })
  await listening(server, address)

  async function respond(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const began = elapsed()
    const { rawHeaders, socket } = message
    // Aborted, or a socket that broke: nobody is left to be told.
    message.on('error', () => {})
    response.on('error', () => {})
    const request: Request = {
      method: message.method ?? '',
      target: message.url ?? '',
      rawHeaders,
      body: () => bodyOf(message),
    }
    const { route, ...answer } = await options.handler(request)
    let { refusal, response: made } = answer
    // A body that nobody reads must not be taken for the next request.
    const isLast = isStopping || (request.method !== 'POST' && hasBody(rawHeaders)) || !message.complete
    try {
      send(response, made, isLast)
    } catch (error) {
      ;({ refusal, response: made } = unavailable(error))
      send(response, made, isLast)
    }
    const remote = refusal === null ? null : (socket.remoteAddress ?? null)
    served({ route, status: made.status, refusal, remote, duration: elapsed() - began })
  }

  return {
    ...whereabouts(server, address),
    async stop() {
      isStopping = true
      await new Promise<void>((resolve) => {
        const cutOff = setTimeout(() => server.closeAllConnections(), LAST_REQUESTS)
        server.close(() => {
          clearTimeout(cutOff)
          resolve()
        })
      })
    },
  }
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

async function bodyOf(message: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of message as AsyncIterable<Uint8Array>) {
      length += chunk.length
      if (length > MOST_BODY) throw new Fault(413, 'body too long')
      chunks.push(chunk)
    }
  } catch (error) {
    throw error instanceof Fault ? error : new Fault(400, 'body that does not end')
  }
  return Buffer.concat(chunks)
}

function listening(server: Server, address: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.once('listening', () => {
      server.off('error', reject)
      // One connection that could not be taken.
      server.on('error', () => {})
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
