import { may } from './authority.ts'
import { change, type Context } from './change.ts'
import { counted } from './counted.ts'
import { findOwnRole } from './find.ts'
import type { Actor, Role } from './model.ts'
import { checkRoleName } from './name.ts'
import { Problem } from './problem.ts'
import { CLUSTER } from './scope.ts'
import type { RoleUsers } from './store.ts'
import { aboutStore } from './subject.ts'

/** One that nobody has: so there is nothing to ask. @throws Problem `not-found`, `conflict` for one in use or built in */
export async function deleteRole(context: Context, name: string): Promise<Role> {
  checkRoleName(name)
  return change(context, 'role delete', aboutStore(name), async (store) => {
    const role = await findOwnRole(store, name)
    refuseInUse(context.actor, role, await store.roleUsers(role.id))
    await store.deleteRole(role.id, context.now())
    return { result: role, record: { targets: [role.name] } }
  })
}

/** Who has it is named, and found by a list, to who may list them. */
function refuseInUse(actor: Actor, { name }: Role, users: RoleUsers): void {
  const { clients, operators } = users
  if (clients + operators === 0) return
  const mayList = may(actor, 'client list', CLUSTER)
  const said = [
    ...(clients > 0 ? [`${counted(clients, 'client')}${mayList ? ` (${someOf(users)})` : ''}`] : []),
    ...(operators > 0 ? [counted(operators, 'operator')] : []),
  ]
  throw new Problem(
    'conflict',
    `role ${name} is in use by ${said.join(' and ')}`,
    hintFor(actor, name, users),
  )
}

function someOf({ clients, someClients }: RoleUsers): string {
  const more = clients - someClients.length
  return `${someClients.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function hintFor(actor: Actor, role: string, { clients }: RoleUsers): string | undefined {
  if (clients > 0) {
    if (!may(actor, 'client list', CLUSTER)) return undefined
    return `tokenctl client list --role ${role} shows them, tokenctl client update gives one another`
  }
  if (!may(actor, 'operator list', CLUSTER)) return undefined
  return 'tokenctl operator list shows them, tokenctl operator revoke takes it away'
}
