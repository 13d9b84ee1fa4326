import { isProblem } from '../core/problem.ts'

/** A rule that throws, as a prompt wants it: what is wrong with an answer, or null. */
export function refusal(check: (answer: string) => unknown): (answer: string) => string | null {
  return (answer) => {
    try {
      check(answer)
      return null
    } catch (error) {
      if (!isProblem(error)) throw error
      return error.hint ?? error.message
    }
  }
}
