import type { App } from '../../cli/app.ts'
import { existingSetting } from '../../cli/choose.ts'
import { addHelp } from '../../cli/help.ts'
import { sentence } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { SETTING_FIELDS, settingJson } from '../../cli/setting-view.ts'
import { showSetting } from '../../core/show-settings.ts'

export function settingsGet(group: Group, app: App): void {
  const command = group
    .command('get')
    .summary('say what a setting is')
    .description('Says what a setting is: its value alone, set or by default.')
    .argument('[setting]', "the setting's name")
    .action(
      app.action(async (given) => {
        const name = await existingSetting(app, given)
        const setting = await showSetting(await app.context(), name)
        return { data: settingJson(setting), text: sentence(setting.value) }
      }),
    )
  addHelp(command, {
    json: SETTING_FIELDS,
    examples: ['tokenctl settings get max-lifetime', 'tokenctl settings get tokens --json'],
  })
}
