import { interrupted } from '../core/problem.ts'

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** @param question ends with its signal. @throws Problem `interrupted` on Ctrl-C, and when the process is told to end */
export async function atTerminal<T>(question: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController()
  const stop = (): void => abort.abort()
  // Left to themselves they would end the process with the terminal still raw. Not once(): whoever else listens counts.
  for (const signal of ENDING) process.on(signal, stop)
  try {
    return await question(abort.signal)
  } catch (error) {
    if (/^(Exit|Abort)(Prompt)?Error$/.test((error as Error).name)) throw interrupted()
    throw error
  } finally {
    for (const signal of ENDING) process.off(signal, stop)
  }
}
