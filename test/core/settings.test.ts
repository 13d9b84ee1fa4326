import fc from 'fast-check'
import { describe, expect, test } from '@jest/globals'
import { policyBy } from '../../src/core/policy.ts'
import {
  checkSettingValue,
  type SettingName,
  SETTING_NAMES,
  settingNamed,
  SETTINGS,
} from '../../src/core/settings.ts'

const DAY = 86_400

/** What each takes, as it is kept. */
const TAKEN: Readonly<Record<SettingName, Readonly<Record<string, string>>>> = {
  'default-lifetime': {
    '90d': '90d',
    '90': '90d',
    '2w': '2w',
    '1m': '1m',
    '3650d': '3650d',
    '24h': '24h',
    never: 'never',
    '-1': 'never',
  },
  'max-lifetime': { '90d': '90d', '90': '90d', '1m': '1m', '3650': '3650d' },
  'never-expire': { on: 'on', off: 'off' },
  'personal-tokens': { off: 'off', admins: 'admins', everyone: 'everyone' },
  tokens: { on: 'on', off: 'off' },
  'max-overlap': { none: 'none', '24h': '24h', '2w': '2w', '1m': '1m', '3650d': '3650d' },
  'session-lifetime': { '12h': '12h', '7d': '7d', '1w': '1w', '1m': '1m' },
  'session-idle': { '30m': '30m', '7d': '7d', '1m': '1m' },
}

/** What no setting takes. */
const NEVER_TAKEN = ['', ' ', 'on ', ' 90d', '90D', 'On', '0d', '59s', '3651d', '1.5d', '1d12h', '٣d', 'a\0b']

const REFUSED: Readonly<Record<SettingName, readonly string[]>> = {
  'default-lifetime': ['none', 'on', '0', '3651', '-2', '2027-01-31', 'Never'],
  'max-lifetime': ['never', '-1', 'none', '0', '3651', '2027-01-31'],
  'never-expire': ['never', '1', 'true', '90d', '-1'],
  'personal-tokens': ['on', 'admin', 'all', '90d'],
  tokens: ['none', 'true', '90d'],
  'max-overlap': ['never', '-1', '24', '0m'],
  'session-lifetime': ['never', 'none', '12', '8d', '169h'],
  'session-idle': ['never', 'none', '30', '8d'],
}

function problemOf(run: () => unknown): { readonly kind?: string; readonly hint?: string } {
  try {
    run()
  } catch (error) {
    return error as { kind: string; hint: string }
  }
  return {}
}

describe('what a setting is set to', () => {
  const taken = SETTING_NAMES.flatMap((name) =>
    Object.entries(TAKEN[name]).map(([text, value]) => [name, text, value] as const),
  )
  test.each(taken)('%s takes %s, kept as %s', (name, text, value) => {
    expect(checkSettingValue(name, text)).toBe(value)
  })

  const refused = SETTING_NAMES.flatMap((name) =>
    [...NEVER_TAKEN, ...REFUSED[name]].map((text) => [name, text] as const),
  )
  test.each(refused)('%s does not take %j', (name, text) => {
    expect(problemOf(() => checkSettingValue(name, text))).toMatchObject({ kind: 'usage' })
    expect(problemOf(() => checkSettingValue(name, text)).hint).toContain(`${name} takes `)
    expect(policyBy(new Map([[name, text]]))).toEqual(policyBy(new Map()))
  })

  test.each(SETTING_NAMES)('%s takes its own default and each of its words', (name) => {
    for (const value of [SETTINGS[name].default, ...SETTINGS[name].words]) {
      expect(checkSettingValue(name, value)).toBe(value)
    }
  })

  test.each(['', 'Tokens', 'token', 'constructor', '__proto__', 'toString'])(
    '%j is no setting',
    async (text) => {
      await expect(settingNamed(text)).rejects.toMatchObject({ kind: 'usage' })
    },
  )
})

describe('the policy', () => {
  const units = fc.constantFrom('', 'm', 'h', 'd', 'w')
  const durations = fc.tuple(fc.nat({ max: 9_000 }), units).map(([amount, unit]) => `${amount}${unit}`)
  const texts = fc.oneof(
    durations,
    fc.constantFrom('never', '-1', 'none', 'on', 'off', 'admins', 'everyone'),
    fc.string(),
  )
  const stored = fc
    .dictionary(fc.constantFrom(...SETTING_NAMES), texts)
    .map((set) => new Map(Object.entries(set)))

  test('by default is the defaults', () => {
    expect(policyBy(new Map())).toMatchObject({
      defaultLifetime: 365 * DAY,
      maxLifetime: 3650 * DAY,
      neverExpire: true,
      personalTokens: 'off',
      tokens: true,
      maxOverlap: null,
      sessionLifetime: DAY / 2,
      sessionIdle: 1800,
    })
  })

  test('whatever is in the store, has no default that it forbids', () => {
    fc.assert(
      fc.property(stored, (set) => {
        const { defaultLifetime, maxLifetime, neverExpire } = policyBy(set)
        expect(defaultLifetime === null ? neverExpire : defaultLifetime <= maxLifetime).toBe(true)
        expect(defaultLifetime ?? 60).toBeGreaterThanOrEqual(60)
      }),
    )
  })

  test('is what was set: what is accepted is kept so, and read back the same', () => {
    let accepted = 0
    fc.assert(
      fc.property(fc.constantFrom(...SETTING_NAMES), texts, (name, text) => {
        let value
        try {
          value = checkSettingValue(name, text)
        } catch {
          return
        }
        accepted++
        expect(checkSettingValue(name, value)).toBe(value)
        expect(policyBy(new Map([[name, value]])).values[name]).toBe(value)
      }),
      { numRuns: 1_000 },
    )
    expect(accepted).toBeGreaterThan(50)
  })

  test.each<[set: Readonly<Record<string, string>>, policy: object]>([
    [{ 'max-lifetime': '30d' }, { defaultLifetime: 30 * DAY, maxLifetime: 30 * DAY }],
    [{ 'default-lifetime': 'never' }, { defaultLifetime: null }],
    [{ 'default-lifetime': 'never', 'max-lifetime': '30d' }, { defaultLifetime: null }],
    [{ 'default-lifetime': 'never', 'never-expire': 'off' }, { defaultLifetime: 3650 * DAY }],
    [
      { 'default-lifetime': 'never', 'never-expire': 'off', 'max-lifetime': '1h' },
      { defaultLifetime: 3600, neverExpire: false },
    ],
    [{ 'max-overlap': '24h' }, { maxOverlap: DAY }],
    [{ tokens: 'off' }, { tokens: false }],
    [{ 'personal-tokens': 'admins' }, { personalTokens: 'admins' }],
    [
      { 'session-lifetime': '1h', 'session-idle': '2h' },
      { sessionLifetime: 3600, sessionIdle: 7200 },
    ],
    [{ unheard: 'of' }, policyBy(new Map())],
  ])('of %j', (set, policy) => {
    expect(policyBy(new Map(Object.entries(set)))).toMatchObject(policy)
  })
})
