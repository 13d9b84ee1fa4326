import { change, type Context } from './change.ts'
import { counted } from './counted.ts'
import { findOwnRole } from './find.ts'
import type { Role } from './model.ts'
import { checkRoleName } from './name.ts'
import { Problem } from './problem.ts'
import type { RoleUsers } from './store.ts'
import { aboutStore } from './subject.ts'

/** One that nobody has: so there is nothing to ask. @throws Problem `not-found`, `conflict` for one in use or built in */
export async function deleteRole(context: Context, name: string): Promise<Role> {
  checkRoleName(name)
  return change(context, 'role delete', aboutStore(name), async (store) => {
    const role = await findOwnRole(store, name)
    refuseInUse(role, await store.roleUsers(role.id))
    await store.deleteRole(role.id, context.now())
    return { result: role, record: { targets: [role.name] } }
  })
}

function refuseInUse({ name }: Role, { clients, someClients, operators }: RoleUsers): void {
  if (clients + operators === 0) return
  const more = clients - someClients.length
  const names = `${someClients.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  const users = [
    ...(clients > 0 ? [`${counted(clients, 'client')} (${names})`] : []),
    ...(operators > 0 ? [counted(operators, 'operator')] : []),
  ]
  throw new Problem(
    'conflict',
    `role ${name} is in use by ${users.join(' and ')}`,
    clients > 0
      ? `tokenctl client list --role ${name} shows them, tokenctl client update gives one another`
      : 'tokenctl operator list shows them, tokenctl operator revoke takes it away',
  )
}
