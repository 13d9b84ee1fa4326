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
import { unknownCommand, usageProblem } from './usage-problem.ts'

/** What commands there are, and what is shown at a terminal where none is named. */
export interface Commands {
  readonly programOf: (app: App, help: HelpOutput) => Program
  readonly screen: (app: App, commandLine: CommandLine) => Promise<number>
}

/** How the screen gets anything done. */
export interface CommandLine {
  /** What was given without a command, and goes with each. */
  readonly options: readonly string[]
  /** As if it had been typed: what goes wrong is said. @returns the exit code */
  readonly run: (words: readonly string[]) => Promise<number>
}

/** Runs one command line. The store is closed whatever happens. */
export async function run(
  argv: readonly string[],
  system: System,
  stores: () => Promise<Stores>,
  commands: Commands,
): Promise<number> {
  const app = new App(system, stores)
  const again = (words: readonly string[]): Promise<number> => run(words, system, stores, commands)
  try {
    return await runLine(app, argv, commands, again)
  } finally {
    await app.close()
  }
}

/** Where an error becomes words and a code (of several names, each in `each.ts`). */
async function runLine(
  app: App,
  argv: readonly string[],
  commands: Commands,
  again: CommandLine['run'],
): Promise<number> {
  const help = { asked: '', unasked: '' }
  const program = commands.programOf(app, help)
  program.hook('preAction', () => refuseSecrets(argv))
  try {
    await program.parseAsync(asOptions(argv), { from: 'user' })
    return app.exitCode
  } catch (thrown) {
    const error = isHelp(thrown) ? (unknownCommand(program) ?? thrown) : thrown
    if (!isHelp(error)) {
      const cause = error instanceof CommanderError ? await usageProblem(error, program) : error
      return await report(cause, app.system, program.opts())
    }
    app.take(program.opts())
    const isAlone = program.args.length === 0 && help.asked === ''
    return isAlone && canShowScreen(app) ? showScreen(app, argv, commands, again) : showHelp(app.system, help)
  }
}

/** `help client` is `client --help`, and `version` is `--version`. Behind an option `--help` could be its value, and the command be run. */
function asOptions(argv: readonly string[]): readonly string[] {
  const [word, ...others] = argv
  const firstOption = others.findIndex((each) => each.startsWith('-'))
  if (word === 'help') return [...others.slice(0, firstOption < 0 ? others.length : firstOption), '--help']
  return word === 'version' ? ['--version', ...others] : argv
}

/** Somebody at a terminal on which a cursor moves, and who is to be asked. */
function canShowScreen({ system: { stdin, stdout, stderr, environment }, options }: App): boolean {
  const isTerminal = stdin.isTerminal && stdout.isTerminal && stderr.isTerminal
  return isTerminal && environment.TERM !== 'dumb' && options.input && options.json !== true
}

async function showScreen(
  app: App,
  argv: readonly string[],
  commands: Commands,
  again: CommandLine['run'],
): Promise<number> {
  const options = argv.filter((word) => word !== '--')
  try {
    refuseSecrets(argv)
    return await commands.screen(app, { options, run: (words) => again([...options, ...words]) })
  } catch (error) {
    return report(error, app.system, app.options)
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
