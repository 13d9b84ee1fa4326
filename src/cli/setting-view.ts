import type { ShownSetting } from '../core/show-settings.ts'
import type { Column } from './table.ts'

export const SETTING_FIELDS = {
  setting: 'its name',
  value: 'what it is',
  default: 'what it is where nothing was set',
  meaning: 'what it decides',
  takes: 'what it can be set to, in words',
  isDefault: 'whether it is the default',
} as const

export const settingJson = (
  setting: ShownSetting,
): Readonly<Record<keyof typeof SETTING_FIELDS, unknown>> => ({
  setting: setting.name,
  value: setting.value,
  default: setting.default,
  meaning: setting.meaning,
  takes: setting.takes,
  isDefault: setting.value === setting.default,
})

export const SETTING_COLUMNS: readonly Column<ShownSetting>[] = [
  { title: 'SETTING', rank: 0, cell: ({ name }) => name },
  { title: 'VALUE', rank: 1, cell: ({ value }) => value },
  { title: 'DEFAULT', rank: 3, cell: (setting) => setting.default },
  { title: 'MEANING', rank: 2, least: 24, cell: ({ meaning }) => meaning },
]
