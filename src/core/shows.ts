import { onToken } from './authority.ts'
import { askPermission, type Context } from './change.ts'
import { DAYS_OF_USES, dayOf } from './day.ts'
import { findClient, findRole, findToken } from './find.ts'
import { findOperator } from './find-operator.ts'
import type { Client, Millis, Operator, Role, Secret, StoreIdentity, Token, UsesOfDay } from './model.ts'
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

/** With how it was used. */
export interface ShownToken extends Token {
  /** Null: never, or there is no such secret. */
  readonly currentLastUsedAt: Millis | null
  /** As of the current one. */
  readonly formerLastUsedAt: Millis | null
  /** The days on which it was used at all. */
  readonly usesByDay: readonly UsesOfDay[]
}

export async function showToken(context: Context, reference: string): Promise<ShownToken> {
  const token = await findToken(context, reference)
  await askPermission(context, onToken(context.actor, 'show', token.client), aboutToken(token))
  const { store, now } = context
  const lastUses = await store.lastUses(token.id)
  const lastUseOf = (secret: Secret | null): Millis | null => lastUses.get(secret?.digest ?? '') ?? null
  return {
    ...token,
    currentLastUsedAt: lastUseOf(token.current),
    formerLastUsedAt: lastUseOf(token.former),
    usesByDay: await store.usesByDay(token.id, dayOf(now()) - DAYS_OF_USES + 1),
  }
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
