import { isOwn } from './authority.ts'
import type { Context } from './change.ts'
import { findRole } from './find.ts'
import type { Actor, Client, Role } from './model.ts'
import { grantsAllow } from './permission.ts'
import { Problem } from './problem.ts'
import type { Scope } from './scope.ts'
import { policyOf } from './settings.ts'
import type { Reads } from './store.ts'

// Nobody gives away what they do not hold.

/** Each pattern of the role must lie within one that the actor holds there. @throws Problem `denied` */
export function refuseEscalation(
  { actor }: Pick<Context, 'actor'>,
  role: Pick<Role, 'name' | 'patterns'>,
  scope: Scope,
): void {
  const missing = role.patterns.find((pattern) => !grantsAllow(actor.grants, pattern, scope))
  if (missing === undefined) return
  throw new Problem(
    'denied',
    `role ${role.name} gives ${missing}, which ${actor.name} does not hold at ${scope}`,
    'tokenctl whoami shows the roles you hold',
  )
}

/** Whoever makes a secret for a client holds what that client may, and a personal one is its operator's alone. @throws Problem `denied` */
export async function refuseSecretFor(
  context: Pick<Context, 'actor'>,
  store: Reads,
  client: Client,
): Promise<void> {
  if (client.role !== null) {
    refuseEscalation(context, await findRole(store, client.role), client.scope)
    return
  }
  if (isOwn(context.actor, client)) {
    await refusePersonal(context.actor, store)
    return
  }
  throw new Problem(
    'denied',
    `client ${client.name} is personal, and nobody makes a token in another's name`,
    'tokenctl token create --mine makes one of your own',
  )
}

/** @throws Problem `denied` where the settings do not let the operator have personal tokens */
export async function refusePersonal({ name, grants }: Actor, store: Reads): Promise<void> {
  const { personalTokens } = await policyOf(store)
  const isAdmin = grants.some(({ role }) => role === 'admin')
  if (personalTokens === 'everyone' || (personalTokens === 'admins' && isAdmin)) return
  throw new Problem(
    'denied',
    `${name} may have no personal tokens: the setting personal-tokens is ${personalTokens}`,
    'tokenctl settings set personal-tokens everyone lets all operators have some',
  )
}
