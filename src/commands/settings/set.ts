import type { App } from '../../cli/app.ts'
import { consenting } from '../../cli/ask.ts'
import { existingSetting } from '../../cli/choose.ts'
import { addHelp } from '../../cli/help.ts'
import type { Group } from '../../cli/program.ts'
import { CHANGED_SETTING_FIELDS, changedSetting } from '../../cli/changed-setting.ts'
import { settingValue } from '../../cli/setting-value.ts'
import { setSetting } from '../../core/change-setting.ts'
import { settingNamed } from '../../core/settings.ts'

export function settingsSet(group: Group, app: App): void {
  const command = group
    .command('set')
    .summary('change a setting')
    .description('Changes a setting. What was made before and would now be forbidden goes on.')
    .argument('[setting]', "the setting's name")
    .argument('[value]', 'what it is to be')
    .action(
      app.action(async (givenName, givenValue) => {
        const name = await settingNamed(await existingSetting(app, givenName))
        const value = await settingValue(app, name, givenValue)
        const context = await app.context()
        const change = await consenting(app, (consent) => setSetting(context, name, value, consent))
        return changedSetting(change, `set ${name} to ${change.value}`, `${name} is ${change.value} already`)
      }),
    )
  addHelp(command, {
    json: CHANGED_SETTING_FIELDS,
    examples: [
      'tokenctl settings set max-lifetime 90d',
      'tokenctl settings set personal-tokens everyone',
      'tokenctl settings set tokens off --force',
    ],
  })
}
