import { Option } from '@commander-js/extra-typings'
import { isProblem } from '../core/problem.ts'
import type { Result } from './output.ts'

export const ifExists = new Option('--if-exists', 'do not fail for what is gone already')

/** Under `--if-exists`, not to be found is a remark. @param gone what JSON then says */
export async function unlessGone(
  isWanted: true | undefined,
  gone: unknown,
  deed: () => Promise<Result>,
): Promise<Result> {
  try {
    return await deed()
  } catch (error) {
    if (!isWanted || !isProblem(error) || error.kind !== 'not-found') throw error
    return { data: gone, notes: [`${error.message}: nothing to delete`] }
  }
}
