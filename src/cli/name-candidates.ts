import type { Context } from '../core/change.ts'
import { counted } from '../core/counted.ts'
import type { Millis, TokenSummary } from '../core/model.ts'
import { isClientName, isName, isRoleName } from '../core/name.ts'
import {
  offeredClients,
  offeredOperators,
  offeredRoles,
  offeredScopes,
  offeredTokens,
} from '../core/offers.ts'
import { CLUSTER, isGroup, isScope } from '../core/scope.ts'
import { isTokenId } from '../core/token-format.ts'
import { clientStatus } from '../core/client-status.ts'
import { tokenStatus } from '../core/token-status.ts'
import { inRole } from './token-view.ts'
import type { Candidate, NamesWanted, Spot } from './completion.ts'

/** The names that the store knows. What lies in it anybody may have put there: what is no name, or no ID, is left out. */
export async function nameCandidates(
  context: Context,
  spot: Spot,
  wanted: NamesWanted,
): Promise<Candidate[]> {
  const found = await OF[wanted.of](context, spot, wanted)
  return wanted.isOption ? found : found.filter(({ value }) => !spot.operands.includes(value))
}

const OF: Readonly<Record<NamesWanted['of'], typeof clients>> = {
  client: clients,
  token: tokens,
  role: roles,
  org: async (...asked) => (await scopes(...asked)).filter(({ value }) => !isGroup(value)),
  group: async (...asked) => (await scopes(...asked)).filter(({ value }) => isGroup(value)),
  scope: async (...asked) => [...cluster(...asked), ...(await scopes(...asked))],
  operator: operators,
}

async function clients(
  context: Context,
  spot: Spot,
  { prefix, isOption }: NamesWanted,
): Promise<Candidate[]> {
  const found = await offeredClients(context, { prefix, isAnywhere: isOption, ...switchedBy(spot) })
  return found
    .filter(({ name }) => isClientName(name))
    .map((client) => ({ value: client.name, about: `${inRole(client.role)}, ${clientStatus(client)}` }))
}

/** Before anything is typed each is there once: by its client's name, or by its ID where that does not do. */
async function tokens(context: Context, spot: Spot, { prefix, isOption }: NamesWanted): Promise<Candidate[]> {
  const typed = { prefix, isAnywhere: isOption, ...switchedBy(spot) }
  const { byId, byClient } = await offeredTokens(context, typed)
  const now = context.now()
  const named = byClient.filter(({ client }) => isClientName(client.name))
  const unnamed = byId.filter(({ id }) => prefix !== '' || named.every((token) => token.id !== id))
  return [
    ...named.map((token) => ({ value: token.client.name, about: about(token.id, token, now) })),
    ...unnamed
      .filter(({ id }) => isTokenId(id))
      .map((token) => ({ value: token.id, about: about(token.client.name, token, now) })),
  ]
}

const about = (called: string, token: TokenSummary, now: Millis): string =>
  [called, tokenStatus(token, now), token.description].filter((part) => part !== null).join(', ')

async function roles(context: Context, { command }: Spot, { prefix }: NamesWanted): Promise<Candidate[]> {
  const isChange = command.parent?.name() === 'role' && ['update', 'delete'].includes(command.name())
  const found = await offeredRoles(context, prefix, isChange)
  return found
    .filter(({ name }) => isRoleName(name))
    .map(({ name, patterns }) => ({ value: name, about: patterns.join(', ') }))
}

async function scopes(context: Context, _: Spot, { prefix }: NamesWanted): Promise<Candidate[]> {
  return (await offeredScopes(context, prefix))
    .filter(({ name }) => isScope(name))
    .map(({ name, clients }) => ({ value: name, about: counted(clients, 'client') }))
}

const cluster = (_: Context, __: Spot, { prefix }: NamesWanted): Candidate[] =>
  CLUSTER.startsWith(prefix) ? [{ value: CLUSTER, about: 'the whole store' }] : []

async function operators(context: Context, _: Spot, { prefix }: NamesWanted): Promise<Candidate[]> {
  const names = await offeredOperators(context, prefix)
  return names.filter(isName).map((value) => ({ value, about: 'operator' }))
}

/** What is so already need not be offered. */
function switchedBy({ command }: Spot): { readonly isDisabled: boolean | null } {
  const verb = command.name()
  return { isDisabled: verb === 'enable' ? true : verb === 'disable' ? false : null }
}
