import { onToken } from './authority.ts'
import { askPermission, type Context } from './change.ts'
import { findClient, findRole, findToken } from './find.ts'
import { findOperator } from './find-operator.ts'
import type { Client, Operator, Role, StoreIdentity, Token } from './model.ts'
import type { StoreSize } from './store.ts'
import { aboutClient, aboutToken } from './subject.ts'

// What changes nothing: each asks for its permission and sees no further than the actor's grants.

export async function showClient(
  context: Context,
  name: string,
): Promise<{ readonly client: Client; readonly tokens: readonly Token[] }> {
  const client = await findClient(context, name)
  await askPermission(context, 'client show', aboutClient(client))
  return { client, tokens: await context.store.tokensOf(client.id) }
}

export async function showToken(context: Context, reference: string): Promise<Token> {
  const token = await findToken(context, reference)
  await askPermission(context, onToken(context.actor, 'show', token.client), aboutToken(token))
  return token
}

export async function showRole({ store }: Context, name: string): Promise<Role> {
  return findRole(store, name)
}

export async function showOperator(context: Context, name: string): Promise<Operator> {
  return findOperator(context, 'operator show', name)
}

export async function showJobsConnection(context: Context): Promise<Client | null> {
  await askPermission(context, 'jobs show-connection')
  return context.store.jobsConnection()
}

export interface StoreInfo extends StoreIdentity, StoreSize {
  readonly schemaVersion: number
}

export async function showStore(context: Context): Promise<StoreInfo> {
  await askPermission(context, 'store info')
  const { store } = context
  return { ...(await store.identity()), ...(await store.size()), schemaVersion: await store.schemaVersion() }
}
