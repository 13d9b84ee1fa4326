import type { App } from '../../cli/app.ts'
import { ownRole } from '../../cli/choose.ts'
import { addHelp } from '../../cli/help.ts'
import { type Result, sentence } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { permissions } from '../../cli/permissions.ts'
import { repeated } from '../../cli/repeated.ts'
import { ROLE_FIELDS, roleJson } from '../../cli/role-view.ts'
import { checkPattern } from '../../core/permission.ts'
import { Problem } from '../../core/problem.ts'
import { type RoleUpdate, type UpdatedRole, updateRole } from '../../core/update-role.ts'

export function roleUpdate(group: Group, app: App): void {
  const command = group
    .command('update')
    .summary('change what a role gives')
    .description('Adds permissions to a role and takes others away, for all who have it at once.')
    .argument('[role]', "the role's name")
    .option('--allow <permission>', 'a permission to add; may be repeated', repeated)
    .option('--remove <permission>', 'a permission to take away; may be repeated', repeated)
    .action(
      app.action(async (given, { allow = [], remove = [] }) => {
        ;[...allow, ...remove].forEach(checkPattern)
        const isGiven = allow.length + remove.length > 0
        const name = await ownRole(app, given)
        return update(app, name, isGiven ? { allow, remove } : await askUpdate(app))
      }),
    )
  addHelp(command, {
    json: {
      ...ROLE_FIELDS,
      added: 'the permissions that it has got',
      removed: 'those that were taken away',
      changed: 'false: it was so already',
    },
    examples: [
      "tokenctl role update analyst --allow 'select:hr.*'",
      "tokenctl role update analyst --allow select:sales.orders --remove 'select:sales.*'",
    ],
  })
}

async function askUpdate(app: App): Promise<RoleUpdate> {
  const allow = await permissions(app, '--allow or --remove', 'Permissions to add (or none):')
  const remove = await permissions(app, '--remove', 'Permissions to take away (or none):')
  if (allow.length + remove.length > 0) return { allow, remove }
  throw new Problem('usage', 'there is nothing to update', '--allow adds, --remove takes away')
}

async function update(app: App, name: string, { allow, remove }: RoleUpdate): Promise<Result> {
  const { role, added, removed } = await updateRole(await app.context(), name, { allow, remove })
  const changed = added.length + removed.length > 0
  return {
    data: { ...roleJson(role), added, removed, changed },
    text: sentence(changed ? `updated role ${role.name}: ${said({ added, removed })}` : ''),
    notes: [
      ...others(allow, added).map((pattern) => `role ${role.name} gives ${pattern} already`),
      ...others(remove, removed).map((pattern) => `role ${role.name} does not give ${pattern}`),
    ],
  }
}

const said = ({ added, removed }: Pick<UpdatedRole, 'added' | 'removed'>): string =>
  [
    ...(added.length > 0 ? [`added ${added.join(' ')}`] : []),
    ...(removed.length > 0 ? [`took away ${removed.join(' ')}`] : []),
  ].join('; ')

const others = (asked: readonly string[], done: readonly string[]): string[] =>
  [...new Set(asked)].filter((pattern) => !done.includes(pattern))
