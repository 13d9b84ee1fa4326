import type { App } from '../../cli/app.ts'
import { addHelp } from '../../cli/help.ts'
import { addRowOptions, type RowOptions, shortListing } from '../../cli/list-options.ts'
import type { Group } from '../../cli/program.ts'
import { SETTING_COLUMNS, SETTING_FIELDS, settingJson } from '../../cli/setting-view.ts'
import { listSettings } from '../../core/show-settings.ts'

export function settingsList(group: Group, app: App): void {
  const command = group
    .command('list')
    .summary('list the settings')
    .description('Lists the settings of the store, what each is and what it decides.')
  addRowOptions(command).action(
    app.action((options: RowOptions) =>
      shortListing(app, options, listSettings, settingJson, SETTING_COLUMNS),
    ),
  )
  addHelp(command, {
    json: SETTING_FIELDS,
    examples: [
      'tokenctl settings list',
      "tokenctl settings list --json | jq '.[] | select(.isDefault | not)'",
    ],
  })
}
