import { CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings'
import { either } from '../core/either.ts'
import { Problem } from '../core/problem.ts'
import { similar } from '../core/similar.ts'

/** What others call our verbs, and one noun what another one calls otherwise. */
const ELSEWHERE: ReadonlyMap<string, readonly string[]> = new Map([
  ['add', ['create']],
  ['change', ['update', 'set']],
  ['clear', ['unset']],
  ['delete', ['unset']],
  ['describe', ['show', 'get']],
  ['destroy', ['delete']],
  ['drop', ['delete', 'unset']],
  ['edit', ['update', 'set']],
  ['find', ['list']],
  ['generate', ['create']],
  ['get', ['show']],
  ['info', ['show']],
  ['inspect', ['show', 'get']],
  ['issue', ['create']],
  ['ls', ['list']],
  ['new', ['create']],
  ['remove', ['delete', 'unset']],
  ['renew', ['regenerate']],
  ['reset', ['regenerate', 'unset']],
  ['rm', ['delete', 'unset']],
  ['roll', ['regenerate']],
  ['rotate', ['regenerate']],
  ['search', ['list']],
  ['set', ['update']],
  ['show', ['get']],
  ['unset', ['delete']],
  ['update', ['set']],
  ['view', ['show', 'get']],
])

/** What others call our nouns. */
const NOUNS_ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['account', 'operator'],
  ['admin', 'operator'],
  ['person', 'operator'],
  ['user', 'operator'],
  ['users', 'operator'],
  ['organisation', 'org'],
  ['organization', 'org'],
  ['tenant', 'org'],
  ['team', 'group'],
  ['permission', 'role'],
  ['permissions', 'role'],
  ['config', 'settings'],
  ['configuration', 'settings'],
  ['options', 'settings'],
  ['policy', 'settings'],
  ['preferences', 'settings'],
])

/** commander's "error: unknown option '--foo'" in our own form, and with a guess. */
export async function usageProblem(error: CommanderError, program: CommandUnknownOpts): Promise<Problem> {
  const command = understood(program)
  const cause = causeOf(error)
  const guess = await meant(error.code, cause, program, command)
  return new Problem(
    'usage',
    cause,
    guess.length > 0 ? `did you mean ${either(guess)}?` : `${pathOf(command)} --help shows what there is`,
  )
}

/** For `frobnicate --help` commander has the help of all, as if nothing were wrong. */
export function unknownCommand(program: CommandUnknownOpts): CommanderError | null {
  const { commands, args } = understood(program)
  const [word = '-'] = args
  if (commands.length === 0 || word.startsWith('-')) return null
  return new CommanderError(1, UNKNOWN_COMMAND, `unknown command '${word}'`)
}

const UNKNOWN_COMMAND = 'commander.unknownCommand'

function causeOf({ code, message }: CommanderError): string {
  const cause = message.replace(/^error: /, '').replace(/\.$/, '')
  if (code === 'commander.optionMissingArgument') {
    return cause.replace(/^.*?(--[\w-]+).*$/, '$1 needs a value')
  }
  return cause.charAt(0).toLowerCase() + cause.slice(1)
}

async function meant(
  code: string,
  cause: string,
  program: CommandUnknownOpts,
  command: CommandUnknownOpts,
): Promise<string[]> {
  const [word = '', next = ''] = command.args
  if (code === 'commander.unknownOption') return optionsMeant(command, cause)
  if (code !== UNKNOWN_COMMAND) return []
  return command === program ? commandsMeant(program, word, next) : verbsMeant(program, command, word)
}

/** How far a command line made sense: the command at which commander stopped. */
function understood(command: CommandUnknownOpts): CommandUnknownOpts {
  const next = command.commands.find((each) => each.name() === command.args[0])
  return next === undefined ? command : understood(next)
}

const pathOf = (command: CommandUnknownOpts): string =>
  command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`

/** By a word where a noun belongs, and the word behind it. */
async function commandsMeant(program: CommandUnknownOpts, word: string, next: string): Promise<string[]> {
  const nouns = namesIn(program)
  const verbs = [...new Set(program.commands.flatMap(namesIn))]
  const called = verbs.includes(word) ? [word] : (ELSEWHERE.get(word) ?? [word])
  const noun = NOUNS_ELSEWHERE.get(word)
  const known = noun === undefined ? [] : [noun]
  const ways = [
    async () => pairs(program, await oneOf(next, nouns), await calledSo(word, verbs)), // the wrong way round: `list tokens`
    async () => pairs(program, nouns, called), // a verb of nothing: `list`
    async () => pairs(program, known, await calledSo(next, verbs)), // what others call both: `config show`
    async () => known,
    async () => pairs(program, await similar(word, nouns), await calledSo(next, verbs)),
    async () => similar(word, nouns),
    async () => pairs(program, nouns, (await similar(word, verbs)).slice(0, 1)),
  ]
  for (const way of ways) {
    const found = await way()
    if (found.length > 0) return found
  }
  return []
}

/** By a word where a verb of this noun belongs. One of another noun is meant only if it is that to the letter. */
async function verbsMeant(
  program: CommandUnknownOpts,
  noun: CommandUnknownOpts,
  word: string,
): Promise<string[]> {
  const verbs = namesIn(noun)
  const elsewhere = (ELSEWHERE.get(word) ?? []).filter((verb) => verbs.includes(verb))
  const own = elsewhere.length > 0 ? elsewhere : await similarlyBegun(word, verbs)
  return own.length > 0 ? pairs(program, [noun.name()], own) : pairs(program, namesIn(program), [word])
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

/** As `oneOf`, also by what it is called elsewhere: `info` is a verb of ours, and what others call `show`. */
async function calledSo(word: string, verbs: readonly string[]): Promise<string[]> {
  const elsewhere = ELSEWHERE.get(word)
  return elsewhere === undefined ? oneOf(word, verbs) : [word, ...elsewhere]
}

async function optionsMeant(command: CommandUnknownOpts, cause: string): Promise<string[]> {
  const [, word] = /'--([^'=]+)/.exec(cause) ?? []
  if (word === undefined) return []
  const options = await similarlyBegun(word, optionsOf(command))
  return options.map((option) => `--${option}`)
}

/** Similar, or else only beginning so: `--expires` of `--expires-within`, `set` of `set-connection`. */
async function similarlyBegun(word: string, names: readonly string[]): Promise<string[]> {
  const whole = await similar(word, names)
  if (whole.length > 0) return whole
  const found = await similar(word, names.flatMap(beginningsOf))
  return names.filter((name) => beginningsOf(name).some((each) => found.includes(each)))
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
const beginningsOf = (name: string): string[] =>
  name.split('-').map((_, i, words) => words.slice(0, i + 1).join('-'))
