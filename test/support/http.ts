import { connect, type Socket } from 'node:net'
import type { Ended, World } from './world.ts'

const VARYING = ['time', 'duration', 'remote']

/** A running `tokenctl serve`, in this process. */
export class Served {
  /** Its log, parsed. */
  readonly lines: Record<string, unknown>[] = []
  /** What it ended with. */
  readonly ended: Promise<Ended>
  #stop = (): void => {}
  readonly #listening: Promise<void>

  private constructor(world: World, listen: string, options: readonly string[]) {
    let listens = (): void => {}
    this.#listening = new Promise((resolve) => {
      listens = resolve
    })
    world.changes = {
      ...world.changes,
      onSignal: (told) => {
        this.#stop = told
        return () => {}
      },
      openLog: () => ({
        write: (line) => {
          this.lines.push(JSON.parse(line()) as Record<string, unknown>)
          listens()
        },
        dropped: 0,
        close: async () => {},
      }),
    }
    this.ended = world.run('serve', '--listen', listen, ...options)
  }

  static async by(world: World, listen = '127.0.0.1:0', ...options: string[]): Promise<Served> {
    const served = new Served(world, listen, options)
    await Promise.race([served.#listening, served.ended])
    return served
  }

  get address(): string {
    return String(this.lines[0]?.address)
  }

  get port(): number {
    return Number(new URL(this.address).port)
  }

  /** The lines since the last look, without what differs from run to run. */
  said(): Record<string, unknown>[] {
    return this.lines
      .splice(1)
      .map((line) => Object.fromEntries(Object.entries(line).filter(([name]) => !VARYING.includes(name))))
  }

  async stop(): Promise<Ended> {
    this.#stop()
    return this.ended
  }

  /** Sends just these bytes, and gives back all that came until it was closed. */
  raw(bytes: string | Uint8Array): Promise<string> {
    return exchange(this.connection(), bytes)
  }

  connection(): Socket {
    return connect(this.port, '127.0.0.1')
  }

  /** A request in the usual form, on a connection of its own. */
  async get(target: string, ...headers: string[]): Promise<Answered> {
    const lines = [`GET ${target} HTTP/1.1`, 'Host: tokenctl', 'Connection: close', ...headers]
    return answered(await this.raw(`${lines.join('\r\n')}\r\n\r\n`))
  }

  async post(target: string, body: string, ...headers: string[]): Promise<Answered> {
    const lines = [
      `POST ${target} HTTP/1.1`,
      'Host: tokenctl',
      'Connection: close',
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...headers,
    ]
    return answered(await this.raw(`${lines.join('\r\n')}\r\n\r\n${body}`))
  }
}

export interface Answered {
  readonly status: number
  /** Lower-cased names, each once. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** All that comes on a connection until it is closed, in whatever way. */
export function exchange(socket: Socket, bytes: string | Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    let received = ''
    socket.on('data', (data: Buffer) => {
      received += data.toString('latin1')
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(received))
    socket.write(bytes)
  })
}

/** The statuses of the answers in what was received, one after the other. */
export const statusesIn = (received: string): number[] =>
  [...received.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status))

export function answered(received: string): Answered {
  const [head = '', body = ''] = received.split(/\r\n\r\n(.*)/s)
  const [first = '', ...lines] = head.split('\r\n')
  const headers = lines.map((line) => line.split(/: (.*)/s)).map(([name = '', value = '']) => [name, value])
  const names = headers.map(([name = '']) => name.toLowerCase())
  if (new Set(names).size !== names.length) throw new Error(`a header is repeated: ${names.join(' ')}`)
  return {
    status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1]),
    headers: Object.fromEntries(headers.map(([name = '', value = '']) => [name.toLowerCase(), value])),
    body,
  }
}

export const bearer = (token: string): string => `Authorization: Bearer ${token}`
