import { Option } from '@commander-js/extra-typings'
import { Absent } from '../core/problem.ts'
import type { Result } from './output.ts'

export const ifExists = new Option('--if-exists', 'do not fail for what is gone already')

/** Under `--if-exists`, to be absent is a remark. @param gone what JSON then says */
export async function unlessGone(
  isWanted: true | undefined,
  gone: unknown,
  deed: () => Promise<Result>,
): Promise<Result> {
  try {
    return await deed()
  } catch (error) {
    if (!isWanted || !(error instanceof Absent)) throw error
    return { data: gone, notes: [`${error.message}: nothing to delete`] }
  }
}
