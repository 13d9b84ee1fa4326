import { change, type Context } from './change.ts'
import { breaksJobs, type Consent, requireConsent, type Risk } from './consent.ts'
import { counted } from './counted.ts'
import { EVERYTHING, type TokenFilter } from './list-filter.ts'
import type { Millis } from './model.ts'
import { Problem } from './problem.ts'
import { CLUSTER } from './scope.ts'
import {
  checkSettingValue,
  lifetimeOf,
  type Policy,
  policyBy,
  policyOf,
  type SettingName,
  SETTINGS,
} from './settings.ts'
import type { Reads } from './store.ts'
import { aboutStore } from './subject.ts'

export interface SettingChanged {
  readonly name: SettingName
  readonly value: string
  /** False: it was so already. */
  readonly changed: boolean
  /** As it is by now. */
  readonly policy: Policy
  readonly effects: Effects
}

/** What a change comes to for what there is already. What lives on does so although it could not be made by now. */
interface Effects {
  /** Tokens that live for longer than the maximum. */
  readonly longerLived: number
  /** Tokens without an end. */
  readonly endless: number
  /** Former secrets that go on for longer than the maximum. */
  readonly longerOverlaps: number
  /** Personal tokens that worked until now. */
  readonly stopped: number
}

const NONE: Effects = { longerLived: 0, endless: 0, longerOverlaps: 0, stopped: 0 }

/** @throws Problem `usage` for what the setting does not take, or another one forbids; ConsentNeeded */
export async function setSetting(
  context: Context,
  name: SettingName,
  text: string,
  consent: Consent,
): Promise<SettingChanged> {
  return changeSetting(context, 'settings set', name, checkSettingValue(name, text), consent)
}

/** The default again. */
export async function unsetSetting(
  context: Context,
  name: SettingName,
  consent: Consent,
): Promise<SettingChanged> {
  return changeSetting(context, 'settings unset', name, SETTINGS[name].default, consent)
}

async function changeSetting(
  context: Context,
  action: 'settings set' | 'settings unset',
  name: SettingName,
  value: string,
  consent: Consent,
): Promise<SettingChanged> {
  return change<SettingChanged>(context, action, aboutStore(name), async (store) => {
    const usual = SETTINGS[name].default
    const set = await store.settings()
    const before = policyBy(set)
    // What lies there and is no value, somebody has put there otherwise: it goes.
    if ((set.get(name) ?? usual) === value) {
      return { result: { name, value, changed: false, policy: before, effects: NONE }, record: null }
    }
    if (action === 'settings set' && name === 'default-lifetime') refuseDefault(before, value)
    const stops = name === 'tokens' && value === 'off' ? await stopsAll(context, store) : []
    requireConsent(consent, stops)

    const effects = await changing(store, context.now(), name, before, () =>
      store.setSetting(name, value === usual ? null : value),
    )
    return {
      result: { name, value, changed: true, policy: await policyOf(store), effects },
      record: { details: { value, previousValue: before.values[name] } },
    }
  })
}

/** What nobody could ask for is no default. @throws Problem `usage` */
function refuseDefault({ neverExpire, maxLifetime, values }: Policy, value: string): void {
  const lifetime = lifetimeOf(value)
  if (lifetime === null ? neverExpire : lifetime <= maxLifetime) return
  const by = lifetime === null ? 'never-expire' : 'max-lifetime'
  const enough = lifetime === null ? 'on' : value
  throw new Problem(
    'usage',
    `default-lifetime cannot be ${value} while the setting ${by} is ${values[by]}`,
    `tokenctl settings set ${by} ${enough} allows it`,
  )
}

/** Nothing would work until a person switches tokens on again: no token can. @throws Problem `denied` for a token */
async function stopsAll({ actor, now }: Context, store: Reads): Promise<(Risk | null)[]> {
  if (actor.token !== null) {
    throw new Problem(
      'denied',
      'a token does not switch tokens off',
      'none could switch them on again: a person does it',
    )
  }
  const working = await store.countTokens(workingAt(now()))
  const jobs = await store.jobsConnection()
  return [working === 0 ? null : stops(working), jobs && breaksJobs(jobs)]
}

const stops = (working: number): Risk => ({
  kind: 'breaks',
  subject: 'all tokens',
  says: `${counted(working, 'token')} would stop working until tokens are on again`,
})

/** Runs the change, and counts what it does to what there is. */
async function changing(
  store: Reads,
  now: Millis,
  name: SettingName,
  before: Policy,
  write: () => Promise<void>,
): Promise<Effects> {
  const isPersonal = name === 'personal-tokens'
  const working = isPersonal ? await store.countTokens(workingAt(now)) : 0
  await write()
  const { maxLifetime, neverExpire, maxOverlap } = await policyOf(store)
  return {
    longerLived: maxLifetime < before.maxLifetime ? await store.countLongerLived(maxLifetime * 1000, now) : 0,
    endless: before.neverExpire && !neverExpire ? await store.countLongerLived(null, now) : 0,
    longerOverlaps:
      maxOverlap !== null && maxOverlap < (before.maxOverlap ?? Infinity)
        ? await store.countLongerOverlaps(maxOverlap * 1000, now)
        : 0,
    stopped: isPersonal ? Math.max(0, working - (await store.countTokens(workingAt(now)))) : 0,
  }
}

const workingAt = (now: Millis): TokenFilter => ({
  ...EVERYTHING,
  status: 'active',
  now,
  scopes: [CLUSTER],
  roleId: null,
  ownedBy: null,
  expiresBy: null,
  unusedSince: null,
  areOff: false,
})
