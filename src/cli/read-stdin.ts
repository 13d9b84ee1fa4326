import { Problem, reasonOf } from '../core/problem.ts'
import type { App } from './app.ts'

/** A line of standard input, without the newline behind it. @param limit in bytes; what lies beyond is not read */
export async function readStdin({ system }: App, limit: number): Promise<string> {
  try {
    return (await system.stdin.read(limit)).replace(/\r?\n$/, '')
  } catch (error) {
    throw new Problem('usage', `cannot read standard input: ${reasonOf(error)}`)
  }
}
