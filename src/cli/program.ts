import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings'
import type { App, GlobalOptions } from './app.ts'
import { version } from '../version.ts'

export type Program = ReturnType<typeof rootCommand>

const BEGINNING = `
Begin with:
  $ tokenctl client create BI --role user

tokenctl alone, at a terminal, shows the clients and what can be done with them.
tokenctl <command> --help says more.`

/** Where the text of help is gathered: what was asked for is an answer, the rest goes with a usage error. */
export interface HelpOutput {
  asked: string
  unasked: string
}

/** `command('create')` on one of these makes a verb. */
export type Group = Command

/** The root: the options that every command takes, and commander set so that it neither prints nor exits. */
export function rootCommand(app: App, help: HelpOutput) {
  const program = new Command('tokenctl')
    .description('Administers the access tokens of machine-to-machine clients.')
    .version(version, '-V, --version')
    .option('--store <place>', 'a file or postgres://… (TOKENCTL_STORE; default: in your data folder)')
    .option('--token-file <path>', 'act by the token in this file (TOKENCTL_TOKEN)')
    .option('--json', 'answer in JSON, errors too')
    .option('-y, --yes', 'do not ask before what cannot be undone')
    .option('--force', 'as --yes, and even if Jobs, a former secret or all tokens would stop working')
    .option('--no-input', 'never ask, even on a terminal')
    .option('--no-color', 'no colours (NO_COLOR)')
    .option('--debug', 'show where a failure comes from')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => (help.asked += text),
      writeErr: (text) => (help.unasked += text),
      outputError: () => {}, // thrown as well
      getOutHelpWidth: () => app.system.stdout.columns,
      getErrHelpWidth: () => app.system.stderr.columns,
      // Help has none; asking whether it may have some would change the pipe it goes to.
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .configureHelp({ showGlobalOptions: true, subcommandTerm: (command) => command.name() })
    .addHelpText('after', BEGINNING)
    .helpCommand(false)
    .helpOption('-h, --help', 'show this help')
    .showSuggestionAfterError(false)
  program.hook('preAction', (_, command) => app.take({ ...program.opts(), ...scopeOf(command) }))
  return program
}

/** What the command itself was told of where to look. */
function scopeOf(command: CommandUnknownOpts): Pick<GlobalOptions, 'scope'> {
  const { scope } = command.opts() as { scope?: unknown }
  return typeof scope === 'string' ? { scope } : {}
}

/** A noun. On its own it shows its verbs, and that is a usage error. */
export function groupOf(program: Program, noun: string, summary: string): Group {
  const group: Group = program
    .command(noun)
    .summary(summary)
    .description(capitalised(summary))
    .helpCommand(false)
  return group
}

const capitalised = (summary: string): string => `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`
