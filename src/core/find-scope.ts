import { sees } from './authority.ts'
import type { Context } from './change.ts'
import type { Actor } from './model.ts'
import { noScope } from './not-found.ts'
import { Absent, Problem } from './problem.ts'
import type { Reads } from './store.ts'
import { checkScope, CLUSTER, type Scope, scopeCovers } from './scope.ts'

/** Where a bare name is looked for: where `--scope` says, or else at the actor's scope that covers all the others. @throws Problem `usage` */
export function workingScope({ actor, scope }: Pick<Context, 'actor' | 'scope'>): Scope {
  const widest = workingScopeOrNone({ actor, scope })
  if (widest !== null) return widest
  const scopes = new Set(actor.grants.map((grant) => grant.scope))
  throw new Problem(
    'usage',
    `${actor.name} acts at several scopes`,
    `name one of them with --scope: ${[...scopes].join(', ')}`,
  )
}

/** As `workingScope`; null: there is none. */
export function workingScopeOrNone({ actor, scope }: Pick<Context, 'actor' | 'scope'>): Scope | null {
  if (scope !== null) return scope
  const scopes = actor.grants.map((grant) => grant.scope)
  return scopes.find((scope) => scopes.every((other) => scopeCovers(scope, other))) ?? null
}

/** How a client is named on a command line, whoever types it. */
export const called = ({ name, scope }: { readonly name: string; readonly scope: Scope }): string =>
  scope === CLUSTER ? name : `${name} --scope ${scope}`

/** A scope as it is called, in whatever case it was given. @throws Problem `usage`; `not-found` also for what the actor has no part in */
export async function findScope(context: Pick<Context, 'store' | 'actor'>, given: string): Promise<Scope> {
  const asked = checkScope(given)
  if (asked === CLUSTER) return asked
  const scope = await context.store.scope(asked)
  if (scope !== null && knows(context.actor, scope)) return scope
  throw await noScope(context, asked)
}

/** Inside the transaction: nothing is made where nothing can be any more. @throws Problem `not-found` if it was deleted since it was found */
export async function stillThere(store: Reads, scope: Scope): Promise<void> {
  // One that was made since under another spelling is another one.
  if (scope === CLUSTER || (await store.scope(scope)) === scope) return
  const noun = scope.includes('/') ? 'group' : 'organization'
  const list = scope.includes('/') ? 'group list' : 'org list'
  throw new Absent(`${noun} ${scope} was deleted meanwhile`, `tokenctl ${list} shows them all`)
}

/** What one has a role in, or in something of. */
export const knows = (actor: Actor, scope: Scope): boolean =>
  sees(actor, scope) || actor.grants.some((grant) => scopeCovers(scope, grant.scope))
