import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings'
import { isSettingName, SETTING_NAMES, SETTINGS } from '../core/settings.ts'
import { choicesOf } from './choices.ts'
import type { TypedWord } from './typed-line.ts'

/** What a line says up to the word at the cursor, by the tree of commands. */
export interface Spot {
  /** The innermost command that was named. */
  readonly command: CommandUnknownOpts
  /** What it was given for its arguments. */
  readonly operands: readonly TypedWord[]
  /** The options that were given, by their attribute names, with their values where they take one. */
  readonly options: ReadonlyMap<string, TypedWord | undefined>
  /** The option whose value comes next. */
  readonly awaiting: Option | null
  /** After `--`. */
  readonly isPastOptions: boolean
}

export interface Candidate {
  readonly value: string
  /** For people to tell one from another. */
  readonly about: string
}

/** What the word at the cursor can become. */
export type Wanted =
  | { readonly kind: 'candidates'; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'files' }
  | NamesWanted

/** What only the store knows. */
export interface NamesWanted {
  readonly kind: 'names'
  readonly of: 'client' | 'token' | 'role' | 'org' | 'group' | 'scope' | 'operator'
  readonly prefix: string
  /** What stands before the name in the same word: `--client=`. */
  readonly lead: string
  /** The value of an option, rather than an argument. */
  readonly isOption: boolean
}

const NOTHING: Wanted = { kind: 'candidates', candidates: [] }

/** @returns null where the words name no command */
export function spotOf(program: CommandUnknownOpts, words: readonly TypedWord[]): Spot | null {
  const beginning: Spot = {
    command: program,
    operands: [],
    options: new Map(),
    awaiting: null,
    isPastOptions: false,
  }
  return words.reduce<Spot | null>((spot, word) => spot && passing(spot, word), beginning)
}

function passing(spot: Spot, word: TypedWord): Spot | null {
  const { awaiting, isPastOptions } = spot
  if (awaiting !== null) {
    const settled = { ...spot, awaiting: null }
    return takes(awaiting, word) ? withOption(settled, awaiting, word) : passing(settled, word)
  }
  if (word === null || isPastOptions || !/^-./s.test(word)) return withOperand(spot, word)
  if (word === '--') return { ...spot, isPastOptions: true }
  const [name = '', value] = word.split(/=(.*)/s)
  const option = optionOf(spot, name)
  if (option === undefined) return spot
  const given = withOption(spot, option, value)
  return takesValue(option) && value === undefined ? { ...given, awaiting: option } : given
}

const takesValue = ({ required, optional }: Option): boolean => required || optional

/** An optional value is none that looks like an option. */
const takes = ({ required }: Option, word: TypedWord): boolean => required || !word?.startsWith('-')

function withOperand(spot: Spot, word: TypedWord): Spot | null {
  const { command, operands } = spot
  if (command.commands.length === 0) return { ...spot, operands: [...operands, word] }
  const inner = command.commands.find((each) => each.name() === word)
  return inner === undefined ? null : { ...spot, command: inner }
}

const withOption = (spot: Spot, option: Option, value: TypedWord | undefined): Spot => ({
  ...spot,
  options: new Map([...spot.options, [option.attributeName(), value]]),
})

/** @param typed the word at the cursor, so far */
export function wantedAt(spot: Spot, typed: string): Wanted {
  const { command, operands, awaiting, isPastOptions } = spot
  if (awaiting !== null && takes(awaiting, typed)) return valueOf(awaiting, typed, '')
  if (!isPastOptions && typed.startsWith('-')) return optionAt(spot, typed)
  if (command.commands.length > 0) return commandAt(command, typed)
  const { registeredArguments } = command
  const argument =
    registeredArguments[operands.length] ?? registeredArguments.find(({ variadic }) => variadic)
  if (argument?.name() === 'value') return beginningWith(typed, valuesOf(operands[0]))
  if (argument !== undefined) return named(argument.name(), typed, '', false)
  return typed === '' && !isPastOptions ? optionAt(spot, typed) : NOTHING
}

function commandAt(command: CommandUnknownOpts, typed: string): Wanted {
  const visible = command.createHelp().visibleCommands(command)
  return beginningWith(
    typed,
    visible.map((each) => ({ value: each.name(), about: each.summary() })),
  )
}

function optionAt(spot: Spot, typed: string): Wanted {
  const [name = '', value] = typed.split(/=(.*)/s)
  if (value !== undefined) {
    const option = optionOf(spot, name)
    return option === undefined ? NOTHING : valueOf(option, value, `${name}=`)
  }
  return beginningWith(
    typed,
    optionsOf(spot)
      .filter((option) => isRepeatable(option) || !spot.options.has(option.attributeName()))
      .map(({ long, description }) => ({ value: long ?? '', about: description })),
  )
}

/** What takes a function to gather its values takes several. */
const isRepeatable = ({ parseArg }: Option): boolean => parseArg !== undefined

function valueOf(option: Option, typed: string, lead: string): Wanted {
  const choices = choicesOf(option)
  if (choices.length === 0) {
    const [, metavar = ''] = /<([^>]+)>/.exec(option.flags) ?? []
    return named(metavar, typed, lead, true)
  }
  return beginningWith(
    `${lead}${typed}`,
    choices.map((choice) => ({ value: `${lead}${choice}`, about: '' })),
  )
}

/** The word that stands for an argument or a value in help says what it is. */
function named(metavar: string, prefix: string, lead: string, isOption: boolean): Wanted {
  switch (metavar) {
    case 'client':
    case 'token':
    case 'role':
    case 'org':
    case 'group':
    case 'scope':
    case 'operator':
      return { kind: 'names', of: metavar, prefix, lead, isOption }
    case 'setting':
      return beginningWith(
        prefix,
        SETTING_NAMES.map((name) => ({ value: name, about: SETTINGS[name].meaning })),
      )
    case 'path':
    case 'place':
      return { kind: 'files' }
    default:
      return NOTHING
  }
}

/** The words that a setting takes. */
const valuesOf = (setting: TypedWord | undefined): Candidate[] =>
  setting != null && isSettingName(setting)
    ? SETTINGS[setting].words.map((word) => ({ value: word, about: '' }))
    : []

const beginningWith = (typed: string, candidates: readonly Candidate[]): Wanted => ({
  kind: 'candidates',
  candidates: candidates.filter(({ value }) => value !== '' && value.startsWith(typed)),
})

/** Its own, and those that every command takes. */
function optionsOf({ command }: Spot): readonly Option[] {
  const help = command.createHelp()
  return [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)]
}

const optionOf = (spot: Spot, name: string): Option | undefined =>
  optionsOf(spot).find((option) => [option.long, option.short].includes(name))
