import type { CommandUnknownOpts, Help as Helper } from '@commander-js/extra-typings'
import { helpOf } from '../cli/help.ts'

/** A word of the command line, a field, a file …, and what it means. */
export interface Item {
  readonly term: string
  readonly meaning: string
}

/** A command that does something: `token create`, or `init`. */
export interface CommandDescription {
  /** Without the program's own name. */
  readonly name: string
  readonly summary: string
  readonly paragraphs: readonly string[]
  /** What follows the name: `[options] [client]`. */
  readonly usage: string
  readonly arguments: readonly Item[]
  readonly options: readonly Item[]
  readonly json: readonly Item[]
  readonly examples: readonly string[]
}

/** A noun with its verbs; or a command without a noun, as the only one of its name. */
export interface NounDescription {
  readonly name: string
  readonly summary: string
  readonly paragraphs: readonly string[]
  readonly commands: readonly CommandDescription[]
}

export interface ProgramDescription {
  readonly summary: string
  /** What every command takes. */
  readonly options: readonly Item[]
  readonly nouns: readonly NounDescription[]
}

/** What the tree of commands says of itself, for a page rather than for `--help`. What is hidden there is hidden here. */
export function describe(program: CommandUnknownOpts): ProgramDescription {
  const helper = program.createHelp()
  return {
    summary: program.description(),
    options: helper
      .visibleOptions(program)
      .filter(({ long }) => long !== '--version')
      .map((option) => optionItem(helper, option)),
    nouns: helper.visibleCommands(program).map((command) => describeNoun(helper, command)),
  }
}

function describeNoun(helper: Helper, command: CommandUnknownOpts): NounDescription {
  const name = command.name()
  const verbs = helper.visibleCommands(command)
  const commands = verbs.map((verb) => describeCommand(helper, verb, `${name} ${verb.name()}`))
  return {
    name,
    summary: command.summary(),
    paragraphs: paragraphsOf(command),
    commands: verbs.length > 0 ? commands : [{ ...describeCommand(helper, command, name), paragraphs: [] }],
  }
}

function describeCommand(helper: Helper, command: CommandUnknownOpts, name: string): CommandDescription {
  const { json, examples } = helpOf(command)
  const options = helper.visibleOptions(command).filter(({ long }) => long !== '--help')
  const usage = command.usage()
  return {
    name,
    summary: command.summary(),
    paragraphs: paragraphsOf(command),
    usage: options.length === 0 ? usage.replace(/^\[options\] ?/, '') : usage,
    arguments: helper.visibleArguments(command).map((argument) => ({
      term: helper.argumentTerm(argument),
      meaning: helper.argumentDescription(argument),
    })),
    options: options.map((option) => optionItem(helper, option)),
    json: Object.entries(json).map(([term, meaning]) => ({ term, meaning })),
    examples,
  }
}

const optionItem = (helper: Helper, option: Parameters<Helper['optionTerm']>[0]): Item => ({
  term: helper.optionTerm(option),
  meaning: helper.optionDescription(option),
})

const paragraphsOf = (command: CommandUnknownOpts): string[] => command.description().split('\n')
