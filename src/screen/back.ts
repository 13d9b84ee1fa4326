import type { App } from '../cli/app.ts'
import { isProblem, Problem } from '../core/problem.ts'

/** One step back is Esc or Ctrl-C. @returns null for it. @throws Problem `interrupted` where the process was told to end */
export async function orBack<T>({ system }: App, ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask()
  } catch (error) {
    if (!isBack(error) || (await system.isInterrupted())) throw error
    return null
  }
}

/**
 * Questions one after the other, each knowing the answers before it. One step back is the question before.
 * @throws Problem `interrupted` for a step back from the first
 */
export async function inTurn(app: App, questions: readonly (() => Promise<string>)[]): Promise<string[]> {
  const answers: string[] = []
  for (;;) {
    const question = questions[answers.length]
    if (question === undefined) return answers
    const answer = await orBack(app, question)
    if (answer !== null) answers.push(answer)
    else if (answers.pop() === undefined) throw new Problem('interrupted', 'interrupted; nothing changed')
  }
}

const isBack = (error: unknown): boolean => isProblem(error) && error.kind === 'interrupted'
