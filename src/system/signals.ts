import { setImmediate } from 'node:timers/promises'

const HELD = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Signals that would end the process: they wait while something is under way that must not be left half done. */
export class HeldSignals {
  #holds = 0
  #first: NodeJS.Signals | null = null
  readonly #remember = (signal: NodeJS.Signals): void => {
    this.#first ??= signal
  }

  /** Whether one is waiting. */
  get arrived(): boolean {
    return this.#first !== null
  }

  /** The same, after the event loop has had its turn: without one, no signal is ever heard of. */
  async haveArrived(): Promise<boolean> {
    await setImmediate()
    return this.arrived
  }

  /** Tells of one as it comes, which then takes no effect of itself. @returns stops that */
  listen(told: () => void): () => void {
    const hear = (signal: NodeJS.Signals): void => {
      this.#remember(signal)
      told()
    }
    for (const signal of HELD) process.on(signal, hear)
    return () => {
      for (const signal of HELD) process.off(signal, hear)
    }
  }

  /** Lets them through again, whoever holds them; one that has come before is not forgotten. */
  letGo(): void {
    this.#holds = 0
    for (const signal of HELD) process.off(signal, this.#remember)
  }

  /** @returns lets them through again; one that has waited then takes effect */
  hold(): () => void {
    if (this.#holds++ === 0) for (const signal of HELD) process.on(signal, this.#remember)
    return () => {
      if (this.#holds === 0 || --this.#holds > 0) return
      for (const signal of HELD) process.off(signal, this.#remember)
      if (this.#first !== null) process.kill(process.pid, this.#first)
    }
  }
}
