import { once } from 'node:events'
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net'

/** What becomes of the request at which the line is cut. */
export type Cut = 'before it arrives' | 'before it is answered'

/** Stands between the program and its database, and cuts the line at a request of the program's. */
export class CuttingProxy {
  readonly #server: Server
  readonly #target: number
  readonly #sockets = new Set<Socket>()
  #requests = 0
  #cutAt = Infinity
  #cut: Cut = 'before it arrives'
  #staysDown = false
  #isSilent = false
  #holds: RegExp | null = null
  #held: (() => void)[] = []

  static async to(target: number): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  private constructor(target: number) {
    this.#target = target
    this.#server = createServer((socket) => this.#connect(socket))
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** How many requests have come by since `cutAt`. */
  get requests(): number {
    return this.#requests
  }

  /** @param request counted from now; @param staysDown nobody gets through afterwards */
  cutAt(request: number, cut: Cut, staysDown: boolean): void {
    this.#requests = 0
    this.#cutAt = request
    this.#cut = cut
    this.#staysDown = staysDown
  }

  /** From now on nothing comes through any more, and nobody is told. */
  fallSilent(): void {
    this.#isSilent = true
  }

  /** Holds up what comes back on a line from the next request on that is about this. */
  hold(about: RegExp): void {
    this.#holds = about
  }

  /** How many lines are held up. */
  get held(): number {
    return this.#held.length
  }

  /** Late, and as they were. */
  release(): void {
    this.#holds = null
    for (const letGo of this.#held.splice(0)) letGo()
  }

  heal(): void {
    this.#isSilent = false
    this.cutAt(Infinity, 'before it arrives', false)
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #connect(program: Socket): void {
    if (this.#staysDown && this.#requests >= this.#cutAt) {
      program.destroy()
      return
    }
    const database = createConnection(this.#target, '127.0.0.1')
    const hangUp = (): void => {
      program.destroy()
      database.destroy()
    }
    for (const socket of [program, database]) {
      this.#sockets.add(socket)
      // Message by message: none may wait for the answer to another.
      socket.setNoDelay(true)
      socket.on('error', hangUp)
      socket.on('close', hangUp)
    }
    let isCut = false
    let held: Buffer[] | null = null
    const messages = new Messages()
    database.on('data', (data) => {
      isCut ||= this.#isSilent
      if (isCut) return
      if (held === null) program.write(data)
      else held.push(data)
    })
    const holdUp = (): void => {
      held = []
      this.#held.push(() => {
        for (const data of held ?? []) program.write(data)
        held = null
      })
    }
    program.on('data', (data) => {
      for (const message of messages.complete(data)) {
        isCut ||= this.#isSilent
        if (isCut) return
        if (held === null && this.#holds?.test(message.toString())) holdUp()
        if (asksForAnswer(message)) isCut = ++this.#requests === this.#cutAt
        if (!isCut || this.#cut === 'before it is answered') database.write(message)
        if (!isCut) continue
        // Time for the server to have done what it was told.
        setTimeout(hangUp, this.#cut === 'before it is answered' ? 50 : 0)
      }
    })
  }
}

/** A connection, a simple query, and the end of an extended one; what lies between is only sent along with it. */
const asksForAnswer = (message: Buffer): boolean =>
  ['\0', 'Q', 'S'].includes(String.fromCharCode(message[0] ?? 0))

/** Frontend messages (PostgreSQL manual, 53.7): the first has a length alone, the others a letter before it. */
class Messages {
  #rest: Buffer = Buffer.alloc(0)
  #isFirst = true

  /** All that are complete by now. */
  complete(data: Buffer): Buffer[] {
    this.#rest = Buffer.concat([this.#rest, data])
    const messages: Buffer[] = []
    for (;;) {
      const header = this.#isFirst ? 0 : 1
      const length = this.#rest.length < header + 4 ? Infinity : header + this.#rest.readUInt32BE(header)
      if (this.#rest.length < length) return messages
      messages.push(this.#rest.subarray(0, length))
      this.#rest = this.#rest.subarray(length)
      // A question for TLS comes before the real first one.
      this.#isFirst = this.#isFirst && length === 8
    }
  }
}
