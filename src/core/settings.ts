import { type Lifetime, parseDuration, parseExpires, type Seconds } from './lifetime.ts'
import { Problem, quoted } from './problem.ts'
import type { Reads } from './store.ts'

/** Who may have personal tokens. */
export type PersonalTokens = 'off' | 'admins' | 'everyone'

/** The policy of a store, as its settings are. */
export interface Policy {
  /** Within the longest, if that was lowered below it. */
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

/** What can be set, by name. */
export interface Setting {
  readonly default: string
  readonly meaning: string
  /** In words, for an error. */
  readonly takes: string
  readonly isValid: (value: string) => boolean
}

const parses =
  (parse: (text: string) => unknown) =>
  (text: string): boolean => {
    try {
      parse(text)
      return true
    } catch {
      return false
    }
  }

const duration = (text: string): Seconds => parseDuration('the setting', text)
const oneOf = (...values: readonly string[]): Pick<Setting, 'takes' | 'isValid'> => ({
  takes: values.join(', ').replace(/, ([^,]*)$/, ' or $1'),
  isValid: (value) => values.includes(value),
})
const DURATION = { takes: 'a duration (90d, 24h, 30m, 2w)', isValid: parses(duration) }
/** A session is for somebody at work: not for longer than a week. */
export const LONGEST_SESSION: Seconds = 7 * 86_400
const SESSION = {
  takes: 'a duration from 1m to 7d',
  isValid: (text: string) => DURATION.isValid(text) && duration(text) <= LONGEST_SESSION,
}

export const SETTINGS = {
  'default-lifetime': {
    default: '365d',
    meaning: 'how long a secret lives where nothing is said',
    takes: 'a duration (90d, 24h, 30m, 2w) or never',
    isValid: (text) => text === 'never' || DURATION.isValid(text),
  },
  'max-lifetime': {
    default: '3650d',
    meaning: 'the longest that a secret with an end may live',
    ...DURATION,
  },
  'never-expire': { default: 'on', meaning: 'whether a secret may be without an end', ...oneOf('on', 'off') },
  'personal-tokens': {
    default: 'off',
    meaning: 'who may have personal tokens',
    ...oneOf('off', 'admins', 'everyone'),
  },
  tokens: { default: 'on', meaning: 'off: no token is valid', ...oneOf('on', 'off') },
  'max-overlap': {
    default: 'none',
    meaning: 'the longest that a former secret may live on; none: no limit',
    takes: 'a duration (90d, 24h, 30m, 2w) or none',
    isValid: (text) => text === 'none' || DURATION.isValid(text),
  },
  'session-lifetime': { default: '12h', meaning: 'how long a login lasts at most', ...SESSION },
  'session-idle': { default: '30m', meaning: 'how long a login lasts unused', ...SESSION },
} satisfies Readonly<Record<string, Setting>>

export type SettingName = keyof typeof SETTINGS

export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[]

/** @throws Problem `usage` */
export function checkSettingName(text: string): SettingName {
  const name = SETTING_NAMES.find((each) => each === text)
  if (name !== undefined) return name
  throw new Problem('usage', `not a setting: ${quoted(text)}`, 'tokenctl settings list shows them all')
}

/** What holds just now. A value that nobody could have set, because somebody tampered with the store, is the default. */
export async function policyOf(store: Reads): Promise<Policy> {
  return policyBy(await store.settings())
}

export function policyBy(set: ReadonlyMap<string, string>): Policy {
  const value = (name: SettingName): string => {
    const { default: usual, isValid } = SETTINGS[name]
    const value = set.get(name)
    return value !== undefined && isValid(value) ? value : usual
  }
  const maxLifetime = duration(value('max-lifetime'))
  const { lifetime } = parseExpires(value('default-lifetime'), 0)
  const neverExpire = value('never-expire') === 'on'
  const unbounded = lifetime === null && neverExpire
  return {
    defaultLifetime: unbounded ? null : Math.min(lifetime ?? maxLifetime, maxLifetime),
    maxLifetime,
    neverExpire,
    personalTokens: value('personal-tokens') as PersonalTokens,
    tokens: value('tokens') === 'on',
    maxOverlap: value('max-overlap') === 'none' ? null : duration(value('max-overlap')),
    sessionLifetime: duration(value('session-lifetime')),
    sessionIdle: duration(value('session-idle')),
  }
}
