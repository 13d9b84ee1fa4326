import { isProblem } from './problem.ts'

/** A note that may be lost: a store that cannot be written, or is busy, stops nobody. */
export async function ifAvailable(note: () => Promise<void>): Promise<void> {
  try {
    await note()
  } catch (error) {
    if (!isProblem(error) || error.kind !== 'unavailable') throw error
  }
}
