import { fstatSync, fsyncSync, readSync, type Stats, statSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf } from '../core/problem.ts'

export interface Input {
  readonly isTerminal: boolean
  /** Everything up to the end, or the first `limit` bytes of it. */
  read(limit: number): Promise<string>
}

export interface Output {
  readonly isTerminal: boolean
  /** Of the terminal; 80 where it does not say. */
  readonly columns: number
  /** False for the null device, which is also what a closed descriptor has become by the time a program runs. */
  readonly leadsSomewhere: boolean
  /** What another program reads from as it is written. */
  readonly isPipe: boolean
  /** A regular file that group or others can read. */
  readonly isReadableByOthers: boolean
  /** Returns when all of it has left: written, and for a file, on the disk. @throws the system's error */
  write(text: string): Promise<void>
}

export function realInput(descriptor: number): Input {
  return {
    isTerminal: isTerminal(descriptor, fstatSync(descriptor)),
    async read(limit) {
      const buffer = Buffer.alloc(limit)
      let length = 0
      while (length < limit) {
        const count = await patiently(() => readSync(descriptor, buffer, length, limit - length, null))
        if (count === 0) break
        length += count
      }
      return buffer.toString('utf8', 0, length)
    },
  }
}

/** @param interrupted whether a held signal asks to stop waiting for a reader that does not read */
export function realOutput(descriptor: number, interrupted: () => boolean): Output {
  const status = fstatSync(descriptor)
  return {
    isTerminal: isTerminal(descriptor, status),
    // To look at node's own stream would make a pipe refuse to wait, for all who write to it.
    get columns() {
      if (!this.isTerminal) return 80
      const stream = descriptor === 2 ? process.stderr : process.stdout
      return stream.columns || 80
    },
    leadsSomewhere: !(status.isCharacterDevice() && status.rdev === nullDevice()),
    isPipe: status.isFIFO() || status.isSocket(),
    isReadableByOthers: status.isFile() && (status.mode & 0o044) !== 0,
    async write(text) {
      let rest: Uint8Array = Buffer.from(text)
      while (rest.length > 0) {
        const written = await patiently(() => writeSync(descriptor, rest), interrupted)
        rest = rest.subarray(written)
      }
      if (status.isFile()) fsyncSync(descriptor)
    },
  }
}

/** node:tty brings node:net with it, and is only asked about what can be a terminal at all. */
function isTerminal(descriptor: number, status: Stats): boolean {
  return status.isCharacterDevice() && process.getBuiltinModule('node:tty').isatty(descriptor)
}

function nullDevice(): number | undefined {
  return statSync('/dev/null', { throwIfNoEntry: false })?.rdev
}

/** A descriptor that somebody set to non-blocking says EAGAIN; another try a little later, without spinning. */
async function patiently(attempt: () => number, interrupted: () => boolean = () => false): Promise<number> {
  for (;;) {
    try {
      return attempt()
    } catch (error) {
      const code = codeOf(error)
      if (code === 'EOF') return 0
      if ((code !== 'EAGAIN' && code !== 'EINTR') || interrupted()) throw error
      await sleep(5)
    }
  }
}
