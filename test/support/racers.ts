import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Ended } from './world.ts'

const RACER = join(import.meta.dirname, 'racer.js')

/** Processes that wait at a barrier: each has the program loaded, and starts when all the others do. */
export class Racers {
  readonly #racers: readonly Racer[]
  /** Null: what they were started with. */
  #environment: Readonly<Record<string, string>> | null = null

  constructor(count: number, environment: Readonly<Record<string, string>>) {
    this.#racers = Array.from({ length: count }, () => new Racer(environment))
  }

  /** What of their environment is different from now on: to begin anew at another store takes less than to start others. */
  moveTo(environment: Readonly<Record<string, string>>): void {
    this.#environment = environment
  }

  /** The first so many have loaded what they need, the database's driver among it. */
  async warm(line: readonly string[] = ['token', 'verify'], count = this.#racers.length): Promise<void> {
    await this.together(Array.from({ length: count }, () => line))
  }

  /** The first runs the first line, the second the second… */
  together(lines: readonly (readonly string[])[], stdin = ''): Promise<Ended[]> {
    return Promise.all(
      lines.map((line, i) => this.#at(i).run({ argv: line, stdin, environment: this.#environment })),
    )
  }

  end(): void {
    for (const racer of this.#racers) racer.end()
  }

  #at(i: number): Racer {
    const racer = this.#racers[i]
    if (racer === undefined) throw new Error(`there are only ${this.#racers.length} racers`)
    return racer
  }
}

/** As racer.js reads it. */
interface Run {
  readonly argv: readonly string[]
  readonly stdin: string
  readonly environment: Readonly<Record<string, string>> | null
}

class Racer {
  readonly #process: ChildProcess
  readonly #waiting: ((ended: Ended) => void)[] = []

  constructor(environment: Readonly<Record<string, string>>) {
    this.#process = spawn(process.execPath, [RACER], { env: environment, stdio: ['pipe', 'pipe', 'inherit'] })
    if (this.#process.stdout === null) throw new Error('a racer has no standard output')
    createInterface({ input: this.#process.stdout }).on('line', (line) =>
      this.#waiting.shift()?.(JSON.parse(line) as Ended),
    )
  }

  run(run: Run): Promise<Ended> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.#process.stdin?.write(`${JSON.stringify(run)}\n`)
    })
  }

  end(): void {
    this.#process.stdin?.end()
  }
}
