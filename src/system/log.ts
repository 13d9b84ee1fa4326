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

/** Where lines go. */
interface Sink {
  /** Takes some of it. @returns how many bytes; 0: none just now */
  take(bytes: Uint8Array): Promise<number>
  /** Nothing of what it has not taken is waited for any more. */
  giveUp(): void
}

export function logOn(descriptor: number): Log {
  return new QueuedLog(sinkOn(descriptor))
}

class QueuedLog implements Log {
  readonly #sink: Sink
  #lines: string[] = []
  #writing: Promise<void> | null = null
  #isClosed = false
  dropped = 0

  constructor(sink: Sink) {
    this.#sink = sink
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
    const done = new AbortController()
    // The timer is what keeps the process: without one it would be over before the rest of it is done.
    await Promise.race([this.#writing, sleep(LAST_WAIT, undefined, { signal: done.signal })])
    done.abort()
    this.#isClosed = true
    if (this.#writing !== null) this.#sink.giveUp()
  }

  async #writeAll(): Promise<void> {
    while (this.#lines.length > 0) {
      const lines = this.#next()
      try {
        await this.#write(Buffer.from(lines.join('')))
      } catch {
        // It is closed or full: there is nowhere left to complain.
        this.dropped += lines.length
      }
    }
  }

  #next(): string[] {
    let count = 0
    for (let length = 0; count < this.#lines.length && length < MOST_AT_ONCE; count++) {
      length += this.#lines[count]?.length ?? 0
    }
    return this.#lines.splice(0, count)
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0 && !this.#isClosed;) {
      const taken = await this.#sink.take(rest)
      rest = rest.subarray(taken)
      if (taken === 0) await sleep(PAUSE, undefined, { ref: false })
    }
  }
}

/**
 * A pipe or a terminal is opened once more, and only what is opened so is made not to wait: whoever else writes to it may
 * not be ready to be refused. A write that waited would hold a thread for ever, and the end of the process with it.
 */
function sinkOn(descriptor: number): Sink {
  try {
    const path = `/proc/self/fd/${descriptor}`
    return fileSink(openSync(path, constants.O_WRONLY | constants.O_APPEND | constants.O_NONBLOCK))
  } catch {
    // A socket, as of systemd's journal, or somebody else's pipe.
    return streamSink(descriptor)
  }
}

function fileSink(descriptor: number): Sink {
  const writeTo = promisify(write)
  return {
    async take(bytes) {
      try {
        return (await writeTo(descriptor, bytes)).bytesWritten
      } catch (error) {
        if (codeOf(error) === 'EAGAIN' || codeOf(error) === 'EINTR') return 0
        throw error
      }
    },
    giveUp: () => {},
  }
}

/** By node's own stream, which never waits, and tells when something has been taken. */
function streamSink(descriptor: number): Sink {
  let stream: Writable | null = null
  return {
    async take(bytes) {
      const opened = (stream ??= await streamOn(descriptor))
      return new Promise((resolve, reject) => {
        opened.write(bytes, (error) => (error ? reject(error) : resolve(bytes.length)))
      })
    },
    giveUp: () => stream?.destroy(),
  }
}

async function streamOn(fd: number): Promise<Writable> {
  const { Socket } = await import('node:net')
  const socket = new Socket({ fd, readable: false, writable: true })
  // Each write tells of its own failure.
  socket.on('error', () => {})
  return socket.unref()
}
