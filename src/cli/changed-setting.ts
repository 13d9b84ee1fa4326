import type { SettingChanged } from '../core/change-setting.ts'
import { counted } from '../core/counted.ts'
import { durationIn } from '../core/lifetime.ts'
import type { Policy } from '../core/policy.ts'
import { shownSetting } from '../core/show-settings.ts'
import { type Result, switched } from './output.ts'
import { SETTING_FIELDS, settingJson } from './setting-view.ts'

export const CHANGED_SETTING_FIELDS = { ...SETTING_FIELDS, changed: 'false: it was so already' } as const

/** What is said of a change. @param done what was done, or @param already what was so */
export function changedSetting(change: SettingChanged, done: string, already: string): Result {
  const { name, value, changed } = change
  const { text, notes } = switched(changed, done, already)
  return {
    data: { ...settingJson(shownSetting(name, value)), changed },
    text,
    notes: [...notes, ...(changed ? consequences(change) : [])],
  }
}

/** What somebody might not expect of it. */
function consequences({ name, value, before, policy, effects }: SettingChanged): string[] {
  const { values, neverExpire } = policy
  const { longerLived, endless, longerOverlaps, stopped } = effects
  return [
    ...(longerLived > 0
      ? [`${counted(longerLived, 'token')} made to live for longer than that ${goOn(longerLived)}`]
      : []),
    ...(endless > 0
      ? [
          `${counted(endless, 'token')} without an end ${goOn(endless)}: tokenctl token list --never-expires shows them`,
        ]
      : []),
    ...(longerOverlaps > 0
      ? [`${counted(longerOverlaps, 'former secret')} with longer than that to live ${goOn(longerOverlaps)}`]
      : []),
    ...(stopped > 0
      ? [
          `${counted(stopped, 'personal token')} no longer ${stopped === 1 ? 'works' : 'work'}: ${name} is ${value}`,
        ]
      : []),
    ...(policy.maxLifetime < before.maxLifetime && neverExpire
      ? ['never-expire is on: a secret may still be without an end']
      : []),
    ...(DECIDING_DEFAULT.includes(name) && isCut(policy)
      ? [
          `default-lifetime is ${values['default-lifetime']}: where nothing is said, a new secret lives for max-lifetime, ${values['max-lifetime']}`,
        ]
      : []),
  ]
}

const goOn = (count: number): string => (count === 1 ? 'goes on as it is' : 'go on as they are')

const DECIDING_DEFAULT: readonly string[] = ['default-lifetime', 'max-lifetime', 'never-expire']

/** Whether another setting has come to forbid the default as it is set. */
const isCut = ({ values, defaultLifetime }: Policy): boolean =>
  durationIn(values['default-lifetime']) !== defaultLifetime
