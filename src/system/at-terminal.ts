import { interrupted } from '../core/problem.ts'
import { hearKeys } from './keypress.ts'
import type { HeldSignals } from './signals.ts'

/**
 * Asks somebody; and asks again when the process goes on after it was stopped (Ctrl-Z, then `fg`): what stood there may
 * be anywhere by then, and the terminal in any mode.
 * @param question ends with its signal
 * @throws Problem `interrupted` on Ctrl-C and Ctrl-D, and when the process is told to end
 */
export type AtTerminal = <T>(question: (signal: AbortSignal) => Promise<T>) => Promise<T>

export const atTerminal =
  (signals: HeldSignals): AtTerminal =>
  async (question) => {
    for (;;) {
      const outcome = await askOnce(signals, question)
      if (outcome !== STOPPED) return outcome
    }
  }

const STOPPED = Symbol('stopped')

async function askOnce<T>(
  signals: HeldSignals,
  question: (signal: AbortSignal) => Promise<T>,
): Promise<T | typeof STOPPED> {
  const abort = new AbortController()
  const leave = (): void => abort.abort()
  // After readline, which hears of it too, and then has its own way with the terminal.
  const onContinue = (): void => {
    setImmediate(() => abort.abort(STOPPED))
  }
  // Left to themselves signals would end the process with the terminal still raw.
  const ignore = signals.listen(leave)
  process.on('SIGCONT', onContinue)
  // Ctrl-D closes a readline with nothing in it, which then reads no more: an answer would be waited for for ever.
  const stopHearing = hearKeys(process.stdin, ({ name, ctrl = false }) => {
    if (ctrl && name === 'd') setImmediate(() => process.stdin.isPaused() && leave())
  })
  try {
    if (await signals.haveArrived()) throw interrupted()
    const answer = await question(abort.signal)
    // One that comes with the answer is heard of a little later.
    if (await signals.haveArrived()) throw interrupted()
    return answer
  } catch (error) {
    if (abort.signal.reason === STOPPED && !(await signals.haveArrived())) return STOPPED
    if (/^(Exit|Abort)(Prompt)?Error$/.test((error as Error).name)) throw interrupted()
    throw error
  } finally {
    stopHearing()
    process.off('SIGCONT', onContinue)
    ignore()
  }
}
