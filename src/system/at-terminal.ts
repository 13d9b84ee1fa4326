import { interrupted } from '../core/problem.ts'
import type { HeldSignals } from './signals.ts'

/** Asks somebody. @param question ends with its signal. @throws Problem `interrupted` on Ctrl-C and Ctrl-D, and when the process is told to end */
export type AtTerminal = <T>(question: (signal: AbortSignal) => Promise<T>) => Promise<T>

export const atTerminal =
  (signals: HeldSignals): AtTerminal =>
  async (question) => {
    const abort = new AbortController()
    const leave = (): void => abort.abort()
    // Ctrl-D closes a readline with nothing in it, which then reads no more: an answer would be waited for for ever.
    const onKey = (
      _: unknown,
      key: { readonly ctrl?: boolean; readonly name?: string } | undefined,
    ): void => {
      if (key?.ctrl && key.name === 'd') setImmediate(() => process.stdin.isPaused() && leave())
    }
    // Left to themselves signals would end the process with the terminal still raw.
    const ignore = signals.listen(leave)
    process.stdin.on('keypress', onKey)
    try {
      if (await signals.haveArrived()) throw interrupted()
      const answer = await question(abort.signal)
      // One that comes with the answer is heard of a little later.
      if (await signals.haveArrived()) throw interrupted()
      return answer
    } catch (error) {
      if (/^(Exit|Abort)(Prompt)?Error$/.test((error as Error).name)) throw interrupted()
      throw error
    } finally {
      process.stdin.off('keypress', onKey)
      ignore()
    }
  }
