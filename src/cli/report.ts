import { isProblem, type ProblemKind } from '../core/problem.ts'
import type { System } from '../system.ts'
import type { GlobalOptions } from './app.ts'
import { escaped, safeJson } from './escape.ts'
import { EXIT_CODES, UNEXPECTED } from './exit-codes.ts'
import { printRemark } from './output.ts'

/** Says what went wrong, one line of cause and one of hint, and gives the exit code. */
export async function report(
  error: unknown,
  system: System,
  { json, debug }: Pick<GlobalOptions, 'json' | 'debug'>,
): Promise<number> {
  const { kind, message, hint } = described(error)
  if (json) {
    await printRemark(system, safeJson({ error: { kind, message, hint: hint ?? null } }, 0))
  } else {
    await printRemark(system, `tokenctl: ${escaped(message)}`)
    if (hint !== undefined) await printRemark(system, `hint: ${escaped(hint)}`)
  }
  if (debug) await printRemark(system, stackOf(error))
  return kind === 'unexpected' ? UNEXPECTED : EXIT_CODES[kind]
}

interface Description {
  readonly kind: ProblemKind | 'unexpected'
  readonly message: string
  readonly hint: string | undefined
}

function described(error: unknown): Description {
  if (isProblem(error)) return error
  const message = (error as Error | undefined)?.message ?? String(error)
  return { kind: 'unexpected', message: `unexpected failure: ${message}`, hint: '--debug shows where' }
}

/** The message in it may come from outside, and stays on its line. */
function stackOf(error: unknown): string {
  const { stack = '', message = '' } = (error ?? {}) as Partial<Error>
  const lines = stack.replace(message, () => escaped(message)).split('\n')
  return lines.map(escaped).join('\n')
}
