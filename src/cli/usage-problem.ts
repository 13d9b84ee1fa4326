import type { CommanderError, CommandUnknownOpts } from '@commander-js/extra-typings'
import { either } from '../core/either.ts'
import { Problem } from '../core/problem.ts'
import { similar } from '../core/similar.ts'

/** What others call our verbs. */
const ELSEWHERE = new Map([
  ['add', 'create'],
  ['drop', 'delete'],
  ['edit', 'update'],
  ['generate', 'create'],
  ['get', 'show'],
  ['issue', 'create'],
  ['ls', 'list'],
  ['new', 'create'],
  ['remove', 'delete'],
  ['renew', 'regenerate'],
  ['reset', 'regenerate'],
  ['rm', 'delete'],
  ['roll', 'regenerate'],
  ['rotate', 'regenerate'],
  ['set', 'update'],
  ['unset', 'delete'],
])

const PARTS = /^(?:error: )?([^]*?)(?:\n\(Did you mean (?:one of )?(.*)\?\))?$/

/** commander's "error: unknown option '--foo'\n(Did you mean --force?)" in our own form, and with a better guess. */
export async function usageProblem(
  { code, message }: CommanderError,
  program: CommandUnknownOpts,
): Promise<Problem> {
  const [, cause = '', suggested] = PARTS.exec(message) ?? []
  const command = understood(program)
  const guess =
    code === 'commander.unknownCommand'
      ? await commandsMeant(program, command, suggested)
      : (suggested?.split(', ') ?? (await optionsMeant(command, cause)))
  return new Problem(
    'usage',
    cause.charAt(0).toLowerCase() + cause.slice(1).replace(/\.$/, ''),
    guess.length > 0 ? `did you mean ${either(guess)}?` : `${pathOf(command)} --help shows what there is`,
  )
}

/** How far a command line made sense: the command at which commander stopped. */
function understood(command: CommandUnknownOpts): CommandUnknownOpts {
  const next = command.commands.find((each) => each.name() === command.args[0])
  return next === undefined ? command : understood(next)
}

const pathOf = (command: CommandUnknownOpts): string =>
  command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`

/** @param suggested by commander, which knows the words of one level alone */
async function commandsMeant(
  program: CommandUnknownOpts,
  command: CommandUnknownOpts,
  suggested: string | undefined,
): Promise<string[]> {
  const [word = '', next = ''] = command.args
  const nouns = namesIn(program)
  const verbs = [...new Set(program.commands.flatMap(namesIn))]
  const those = (of: readonly string[], all: readonly string[]): string[] => pairs(program, of, all)
  const elsewhere = ELSEWHERE.get(word)
  if (command !== program) {
    if (elsewhere !== undefined && namesIn(command).includes(elsewhere)) return [elsewhere]
    return suggested?.split(', ') ?? those(nouns, [word])
  }
  const ways = [
    async () => those(await oneOf(next, nouns), await oneOf(word, verbs)), // the wrong way round: `list tokens`
    async () => those(nouns, [elsewhere ?? word]), // a verb of nothing: `list`
    async () => those(await similar(word, nouns), await oneOf(next, verbs)),
    async () => similar(word, nouns),
    async () => those(nouns, (await similar(word, verbs)).slice(0, 1)),
  ]
  for (const way of ways) {
    const meant = await way()
    if (meant.length > 0) return meant
  }
  return []
}

/** Those of the nouns' commands whose verbs are among these. */
function pairs(program: CommandUnknownOpts, nouns: readonly string[], verbs: readonly string[]): string[] {
  const groups = program.commands.filter((each) => nouns.includes(each.name()))
  return groups.flatMap((noun) =>
    namesIn(noun).flatMap((verb) => (verbs.includes(verb) ? [`${noun.name()} ${verb}`] : [])),
  )
}

const namesIn = (command: CommandUnknownOpts): string[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .map((each) => each.name())

const oneOf = async (word: string, names: readonly string[]): Promise<string[]> =>
  names.includes(word) ? [word] : similar(word, names)

/** Also of an option that only begins so: `--expires` of `--expires-within`. */
async function optionsMeant(command: CommandUnknownOpts, cause: string): Promise<string[]> {
  const [, word] = /'--([^'=]+)/.exec(cause) ?? []
  if (word === undefined) return []
  const options = optionsOf(command)
  const meant = await similar(word, options.flatMap(beginningsOf))
  return options
    .filter((option) => beginningsOf(option).some((each) => meant.includes(each)))
    .map((option) => `--${option}`)
}

/** What a command takes, and all commands above it, without the hyphens before it. */
const optionsOf = (command: CommandUnknownOpts): string[] => [
  ...command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long }) => long?.slice(2) ?? []),
  ...(command.parent === null ? [] : optionsOf(command.parent)),
]

/** `a`, `a-b` and `a-b-c` of `a-b-c`. */
const beginningsOf = (option: string): string[] =>
  option.split('-').map((_, i, words) => words.slice(0, i + 1).join('-'))
