import { CommanderError } from '@commander-js/extra-typings'
import type { Stores } from '../core/founding.ts'
import { Problem } from '../core/problem.ts'
import { holdsSecret } from '../core/token-format.ts'
import type { System } from '../system.ts'
import { App } from './app.ts'
import { EXIT_CODES } from './exit-codes.ts'
import { printAnswer, printRemark } from './output.ts'
import type { HelpOutput, Program } from './program.ts'
import { report } from './report.ts'
import { usageProblem } from './usage-problem.ts'

/** Runs one command line: where an error becomes words and a code (of several names, each in `each.ts`). The store is closed whatever happens. */
export async function run(
  argv: readonly string[],
  system: System,
  stores: () => Promise<Stores>,
  programOf: (app: App, help: HelpOutput) => Program,
): Promise<number> {
  const app = new App(system, stores)
  const help = { asked: '', unasked: '' }
  const program = programOf(app, help)
  program.hook('preAction', () => refuseSecrets(argv))
  try {
    await program.parseAsync(argv, { from: 'user' })
    return app.exitCode
  } catch (error) {
    if (isHelp(error)) return await showHelp(system, help)
    const cause = error instanceof CommanderError ? await usageProblem(error, program) : error
    return await report(cause, system, program.opts())
  } finally {
    await app.close()
  }
}

/** An argument stands in the process list and in the shell's history: no place for a secret, which is not repeated either. */
function refuseSecrets(argv: readonly string[]): void {
  if (!argv.some(holdsSecret)) return
  throw new Problem(
    'usage',
    'a secret was given as an argument, where others can see it',
    'regenerate it if others could; token verify and token identify read one from standard input, and an ID is its first part alone',
  )
}

async function showHelp(system: System, { asked, unasked }: HelpOutput): Promise<number> {
  try {
    if (asked !== '') await printAnswer(system, asked)
    if (unasked !== '') await printRemark(system, unasked.trimEnd())
    return asked === '' ? EXIT_CODES.usage : 0
  } catch (error) {
    return report(error, system, {})
  }
}

/** What commander throws when it has shown its help or version, asked for or for want of a verb. */
function isHelp(error: unknown): boolean {
  return error instanceof CommanderError && /^commander\.(help|version)/.test(error.code)
}
