import { isOwn } from './authority.ts'
import type { Context } from './change.ts'
import { findRole } from './find.ts'
import type { Actor, Client, Operator, Role } from './model.ts'
import { grantsAllow } from './permission.ts'
import { Problem } from './problem.ts'
import type { Scope } from './scope.ts'
import { type Policy, policyOf } from './policy.ts'
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

/** Whoever lets an operator in, or can act as them, holds what they hold. @throws Problem `denied` */
export async function refuseEscalationTo(
  context: Pick<Context, 'actor'>,
  store: Reads,
  { grants }: Pick<Operator, 'grants'>,
): Promise<void> {
  for (const { role, scope } of grants) refuseEscalation(context, await findRole(store, role), scope)
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
export async function refusePersonal(actor: Actor, store: Reads): Promise<void> {
  const { personalTokens } = await policyOf(store)
  if (mayHavePersonal(actor, personalTokens)) return
  throw new Problem(
    'denied',
    `${actor.name} may have no personal tokens: the setting personal-tokens is ${personalTokens}`,
    'tokenctl settings set personal-tokens everyone lets all operators have some',
  )
}

/** Those that were made stop by the same rule: `OFF_BY` in store/off.ts. */
const mayHavePersonal = ({ grants }: Actor, personalTokens: Policy['personalTokens']): boolean =>
  personalTokens === 'everyone' ||
  (personalTokens === 'admins' && grants.some(({ role }) => role === 'admin'))
