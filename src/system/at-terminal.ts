import { interrupted } from '../core/problem.ts'
import type { HeldSignals } from './signals.ts'

/** Asks somebody. @param question ends with its signal. @throws Problem `interrupted` on Ctrl-C and Ctrl-D, and when the process is told to end */
export type AtTerminal = <T>(question: (signal: AbortSignal) => Promise<T>) => Promise<T>

export const atTerminal =
  (signals: HeldSignals): AtTerminal =>
  async (question) => {
    const abort = new AbortController()
    const leave = (): void => abort.abort()
    // Left to themselves signals would end the process with the terminal still raw.
    const ignore = signals.listen(leave)
    // Ctrl-D closes readline, which then reads no more: an answer would be waited for for ever.
    process.stdin.on('pause', leave)
    try {
      return await question(abort.signal)
    } catch (error) {
      if (/^(Exit|Abort)(Prompt)?Error$/.test((error as Error).name)) throw interrupted()
      throw error
    } finally {
      process.stdin.off('pause', leave)
      ignore()
    }
  }
