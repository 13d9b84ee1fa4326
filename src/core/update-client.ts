import { change, type Context } from './change.ts'
import { refuseEscalation } from './escalation.ts'
import { findClient, findRole, stillClient } from './find.ts'
import type { Client } from './model.ts'
import { checkRoleName } from './name.ts'
import { refusePersonalClient } from './personal-client.ts'
import { aboutClient } from './subject.ts'

export interface UpdatedClient {
  readonly client: Client
  readonly previousRole: string | null
  /** False: it had that role already. */
  readonly changed: boolean
}

/** Gives a client another role, whose permissions it has at once. @throws Problem `not-found` */
export async function updateClient(context: Context, name: string, roleName: string): Promise<UpdatedClient> {
  checkRoleName(roleName)
  const found = await findClient(context, name)
  return change<UpdatedClient>(context, 'client update', aboutClient(found), async (store) => {
    const client = await stillClient(store, found)
    refusePersonalClient(client)
    const role = await findRole(store, roleName)
    const previousRole = client.role
    if (role.name === previousRole) {
      return { result: { client, previousRole, changed: false }, record: null }
    }
    refuseEscalation(context, role, client.scope)
    await store.setClientRole(client.id, role.id)
    return {
      result: { client: { ...client, role: role.name }, previousRole, changed: true },
      record: {
        client: client.id,
        details: { role: role.name, ...(previousRole !== null && { previousRole }) },
      },
    }
  })
}
