import { constants, openSync, write } from 'node:fs'
import type { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { codeOf } from '../core/problem.ts'

/** Lines that wait for who reads them. */
const MOST_LINES = 10_000
/** Characters that are written at once. */
const MOST_AT_ONCE = 65_536
/** Before a reader who takes nothing is tried again. */
const PAUSE = 20 // milliseconds
/** How long the last lines are waited for. */
const LAST_WAIT = 1_000 // milliseconds

/** Lines for who may not read them: nobody ever waits for that, and what is too much is dropped. */
export interface Log {
  /** @param line made only if there is room for it; without a newline */
  write(line: () => string): void
  /** Lines given up. */
  readonly dropped: number
  /** Waits a little for what is still to be written. */
  close(): Promise<void>
}

/** Takes some of it. @returns how many bytes; 0: none just now */
type Write = (bytes: Uint8Array) => Promise<number>

export function logOn(descriptor: number): Log {
  return new QueuedLog(writerOn(descriptor))
}

class QueuedLog implements Log {
  readonly #write: Write
  #lines: string[] = []
  #writing: Promise<void> | null = null
  #isClosed = false
  dropped = 0

  constructor(write: Write) {
    this.#write = write
  }

  write(line: () => string): void {
    if (this.#lines.length >= MOST_LINES) {
      this.dropped++
      return
    }
    this.#lines.push(`${line()}\n`)
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = null
    })
  }

  async close(): Promise<void> {
    await Promise.race([this.#writing, sleep(LAST_WAIT, undefined, { ref: false })])
    this.#isClosed = true
  }

  async #writeAll(): Promise<void> {
    try {
      while (this.#lines.length > 0) await this.#writeSome(Buffer.from(this.#next()))
    } catch {
      // It is closed or full: there is nowhere left to complain.
      this.dropped += this.#lines.length
      this.#lines = []
    }
  }

  #next(): string {
    let count = 0
    for (let length = 0; count < this.#lines.length && length < MOST_AT_ONCE; count++) {
      length += this.#lines[count]?.length ?? 0
    }
    return this.#lines.splice(0, count).join('')
  }

  async #writeSome(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0 && !this.#isClosed;) {
      const written = await this.#write(rest)
      rest = rest.subarray(written)
      if (written === 0) await sleep(PAUSE, undefined, { ref: false })
    }
  }
}

/**
 * A pipe or a terminal is opened once more, and only what is opened so is made not to wait: whoever else writes to it may
 * not be ready to be refused. A write that waited would hold a thread for ever, and the end of the process with it.
 */
function writerOn(descriptor: number): Write {
  let own = -1
  try {
    own = openSync(
      `/proc/self/fd/${descriptor}`,
      constants.O_WRONLY | constants.O_APPEND | constants.O_NONBLOCK,
    )
  } catch {
    // A socket, as of systemd's journal, or somebody else's pipe.
    return writerOnStream(descriptor)
  }
  const writeTo = promisify(write)
  return async (bytes) => {
    try {
      return (await writeTo(own, bytes)).bytesWritten
    } catch (error) {
      if (codeOf(error) === 'EAGAIN' || codeOf(error) === 'EINTR') return 0
      throw error
    }
  }
}

/** By node's own stream, which never waits, and tells when it has been taken. */
function writerOnStream(descriptor: number): Write {
  let stream: Promise<Writable> | null = null
  return async (bytes) => {
    stream ??= streamOn(descriptor)
    const opened = await stream
    return new Promise((resolve, reject) => {
      opened.write(bytes, (error) => (error ? reject(error) : resolve(bytes.length)))
    })
  }
}

async function streamOn(fd: number): Promise<Writable> {
  const { Socket } = await import('node:net')
  const socket = new Socket({ fd, readable: false, writable: true })
  // Each write tells of its own failure.
  socket.on('error', () => {})
  return socket.unref()
}
