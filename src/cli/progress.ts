import type { Millis } from '../core/model.ts'
import type { System } from '../system.ts'

/** What is done sooner shows nothing. */
const PATIENCE: Millis = 500

/** Between two states of the line. */
const PAUSE: Millis = 100

/** To the end of the line. */
const ERASE = '\u001b[K'

/**
 * A line on standard error, rewritten in place, that says how far a long work is: where that is a terminal, and
 * standard output is none, and no pipe either, behind which another program would write to the same terminal.
 *
 * No timer drives it, and so none of the libraries for this do: rows are read and written without the event loop having
 * a turn. Whoever works counts, and asks each so many times whether it is time.
 */
export class Progress {
  readonly #system: System
  readonly #what: string
  readonly #every: number
  readonly #began: Millis
  readonly #isWanted: boolean
  #count = 0
  #due: Millis
  /** Whether it has been seen at all, and whether it is on the screen now. */
  #wasShown = false
  #isShown = false

  /**
   * @param what it counts, in the plural with an s
   * @param every how many of them the clock is looked at
   */
  constructor(system: System, what: string, every: number) {
    const { stdout, stderr, environment } = system
    this.#system = system
    this.#what = what
    this.#every = every
    this.#isWanted = stderr.isTerminal && !stdout.isTerminal && !stdout.isPipe && environment.TERM !== 'dumb'
    this.#began = system.now()
    this.#due = this.#began + PATIENCE
  }

  /** One more is done. @returns whether it is time to `show` */
  add(): boolean {
    this.#count++
    return this.#isWanted && this.#count % this.#every === 0 && this.#system.now() >= this.#due
  }

  async show(): Promise<void> {
    this.#wasShown = true
    this.#isShown = true
    this.#due = this.#system.now() + PAUSE
    await this.#write(`\r${this.#cut(`${this.#counted()}, ${this.#rate()}`)}${ERASE}`)
  }

  /** Makes room for whatever else is to be said there. */
  async clear(): Promise<void> {
    if (!this.#isShown) return
    this.#isShown = false
    await this.#write(`\r${ERASE}`)
  }

  /** All is done: of what was shown, the sum is left standing. */
  async end(): Promise<void> {
    if (!this.#wasShown) return
    await this.clear()
    const sum = `${this.#counted()} in ${lasting(this.#elapsed)} (${this.#rate()})`
    await this.#write(`${this.#cut(sum)}\n`)
  }

  /** The same system, in which nothing is said or asked on standard error before the line is cleared. */
  yielding(): System {
    const { stderr, prompts } = this.#system
    const clear = (): Promise<void> => this.clear()
    return Object.create(this.#system, {
      stderr: { value: after(clear, stderr) },
      prompts: { value: after(clear, prompts) },
    }) as System
  }

  get #elapsed(): Millis {
    return Math.max(1, this.#system.now() - this.#began)
  }

  #counted(): string {
    const what = this.#count === 1 ? this.#what.replace(/s$/, '') : this.#what
    return `${grouped(this.#count)} ${what}`
  }

  /** A second's worth, in two digits: more would be noise. */
  #rate(): string {
    return `${grouped(Number(((this.#count * 1000) / this.#elapsed).toPrecision(2)))}/s`
  }

  /** What the terminal would wrap could not be taken back. */
  #cut(text: string): string {
    return text.slice(0, this.#system.stderr.columns - 1)
  }

  /** Standard error may be closed or full: the work goes on. */
  async #write(text: string): Promise<void> {
    try {
      await this.#system.stderr.write(text)
    } catch {
      // see above
    }
  }
}

const grouped = (number: number): string => number.toLocaleString('en')

function lasting(time: Millis): string {
  const seconds = time / 1000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  return `${grouped(Math.floor(seconds / 60))} min ${Math.floor(seconds % 60)} s`
}

/** An object whose functions do something else first. */
function after<T extends object>(first: () => Promise<void>, target: T): T {
  return new Proxy(target, {
    get(_, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return async (...values: unknown[]): Promise<unknown> => {
        await first()
        return Reflect.apply(value, target, values)
      }
    },
  })
}
