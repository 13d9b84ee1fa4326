import { change, type Context } from './change.ts'
import { breaksJobs, type Consent, requireConsent, type Risk } from './consent.ts'
import { counted } from './counted.ts'
import { EVERYTHING, type TokenFilter } from './list-filter.ts'
import { durationIn, type Lifetime } from './lifetime.ts'
import type { Millis } from './model.ts'
import { type Policy, policyBy, policyOf } from './policy.ts'
import { Problem } from './problem.ts'
import { CLUSTER } from './scope.ts'
import { checkSettingValue, type SettingName, SETTINGS } from './settings.ts'
import type { Reads } from './store.ts'
import { aboutStore } from './subject.ts'

export interface SettingChanged {
  readonly name: SettingName
  readonly value: string
  /** False: it was so already. */
  readonly changed: boolean
  readonly before: Policy
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
    // A value that is none was put there by somebody else's hand; setting the default removes it.
    if ((set.get(name) ?? usual) === value) {
      return { result: { name, value, changed: false, before, policy: before, effects: NONE }, record: null }
    }
    if (action === 'settings set') refuseForbidden(before, name, value)
    if (name === 'tokens' && value === 'off') requireConsent(consent, await stopsAll(context, store))

    const effects = await changing(store, context.now(), name, before, () =>
      store.setSetting(name, value === usual ? null : value),
    )
    requireConsent(consent, [effects.stopped === 0 ? null : stopsPersonal(effects.stopped, value)])
    return {
      result: { name, value, changed: true, before, policy: await policyOf(store), effects },
      record: { details: { value, previousValue: before.values[name] } },
    }
  })
}

/** What another setting does not let it be. @throws Problem `usage` */
function refuseForbidden(policy: Policy, name: SettingName, value: string): void {
  const by = forbidding(policy, name, durationIn(value))
  if (by === null) return
  const enough = by === 'never-expire' ? 'on' : value
  throw new Problem(
    'usage',
    `${name} cannot be ${value} while the setting ${by} is ${policy.values[by]}`,
    `tokenctl settings set ${by} ${enough} allows it`,
  )
}

/** The setting that forbids it; null: none does. */
function forbidding(
  { neverExpire, maxLifetime, sessionLifetime }: Policy,
  name: SettingName,
  length: Lifetime,
): SettingName | null {
  if (name === 'default-lifetime') {
    if (length === null) return neverExpire ? null : 'never-expire'
    return length > maxLifetime ? 'max-lifetime' : null
  }
  return name === 'session-idle' && length !== null && length > sessionLifetime ? 'session-lifetime' : null
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

const stopsPersonal = (stopped: number, value: string): Risk => ({
  kind: 'breaks',
  subject: `personal tokens that are not for ${value}`,
  says: `${counted(stopped, 'personal token')} would stop working while personal-tokens is ${value}`,
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
