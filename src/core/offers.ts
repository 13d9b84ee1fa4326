import { may, scopesFor } from './authority.ts'
import type { Context } from './change.ts'
import { knows } from './authority.ts'
import { workingScope } from './find-scope.ts'
import type { Client, Role, ScopeSummary, TokenSummary } from './model.ts'
import { nameKey } from './name.ts'
import { CLUSTER } from './scope.ts'
import type { Beginning } from './store.ts'

// What can be offered to somebody who is typing a name: of what they may list, and asked so that nothing is left of it.

/** What is being typed. */
export interface Typed {
  readonly prefix: string
  /** A name that is looked for wherever the actor may list, rather than in one place. */
  readonly isAnywhere: boolean
  /** Those that are disabled themselves, or those that are not; null: both. */
  readonly isDisabled: boolean | null
}

export async function offeredClients(context: Context, typed: Typed): Promise<Client[]> {
  return context.store.clientsBeginning(startOf(context, 'client list', typed))
}

/** Tokens to be called by their IDs, and those that can be by their client's name. */
export async function offeredTokens(
  context: Context,
  typed: Typed,
): Promise<Readonly<Record<'byId' | 'byClient', readonly TokenSummary[]>>> {
  const start = startOf(context, 'token list', typed)
  return {
    byId: await context.store.tokensBeginning(start, 'id'),
    byClient: await context.store.tokensBeginning(start, 'client'),
  }
}

/** Whoever holds any grant may read them. @param own only those that are not built in */
export async function offeredRoles({ store }: Context, prefix: string, own: boolean): Promise<Role[]> {
  return (await store.rolesBeginning(prefix)).filter(({ builtIn }) => !(own && builtIn))
}

/** Organizations and groups that the actor has a part in. */
export async function offeredScopes({ store, actor }: Context, prefix: string): Promise<ScopeSummary[]> {
  const begins = ({ name }: ScopeSummary): boolean => nameKey(name).startsWith(nameKey(prefix))
  return (await store.scopes()).filter((scope) => begins(scope) && knows(actor, scope.name))
}

/** Those who operate belong to the store. */
export async function offeredOperators({ store, actor }: Context, prefix: string): Promise<string[]> {
  return may(actor, 'operator list', CLUSTER) ? store.operatorsBeginning(prefix) : []
}

function startOf(
  context: Context,
  action: 'client list' | 'token list',
  { prefix, isAnywhere, isDisabled }: Typed,
): Beginning {
  const scope = isAnywhere ? null : workingScope(context)
  return { prefix, scope, scopes: scopesFor(context.actor, action), isDisabled }
}
