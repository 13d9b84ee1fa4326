import { type Action, permissionFor } from './action.ts'
import type { Actor, Client } from './model.ts'
import { grantsAllow, scopesAllowing } from './permission.ts'
import { type Scope, scopeCovers } from './scope.ts'

// What somebody may, and what there is to them.

/** Whether the actor sees anything at that scope at all. What lies outside is absent: not found, and no denial. */
function sees(actor: Actor, scope: Scope): boolean {
  return actor.grants.some((grant) => scopeCovers(grant.scope, scope))
}

/** What one has a role in, or in something of. */
export const knows = (actor: Actor, scope: Scope): boolean =>
  sees(actor, scope) || actor.grants.some((grant) => scopeCovers(scope, grant.scope))

/** A person's own personal client; to a token nothing is its own. */
export const isOwn = (actor: Actor, { operatorId }: Pick<Client, 'operatorId'>): boolean =>
  operatorId !== null && operatorId === actor.operatorId && actor.token === null

/** Whether there is such a client to the actor. */
export const seesClient = (actor: Actor, client: Client): boolean =>
  sees(actor, client.scope) || isOwn(actor, client)

/** What is done to a token by its own operator is another action, which `user` gives, whatever the scope. */
export const onToken = <Verb extends string>(
  actor: Actor,
  verb: Verb,
  client: Pick<Client, 'operatorId'>,
): `own-token ${Verb}` | `token ${Verb}` => `${isOwn(actor, client) ? 'own-token' : 'token'} ${verb}`

/** The one rule, for one of tokenctl's own actions. */
export const may = (actor: Actor, action: Action, scope: Scope): boolean =>
  holds(actor, permissionFor(action), scope)

/** The same of any permission. What is one's own is so at every scope, and to a token nothing is. */
export function holds(actor: Actor, permission: string, scope: Scope): boolean {
  if (!permission.endsWith(':tokenctl/own-token')) return grantsAllow(actor.grants, permission, scope)
  return actor.token === null && scopesAllowing(actor.grants, permission).length > 0
}

/** At and below which scopes the actor may, perhaps none: what is not offered to somebody was not denied to them. */
export const scopesFor = ({ grants }: Actor, action: Action): readonly Scope[] =>
  scopesAllowing(grants, permissionFor(action))
