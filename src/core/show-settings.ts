import type { Context } from './change.ts'
import { policyOf } from './policy.ts'
import { type SettingName, SETTING_NAMES, settingNamed, SETTINGS, takenBy } from './settings.ts'

/** A setting as it is. */
export interface ShownSetting {
  readonly name: SettingName
  readonly value: string
  readonly default: string
  readonly meaning: string
  /** In words. */
  readonly takes: string
}

/** Settings belong to the store, and whoever holds any grant may read them. */
export async function listSettings({ store }: Pick<Context, 'store'>): Promise<ShownSetting[]> {
  const { values } = await policyOf(store)
  return SETTING_NAMES.map((name) => shownSetting(name, values[name]))
}

/** @throws Problem `usage` for what is no setting */
export async function showSetting({ store }: Pick<Context, 'store'>, text: string): Promise<ShownSetting> {
  const name = await settingNamed(text)
  const { values } = await policyOf(store)
  return shownSetting(name, values[name])
}

export function shownSetting(name: SettingName, value: string): ShownSetting {
  const { default: usual, meaning } = SETTINGS[name]
  return { name, value, default: usual, meaning, takes: takenBy(name) }
}
