import { may, scopesFor } from './authority.ts'
import { askPermission, type Context, permittedScopes } from './change.ts'
import type { ClientStatus } from './client-status.ts'
import { findRole } from './find.ts'
import type { ListFilter, ListInput, TokenFilter, WantedOfTokens } from './list-filter.ts'
import type { ClientSummary, Operator, Role, ScopeSummary, TokenSummary } from './model.ts'
import { checkClientName } from './name.ts'
import { noClient } from './not-found.ts'
import { CLUSTER, isGroup, type Scope, scopeCovers, scopesInBoth } from './scope.ts'
import { policyOf } from './policy.ts'
import type { TokenStatus } from './token-status.ts'

export interface TokenListInput extends ListInput<TokenStatus>, WantedOfTokens {}

/**
 * The tokens, row by row, as they all were at one moment.
 * @throws Problem `not-found` for an unknown client or role: a misspelt name must not pass as "no findings"
 */
export async function listTokens(
  context: Context,
  input: TokenListInput,
): Promise<AsyncIterable<TokenSummary>> {
  const { client } = input
  const filter = await tokenFilterOf(context, 'token list', input)
  if (client !== null) await refuseUnknownClient(context, client, filter)
  return context.store.tokens(filter)
}

/** What the actor sees of the tokens that were asked for. @throws Problem `not-found` for an unknown role */
export async function tokenFilterOf(
  context: Context,
  action: 'token list' | 'token forecast',
  input: TokenListInput,
): Promise<TokenFilter> {
  const { client, neverExpires, neverUsed, mine } = input
  const { tokens } = await policyOf(context.store)
  const filter = await filterOf(context, action, input, mine)
  return { ...filter, client, neverExpires, neverUsed, mine, areOff: !tokens }
}

/** As `listTokens`, the clients. */
export async function listClients(
  context: Context,
  input: ListInput<ClientStatus>,
): Promise<AsyncIterable<ClientSummary>> {
  return context.store.clients(await filterOf(context, 'client list', input))
}

/** Roles belong to the store, and whoever holds any grant may read them. */
export async function listRoles({ store }: Context): Promise<Role[]> {
  return store.roles()
}

/** Those that the actor may list as a whole: whose role is at a group alone is not shown its organization. */
export async function listOrgs(context: Context): Promise<ScopeSummary[]> {
  const within = await permittedScopes(context, 'org list')
  return (await scopesWithin(context, within)).filter(({ name }) => !isGroup(name))
}

export async function listGroups(context: Context): Promise<ScopeSummary[]> {
  const within = scopesInBoth(await permittedScopes(context, 'group list'), [context.scope ?? CLUSTER])
  return (await scopesWithin(context, within)).filter(({ name }) => isGroup(name))
}

const scopesWithin = async ({ store }: Context, within: readonly Scope[]): Promise<ScopeSummary[]> =>
  (await store.scopes()).filter(({ name }) => within.some((scope) => scopeCovers(scope, name)))

/** Operators belong to the store, and who they are is for who acts there. */
export async function listOperators(context: Context): Promise<Operator[]> {
  await askPermission(context, 'operator list')
  return context.store.operators()
}

async function refuseUnknownClient(
  { store }: Context,
  name: string,
  { scopes: within, ownedBy, withDeleted }: TokenFilter,
): Promise<void> {
  checkClientName(name)
  const where = { within, ownedBy, withDeleted }
  if (!(await store.hasClient(name, where))) throw await noClient(store, name, where)
}

/** What the actor sees of what was asked for. */
async function filterOf<Status extends string>(
  context: Context,
  action: 'client list' | 'token list' | 'token forecast',
  input: ListInput<Status>,
  mine = false,
): Promise<ListFilter<Status>> {
  const reach = mine ? await ownReach(context) : await reachOf(context, action)
  const role = input.role === null ? null : await findRole(context.store, input.role)
  const now = context.now()
  const { expiresWithin, unusedFor } = input
  return {
    ...input,
    ...reach,
    now,
    expiresBy: expiresWithin === null ? null : now + expiresWithin * 1000,
    unusedSince: unusedFor === null ? null : now - unusedFor * 1000,
    withDeleted: input.withDeleted || input.status === 'deleted',
    roleId: role?.id ?? null,
  }
}

type Reach = Pick<ListFilter<never>, 'scopes' | 'ownedBy'>

/** What is at the scopes where the actor may, and their own personal tokens. */
async function reachOf(
  context: Context,
  action: 'client list' | 'token list' | 'token forecast',
): Promise<Reach> {
  const { actor, scope } = context
  const ownedBy = action === 'token list' && may(actor, 'own-token list', CLUSTER) ? actor.operatorId : null
  const permitted = ownedBy === null ? await permittedScopes(context, action) : scopesFor(actor, action)
  const isAll = scope === null || scope === CLUSTER
  return { scopes: scopesInBoth(permitted, [scope ?? CLUSTER]), ownedBy: isAll ? ownedBy : null }
}

/** Their personal tokens alone. */
async function ownReach(context: Context): Promise<Reach> {
  await askPermission(context, 'own-token list')
  return { scopes: [], ownedBy: context.actor.operatorId }
}
