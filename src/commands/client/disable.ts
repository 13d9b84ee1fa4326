import type { App } from '../../cli/app.ts'
import { consenting } from '../../cli/ask.ts'
import { existingClient } from '../../cli/choose.ts'
import { CLIENT_FIELDS, clientJson } from '../../cli/client-view.ts'
import { each } from '../../cli/each.ts'
import { addHelp } from '../../cli/help.ts'
import { switched } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { scope } from '../../cli/scope-option.ts'
import { disableClient } from '../../core/switch-client.ts'
import { named } from '../../core/called.ts'

export function clientDisable(group: Group, app: App): void {
  const command = group
    .command('disable')
    .summary('stop clients, until they are enabled again')
    .description('Stops a client, or several: none of its tokens is valid until it is enabled again.')
    .argument('[client...]', "the clients' names")
    .addOption(scope)
    .action(
      app.action((names) =>
        each(app, names, existingClient, async (context, name) => {
          const { client, changed } = await consenting(app, (consent) =>
            disableClient(context, name, consent),
          )
          return {
            data: { ...clientJson(client), changed },
            ...switched(
              changed,
              `disabled client ${named(client)}`,
              `client ${named(client)} is disabled already`,
            ),
          }
        }),
      ),
    )
  addHelp(command, {
    json: { ...CLIENT_FIELDS, changed: 'false: it was disabled already' },
    examples: [
      'tokenctl client disable BI',
      'tokenctl client disable BI JDBC nightly',
      'tokenctl client disable BI && …maintenance… && tokenctl client enable BI',
    ],
  })
}
