import { CommanderError } from '@commander-js/extra-typings'
import { isProblem, Problem, type ProblemKind } from '../core/problem.ts'
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
  if (error instanceof CommanderError) return usageProblem(error)
  const message = (error as Error | undefined)?.message ?? String(error)
  return { kind: 'unexpected', message: `unexpected failure: ${message}`, hint: '--debug shows where' }
}

/** commander's "error: unknown option '--foo'\n(Did you mean --force?)" in our own form. */
function usageProblem({ message }: CommanderError): Problem {
  const [cause = '', suggestion] = message.replace(/^error: /, '').split('\n')
  const hint =
    suggestion === undefined ? '--help shows what there is' : suggestion.replace(/^\(D(.*)\)$/, 'd$1')
  return new Problem('usage', cause.charAt(0).toLowerCase() + cause.slice(1).replace(/\.$/, ''), hint)
}

function stackOf(error: unknown): string {
  const stack = (error as Error | undefined)?.stack ?? ''
  return stack.split('\n').map(escaped).join('\n')
}
