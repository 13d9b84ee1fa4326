import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Ended } from './world.ts'

const RACER = join(import.meta.dirname, 'racer.js')

/** Processes that wait at a barrier: each has the program loaded, and starts when all the others do. */
export class Racers {
  readonly #racers: readonly Racer[]

  constructor(count: number, environment: Readonly<Record<string, string>>) {
    this.#racers = Array.from({ length: count }, () => new Racer(environment))
  }

  /** All have loaded what they need, the database's driver among it. */
  async warm(line: readonly string[] = ['token', 'verify']): Promise<void> {
    await Promise.all(this.#racers.map((racer) => racer.run(line)))
  }

  /** The first runs the first line, the second the second… */
  together(lines: readonly (readonly string[])[], stdin = ''): Promise<Ended[]> {
    return Promise.all(lines.map((line, i) => this.#at(i).run(line, stdin)))
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

  run(argv: readonly string[], stdin = ''): Promise<Ended> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.#process.stdin?.write(`${JSON.stringify({ argv, stdin })}\n`)
    })
  }

  end(): void {
    this.#process.stdin?.end()
  }
}
