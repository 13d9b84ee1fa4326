import type { App } from '../cli/app.ts'
import { interrupted, isProblem } from '../core/problem.ts'

/** One step back is Esc or Ctrl-C. @returns null for it. @throws Problem `interrupted` where the process was told to end */
export async function orBack<T>({ system }: App, ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask()
  } catch (error) {
    if (!isBack(error) || (await system.isInterrupted())) throw error
    return null
  }
}

/** @param earlier what was answered before one went back, to be changed or not */
export type Question = (earlier: string | undefined) => Promise<string>

/**
 * Questions one after the other. One step back is the question before.
 * @throws Problem `interrupted` for a step back from the first
 */
export async function inTurn(app: App, questions: readonly Question[]): Promise<string[]> {
  const answers: string[] = []
  for (let i = 0; ;) {
    const question = questions[i]
    if (question === undefined) return answers
    const earlier = answers[i]
    const answer = await orBack(app, () => question(earlier))
    if (answer !== null) answers[i++] = answer
    else if (i-- === 0) throw interrupted()
  }
}

const isBack = (error: unknown): boolean => isProblem(error) && error.kind === 'interrupted'
