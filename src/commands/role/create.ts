import type { App } from '../../cli/app.ts'
import { roleName } from '../../cli/ask.ts'
import { addHelp } from '../../cli/help.ts'
import { sentence } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { permissions } from '../../cli/permissions.ts'
import { repeated } from '../../cli/repeated.ts'
import { ROLE_FIELDS, roleJson } from '../../cli/role-view.ts'
import { createRole } from '../../core/create-role.ts'
import { checkRoleName } from '../../core/name.ts'
import { checkPattern } from '../../core/permission.ts'

export function roleCreate(group: Group, app: App): void {
  const command = group
    .command('create')
    .summary('make a role')
    .description('Makes a role: a named set of permissions, each verb:object. A * may end either part.')
    .argument('[name]', 'what the role is called')
    .option('--allow <permission>', 'a permission it gives; may be repeated', repeated)
    .action(
      app.action(async (given, options) => {
        options.allow?.forEach(checkPattern)
        const name = checkRoleName(await roleName(app, given))
        const allow =
          options.allow ??
          (await permissions(app, '--allow', 'Permissions (verb:object, separated by spaces):', 1))
        const role = await createRole(await app.context(), { name, allow })
        return { data: roleJson(role), text: sentence(`created role ${role.name}`) }
      }),
    )
  addHelp(command, {
    json: ROLE_FIELDS,
    examples: [
      "tokenctl role create analyst --allow 'select:sales.*'",
      'tokenctl role create nightly --allow disable:tokenctl/token --allow enable:tokenctl/token',
    ],
  })
}
