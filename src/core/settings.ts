import { either } from './either.ts'
import { durationIn, type Seconds } from './lifetime.ts'
import { Problem, quoted } from './problem.ts'
import { similar } from './similar.ts'

/** What can be set. */
interface Setting {
  readonly default: string
  readonly meaning: string
  /** What it takes to the letter. */
  readonly words: readonly string[]
  /** And what else; null: nothing. */
  readonly durations: Durations | null
}

interface Durations {
  /** In words, for an error. */
  readonly takes: readonly string[]
  /** As it is kept; null: it is none of these. */
  readonly canonical: (text: string) => string | null
}

const only = (text: string, isTaken: boolean): string | null => (isTaken ? text : null)

const DURATIONS: Durations = {
  takes: ['a duration (24h, 30m, 90d, 2w) from 1 minute to 3650 days'],
  canonical: (text) => only(text, durationIn(text) !== null),
}
/** As `--expires` takes them: a bare number is days. */
const LIFETIMES: Durations = {
  takes: ['days (90)', 'a duration (90d, 24h, 30m, 2w) from 1 minute to 3650 days'],
  canonical: (text) => DURATIONS.canonical(/^[0-9]+$/.test(text) ? `${text}d` : text),
}
/** A session is for somebody at work: not for longer than a week. */
export const LONGEST_SESSION: Seconds = 7 * 86_400
const SESSIONS: Durations = {
  takes: ['a duration (12h, 30m) from 1 minute to 7 days'],
  canonical: (text) => only(text, (durationIn(text) ?? Infinity) <= LONGEST_SESSION),
}
const SWITCH = { default: 'on', words: ['on', 'off'], durations: null } as const

const TABLE = {
  'default-lifetime': {
    default: '365d',
    meaning: 'how long a secret lives where nothing is said',
    words: ['never'],
    durations: LIFETIMES,
  },
  'max-lifetime': {
    default: '3650d',
    meaning: 'the longest that a secret with an end may live',
    words: [],
    durations: LIFETIMES,
  },
  'never-expire': { ...SWITCH, meaning: 'whether a secret may be without an end' },
  'personal-tokens': {
    default: 'off',
    meaning: 'who may have personal tokens: off (nobody), admins (with the role admin) or everyone',
    words: ['off', 'admins', 'everyone'],
    durations: null,
  },
  tokens: { ...SWITCH, meaning: 'whether tokens work; off: none is valid' },
  'max-overlap': {
    default: 'none',
    meaning: 'the longest that a former secret may live on; none: no limit',
    words: ['none'],
    durations: DURATIONS,
  },
  'session-lifetime': {
    default: '12h',
    meaning: 'how long a login lasts at most',
    words: [],
    durations: SESSIONS,
  },
  'session-idle': {
    default: '30m',
    meaning: 'how long a login lasts unused',
    words: [],
    durations: SESSIONS,
  },
} as const satisfies Readonly<Record<string, Setting>>

export type SettingName = keyof typeof TABLE

/** In the order in which they are listed. */
export const SETTINGS: Readonly<Record<SettingName, Setting>> = TABLE

export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[]

/** What each is, set or by default. */
export type Values = Readonly<Record<SettingName, string>>

export const isSettingName = (text: string): text is SettingName => Object.hasOwn(SETTINGS, text)

/** @throws Problem `usage` */
export function checkSettingName(text: string): SettingName {
  if (isSettingName(text)) return text
  throw noSetting(text, [])
}

/** As `checkSettingName`, with what may have been meant. @throws Problem `usage` */
export async function settingNamed(text: string): Promise<SettingName> {
  if (isSettingName(text)) return text
  throw noSetting(text, await similar(text, SETTING_NAMES))
}

function noSetting(text: string, meant: readonly string[]): Problem {
  const guess = meant.length === 0 ? '' : `did you mean ${either(meant)}? `
  return new Problem(
    'usage',
    `not a setting: ${quoted(text)}`,
    `${guess}tokenctl settings list shows them all`,
  )
}

/** A value as it is kept. @throws Problem `usage`, naming what the setting takes */
export function checkSettingValue(name: SettingName, text: string): string {
  const value = canonicalValue(name, text)
  if (value !== null) return value
  throw new Problem('usage', `not a value of ${name}: ${quoted(text)}`, `${name} takes ${takenBy(name)}`)
}

/** Null: it is none of its values. */
export function canonicalValue(name: SettingName, text: string): string | null {
  const { words, durations } = SETTINGS[name]
  if (words.includes(text)) return text
  // As `--expires` takes it.
  if (text === '-1' && words.includes('never')) return 'never'
  return durations?.canonical(text) ?? null
}

/** What it takes, in words. */
export function takenBy(name: SettingName): string {
  const { words, durations } = SETTINGS[name]
  return either([...words, ...(durations?.takes ?? [])])
}
