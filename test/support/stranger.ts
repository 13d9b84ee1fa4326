import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

/** Listens where a database should, and is none: remembers all that it is told, and never hangs up by itself. */
export class Stranger {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #heard = Buffer.alloc(0)

  /** @param talk with each that comes */
  static async at(talk: (socket: Socket) => void): Promise<Stranger> {
    const stranger = new Stranger(talk)
    stranger.#server.listen(0, '127.0.0.1')
    await once(stranger.#server, 'listening')
    return stranger
  }

  private constructor(talk: (socket: Socket) => void) {
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('data', (data) => {
        this.#heard = Buffer.concat([this.#heard, data])
      })
      talk(socket)
    })
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get heard(): Buffer {
    return this.#heard
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }
}
