import { either } from './either.ts'
import { type Lifetime, parseDuration, parseExpires, type Seconds } from './lifetime.ts'
import { Problem, quoted } from './problem.ts'
import { similar } from './similar.ts'
import type { Reads } from './store.ts'

/** Who may have personal tokens. */
type PersonalTokens = 'off' | 'admins' | 'everyone'

/** The policy of a store, as its settings are. */
export interface Policy {
  /** As each setting is, to be named. */
  readonly values: Values
  /** Within what the others allow, also where one of them was changed since. */
  readonly defaultLifetime: Lifetime
  /** Of secrets that end. */
  readonly maxLifetime: Seconds
  readonly neverExpire: boolean
  readonly personalTokens: PersonalTokens
  /** False: no token is valid. */
  readonly tokens: boolean
  /** Null: as long as the secret lives. */
  readonly maxOverlap: Seconds | null
  readonly sessionLifetime: Seconds
  readonly sessionIdle: Seconds
}

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
  readonly takes: string
  /** As it is kept; null: it is none of these. */
  readonly canonical: (text: string) => string | null
}

const seconds = (text: string): Seconds => parseDuration('a setting', text)

/** `0` where it is no duration, or one that is out of range. */
function secondsOrNone(text: string): Seconds {
  try {
    return seconds(text)
  } catch {
    return 0
  }
}

const only = (text: string, isTaken: boolean): string | null => (isTaken ? text : null)

const DURATIONS: Durations = {
  takes: 'a duration (24h, 30m, 90d, 2w) from 1 minute to 3650 days',
  canonical: (text) => only(text, secondsOrNone(text) > 0),
}
/** As `--expires` takes them: a bare number is days. */
const LIFETIMES: Durations = {
  takes: 'days (90) or a duration (90d, 24h, 30m, 2w) from 1 minute to 3650 days',
  canonical: (text) => DURATIONS.canonical(/^[0-9]+$/.test(text) ? `${text}d` : text),
}
/** A session is for somebody at work: not for longer than a week. */
export const LONGEST_SESSION: Seconds = 7 * 86_400
const SESSIONS: Durations = {
  takes: 'a duration (12h, 30m) from 1 minute to 7 days',
  canonical: (text) => only(text, secondsOrNone(text) > 0 && seconds(text) <= LONGEST_SESSION),
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
    meaning: 'who may have personal tokens',
    words: ['off', 'admins', 'everyone'],
    durations: null,
  },
  tokens: { ...SWITCH, meaning: 'off: no token is valid' },
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
type Values = Readonly<Record<SettingName, string>>

export const isSettingName = (text: string): text is SettingName => Object.hasOwn(SETTINGS, text)

/** @throws Problem `usage` */
export async function settingNamed(text: string): Promise<SettingName> {
  if (isSettingName(text)) return text
  const meant = await similar(text, SETTING_NAMES)
  const guess = meant.length === 0 ? '' : `did you mean ${either(meant)}? `
  throw new Problem(
    'usage',
    `not a setting: ${quoted(text)}`,
    `${guess}tokenctl settings list shows them all`,
  )
}

/** A value as it is kept. @throws Problem `usage`, naming what the setting takes */
export function checkSettingValue(name: SettingName, text: string): string {
  const value = canonical(name, text)
  if (value !== null) return value
  throw new Problem('usage', `not a value of ${name}: ${quoted(text)}`, `${name} takes ${taken(name)}`)
}

function canonical(name: SettingName, text: string): string | null {
  const { words, durations } = SETTINGS[name]
  if (words.includes(text)) return text
  // As `--expires` takes it.
  if (text === '-1' && words.includes('never')) return 'never'
  return durations?.canonical(text) ?? null
}

function taken(name: SettingName): string {
  const { words, durations } = SETTINGS[name]
  return either(durations === null ? words : [durations.takes, ...words])
}

/** What holds just now. */
export async function policyOf(store: Reads): Promise<Policy> {
  return policyBy(await store.settings())
}

export function policyBy(set: ReadonlyMap<string, string>): Policy {
  const values = valuesBy(set)
  const maxLifetime = seconds(values['max-lifetime'])
  const neverExpire = values['never-expire'] === 'on'
  const lifetime = lifetimeOf(values['default-lifetime'])
  const endless = lifetime === null && neverExpire
  return {
    values,
    defaultLifetime: endless ? null : Math.min(lifetime ?? maxLifetime, maxLifetime),
    maxLifetime,
    neverExpire,
    personalTokens: values['personal-tokens'] as PersonalTokens,
    tokens: values.tokens === 'on',
    maxOverlap: values['max-overlap'] === 'none' ? null : seconds(values['max-overlap']),
    sessionLifetime: seconds(values['session-lifetime']),
    sessionIdle: seconds(values['session-idle']),
  }
}

/** A value that nobody could have set, because somebody tampered with the store, is the default. */
function valuesBy(set: ReadonlyMap<string, string>): Values {
  const valueOf = (name: SettingName): string => {
    const value = set.get(name)
    return value !== undefined && canonical(name, value) === value ? value : SETTINGS[name].default
  }
  return Object.fromEntries(SETTING_NAMES.map((name) => [name, valueOf(name)])) as Values
}

/** Of a value of `default-lifetime`. */
export const lifetimeOf = (value: string): Lifetime => parseExpires(value, 0).lifetime
