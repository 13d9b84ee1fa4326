import type { App } from '../../cli/app.ts'
import { disabledClient } from '../../cli/choose.ts'
import { CLIENT_FIELDS, clientJson } from '../../cli/client-view.ts'
import { each } from '../../cli/each.ts'
import { addHelp } from '../../cli/help.ts'
import { tokensOffNote } from '../../cli/off-note.ts'
import { switched } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { scope } from '../../cli/scope-option.ts'
import { enableClient } from '../../core/switch-client.ts'
import { named } from '../../core/called.ts'

export function clientEnable(group: Group, app: App): void {
  const command = group
    .command('enable')
    .summary('let disabled clients work again')
    .description('Lets a disabled client, or several, work again. A token that was disabled itself stays so.')
    .argument('[client...]', "the clients' names")
    .addOption(scope)
    .action(
      app.action((names) =>
        each(app, names, disabledClient, async (context, name) => {
          const { client, changed } = await enableClient(context, name)
          const { text, notes } = switched(
            changed,
            `enabled client ${named(client)}`,
            `client ${named(client)} is enabled already`,
          )
          return {
            data: { ...clientJson(client), changed },
            text,
            notes: [...notes, ...(await tokensOffNote(context.store))],
          }
        }),
      ),
    )
  addHelp(command, {
    json: { ...CLIENT_FIELDS, changed: 'false: it was enabled already' },
    examples: ['tokenctl client enable BI', 'tokenctl client enable BI JDBC nightly --json'],
  })
}
