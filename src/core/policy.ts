import { durationIn, type Lifetime, type Seconds } from './lifetime.ts'
import { canonicalValue, type SettingName, SETTING_NAMES, SETTINGS, type Values } from './settings.ts'
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

/** What holds just now. */
export async function policyOf(store: Reads): Promise<Policy> {
  return policyBy(await store.settings())
}

export function policyBy(set: ReadonlyMap<string, string>): Policy {
  const values = valuesBy(set)
  const maxLifetime = secondsOf(values, 'max-lifetime')
  const neverExpire = values['never-expire'] === 'on'
  const lifetime = durationIn(values['default-lifetime'])
  const endless = lifetime === null && neverExpire
  return {
    values,
    defaultLifetime: endless ? null : Math.min(lifetime ?? maxLifetime, maxLifetime),
    maxLifetime,
    neverExpire,
    personalTokens: values['personal-tokens'] as PersonalTokens,
    tokens: values.tokens === 'on',
    maxOverlap: durationIn(values['max-overlap']),
    sessionLifetime: secondsOf(values, 'session-lifetime'),
    sessionIdle: secondsOf(values, 'session-idle'),
  }
}

/** A value that nobody could have set, because somebody tampered with the store, is the default. */
function valuesBy(set: ReadonlyMap<string, string>): Values {
  const valueOf = (name: SettingName): string => {
    const value = set.get(name)
    return value !== undefined && canonicalValue(name, value) === value ? value : SETTINGS[name].default
  }
  return Object.fromEntries(SETTING_NAMES.map((name) => [name, valueOf(name)])) as Values
}

/** Of a setting that takes nothing but durations. */
function secondsOf(values: Values, name: SettingName): Seconds {
  const seconds = durationIn(values[name])
  if (seconds === null) throw new Error(`the setting ${name} is no duration`)
  return seconds
}
