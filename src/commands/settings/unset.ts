import type { App } from '../../cli/app.ts'
import { consenting } from '../../cli/ask.ts'
import { CHANGED_SETTING_FIELDS, changedSetting } from '../../cli/changed-setting.ts'
import { existingSetting } from '../../cli/choose.ts'
import { addHelp } from '../../cli/help.ts'
import type { Group } from '../../cli/program.ts'
import { unsetSetting } from '../../core/change-setting.ts'
import { settingNamed } from '../../core/settings.ts'

export function settingsUnset(group: Group, app: App): void {
  const command = group
    .command('unset')
    .summary('give a setting its default again')
    .description('Gives a setting its default again.')
    .argument('[setting]', "the setting's name")
    .action(
      app.action(async (given) => {
        const name = await settingNamed(await existingSetting(app, given))
        const context = await app.context()
        const change = await consenting(app, (consent) => unsetSetting(context, name, consent))
        return changedSetting(
          change,
          `${name} has its default again: ${change.value}`,
          `${name} has its default already: ${change.value}`,
        )
      }),
    )
  addHelp(command, {
    json: CHANGED_SETTING_FIELDS,
    examples: ['tokenctl settings unset max-lifetime', 'tokenctl settings unset default-lifetime --json'],
  })
}
