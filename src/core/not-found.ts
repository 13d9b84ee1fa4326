import { knows, may, scopesFor } from './authority.ts'
import type { Context } from './change.ts'
import { either } from './either.ts'
import { Absent, withoutLongRuns } from './problem.ts'
import { CLUSTER, isGroup, type Scope, scopeCovers } from './scope.ts'
import { editsAllowed, similar } from './similar.ts'
import type { ClientsAt, NamesLike, Reads } from './store.ts'

// What is said of a name that is not there: what may have been meant, of what the actor may list, and where all are.

/** Of a client that is not exactly at that scope. */
export async function noClientAt({ store, actor }: Context, name: string, scope: Scope): Promise<Absent> {
  const message = `no client ${withoutLongRuns(name)} at ${scope}`
  const listed = scopesFor(actor, 'client list')
  const elsewhere = await store.scopesOfClient(name, listed)
  if (elsewhere.length > 0) {
    return new Absent(message, `there is one at ${either(elsewhere)}: --scope says which`)
  }
  const mayList = listed.some((each) => scopeCovers(each, scope))
  const names = mayList ? await store.clientNames(like(name), { at: scope }) : []
  return absent(message, await similar(name, names), 'client list')
}

/** Of a client that is nowhere in a list of tokens. */
export async function noClient(store: Reads, name: string, where: ClientsAt): Promise<Absent> {
  const names = await store.clientNames(like(name), where)
  return absent(`no client ${withoutLongRuns(name)}`, await similar(name, names), 'client list')
}

/** Of an organization or group that is not there, or that the actor has no part in. */
export async function noScope(
  { store, actor }: Pick<Context, 'store' | 'actor'>,
  name: Scope,
): Promise<Absent> {
  const names = (await store.scopeNames(like(name))).filter((each) => knows(actor, each))
  return absent(`no ${nounOf(name)} ${withoutLongRuns(name)}`, await similar(name, names), listOf(name))
}

export const nounOf = (scope: Scope): string => (isGroup(scope) ? 'group' : 'organization')
export const listOf = (scope: Scope): string => (isGroup(scope) ? 'group list' : 'org list')

export async function noOperator(
  { store, actor }: Pick<Context, 'store' | 'actor'>,
  name: string,
): Promise<Absent> {
  const names = may(actor, 'operator list', CLUSTER) ? await store.operatorNames(like(name)) : []
  return absent(`no operator ${withoutLongRuns(name)}`, await similar(name, names), 'operator list')
}

export async function noRole(store: Reads, name: string): Promise<Absent> {
  const names = await store.roleNames(like(name))
  return absent(`no role ${withoutLongRuns(name)}`, await similar(name, names), 'role list')
}

/** Of a token's ID, or what begins as one. @param prefix of the store's tokens */
export async function noToken(context: Context, reference: string, prefix: string): Promise<Absent> {
  const ids = await idsLike(context, reference, prefix)
  return absent(`no token ${withoutLongRuns(reference)}`, ids, 'token list')
}

/** Characters of an ID, behind the prefix, that are taken to be right: there are not many tokens that share them. */
const RIGHT = 4

async function idsLike({ store, actor }: Context, reference: string, prefix: string): Promise<string[]> {
  if (!/^\w+$/.test(reference)) return []
  const beginning = reference.slice(0, prefix.length + 1 + RIGHT)
  const ids = await store.tokenIds(beginning, scopesFor(actor, 'token list'))
  const begun = ids.filter((id) => id.startsWith(reference))
  return begun.length === 1 ? begun : similar(reference, ids)
}

const like = (name: string): NamesLike => ({ name, difference: editsAllowed(name) })

function absent(message: string, meant: readonly string[], list: string): Absent {
  const shown = meant.map(withoutLongRuns)
  const guess = shown.length === 0 ? '' : `did you mean ${either(shown)}? `
  return new Absent(message, `${guess}tokenctl ${list} shows them all`)
}
