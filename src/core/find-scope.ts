import type { Action } from './action.ts'
import { knows, may } from './authority.ts'
import type { Context } from './change.ts'
import { listOf, noScope, nounOf } from './not-found.ts'
import { Absent, Problem, quoted } from './problem.ts'
import type { Reads } from './store.ts'
import { checkGroupName, checkScope, CLUSTER, isGroup, type Scope, scopeCovers } from './scope.ts'

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

/** Where the actor may do that: first where they do it unless they say otherwise. */
export async function scopesWhere(context: Context, action: Action): Promise<Scope[]> {
  const own = workingScopeOrNone(context)
  const all = [CLUSTER, ...(await context.store.scopes()).map(({ name }) => name)]
  const allowed = all.filter((scope) => may(context.actor, action, scope))
  return allowed.sort((a, b) => Number(b === own) - Number(a === own))
}

/** A scope as it is called, in whatever case it was given. @throws Problem `usage`; `not-found` also for what the actor has no part in */
export async function findScope(context: Pick<Context, 'store' | 'actor'>, given: string): Promise<Scope> {
  const asked = checkScope(given)
  if (asked === CLUSTER) return asked
  const scope = await context.store.scope(asked)
  if (scope !== null && knows(context.actor, scope)) return scope
  throw await noScope(context, asked)
}

/** Where a group belongs, and what it is called there. */
interface GroupName {
  readonly org: Scope
  readonly group: string
}

/**
 * A group that is named whole, or by its name in the organization that `--scope` or the actor's own scope is.
 * @throws Problem `usage`; `not-found` for the organization
 */
export async function groupNamed(context: Context, given: string): Promise<GroupName> {
  const [first = '', second] = checkGroupName(given).split('/')
  if (second === undefined) return { org: ownOrg(context, first), group: first }
  const org = await findScope(context, first)
  if (context.scope === null || scopeCovers(context.scope, org)) return { org, group: second }
  throw new Problem(
    'usage',
    `group ${quoted(given)} is not in ${context.scope}`,
    'a group that is named whole needs no --scope',
  )
}

function ownOrg(context: Context, group: string): Scope {
  const scope = workingScope(context)
  if (scope !== CLUSTER && !isGroup(scope)) return scope
  throw new Problem(
    'usage',
    `of which organization is group ${quoted(group)}?`,
    'name it whole: acme/etl is the group etl of acme',
  )
}

/** Inside the transaction: nothing is made where nothing can be any more. @throws Problem `not-found` if it was deleted since it was found */
export async function stillScope(store: Reads, scope: Scope): Promise<void> {
  // One that was made since under another spelling is another one.
  if (scope === CLUSTER || (await store.scope(scope)) === scope) return
  throw new Absent(
    `${nounOf(scope)} ${scope} was deleted meanwhile`,
    `tokenctl ${listOf(scope)} shows them all`,
  )
}
