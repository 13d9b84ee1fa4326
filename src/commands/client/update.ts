import type { App } from '../../cli/app.ts'
import { clientRole, existingClient } from '../../cli/choose.ts'
import { CLIENT_FIELDS, clientJson } from '../../cli/client-view.ts'
import { addHelp } from '../../cli/help.ts'
import { jobsRoleNote } from '../../cli/jobs-view.ts'
import { sentence } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { scope } from '../../cli/scope-option.ts'
import { updateClient } from '../../core/update-client.ts'
import { named } from '../../core/called.ts'

export function clientUpdate(group: Group, app: App): void {
  const command = group
    .command('update')
    .summary('give a client another role')
    .description('Gives a client another role. Its tokens have the permissions of that role at once.')
    .argument('[client]', "the client's name")
    .addOption(scope)
    .option('--role <role>', 'the role whose permissions it gets')
    .action(
      app.action(async (given, options) => {
        const name = await existingClient(app, given)
        const role = await clientRole(app, options.role)
        const { client, previousRole, changed } = await updateClient(await app.context(), name, role)
        return {
          data: { ...clientJson(client), previousRole, changed },
          text: sentence(changed ? `updated client ${named(client)}, role ${client.role}` : ''),
          notes: changed ? jobsRoleNote(client) : [`client ${named(client)} has role ${client.role} already`],
        }
      }),
    )
  addHelp(command, {
    json: {
      ...CLIENT_FIELDS,
      previousRole: 'the role it had before',
      changed: 'false: it had that role already',
    },
    examples: ['tokenctl client update BI --role analyst', 'tokenctl client update BI --role user --json'],
  })
}
