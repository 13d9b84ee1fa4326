import { CommanderError } from '@commander-js/extra-typings'
import type { Stores } from '../core/founding.ts'
import type { System } from '../system.ts'
import { App } from './app.ts'
import { EXIT_CODES } from './exit-codes.ts'
import { printAnswer, printRemark } from './output.ts'
import type { HelpOutput, Program } from './program.ts'
import { report } from './report.ts'

/** Runs one command line: the only place where an error becomes words and a code. The store is closed whatever happens. */
export async function run(
  argv: readonly string[],
  system: System,
  stores: () => Promise<Stores>,
  programOf: (app: App, help: HelpOutput) => Program,
): Promise<number> {
  const app = new App(system, stores)
  const help = { asked: '', unasked: '' }
  const program = programOf(app, help)
  try {
    await program.parseAsync(argv, { from: 'user' })
    return app.exitCode
  } catch (error) {
    if (!isHelp(error)) return await report(error, system, program.opts())
    if (help.asked !== '') await printAnswer(system, help.asked)
    if (help.unasked !== '') await printRemark(system, help.unasked.trimEnd())
    return help.asked === '' ? EXIT_CODES.usage : 0
  } finally {
    await app.close()
  }
}

/** What commander throws when it has shown its help or version, asked for or for want of a verb. */
function isHelp(error: unknown): boolean {
  return error instanceof CommanderError && /^commander\.(help|version)/.test(error.code)
}
