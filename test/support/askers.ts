import { setImmediate } from 'node:timers/promises'
import { until } from './process.ts'

/** They ask about each of several things again and again, all at once, and keep in mind when each answer was last asked for. */
export class Askers {
  /** By thing and answer, as of the one clock of this process. */
  readonly #asked = new Map<string, Map<string, number>>()
  readonly #asking: Promise<void>[]
  #isOver = false
  /** All that was asked. */
  questions = 0

  /** @param ask for `valid`, the reason why not, or `unavailable` */
  constructor(things: readonly string[], ask: (about: string) => Promise<string>) {
    this.#asking = things.map(async (about) => {
      const answers = new Map<string, number>()
      this.#asked.set(about, answers)
      while (!this.#isOver) {
        const asked = performance.now()
        answers.set(await ask(about), asked)
        this.questions++
        await setImmediate()
      }
    })
  }

  /** Waits until somebody who asked about it after that moment is told so. */
  async hear(answer: string, about: string, after = performance.now()): Promise<void> {
    await until(() => (this.#asked.get(about)?.get(answer) ?? -Infinity) > after)
  }

  /** Waits until somebody who asked about it after that moment is told anything. */
  async hearAny(about: string, after = performance.now()): Promise<void> {
    await until(() => this.answers(about, after).length > 0)
  }

  /** All that was said about it to those who asked after that moment. */
  answers(about: string, after: number): string[] {
    const answers = [...(this.#asked.get(about) ?? [])]
    return answers.filter(([, asked]) => asked > after).map(([answer]) => answer)
  }

  /** @throws what an asker did not expect */
  async end(): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#asking)
  }
}
