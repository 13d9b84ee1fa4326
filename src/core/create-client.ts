import { addToken, type NewTokenInput } from './add-token.ts'
import { type Changed, change, type Context } from './change.ts'
import { refuseEscalation } from './escalation.ts'
import { findRole, refusePrefix } from './find.ts'
import { called, named } from './called.ts'
import { stillScope, workingScope } from './find-scope.ts'
import {
  deliverSecret,
  type Issued,
  prepareSecret,
  type Sink,
  refuseYoung,
  type Undone,
} from './issue-secret.ts'
import type { Millis, Token } from './model.ts'
import type { Writer } from './store.ts'
import { checkDescription, checkName } from './name.ts'
import { Problem } from './problem.ts'
import type { Scope } from './scope.ts'
import { aboutScope } from './subject.ts'

export interface NewClientInput extends NewTokenInput {
  readonly name: string
  readonly role: string
}

/** What an unfinished `client create` of that name had left, and is gone: what it printed is void. */
export interface Unfinished {
  readonly clientId: number
  readonly tokens: readonly string[]
  readonly since: Millis
  readonly deletedAt: Millis
}

interface Prepared {
  readonly token: Token
  /** Null: the client has a token without a secret, for a later regenerate. */
  readonly issued: Issued | null
  readonly replaced: Unfinished | null
}

export interface Created {
  readonly token: Token
  /** Null: none was made yet. */
  readonly secret: { readonly expiresAt: Millis | null } | null
  readonly replaced: Unfinished | null
}

/**
 * Registers a client with its first token.
 * @param sink null: no secret is made yet
 * @throws Problem `conflict` if the name is taken, and as `deliverSecret`
 */
export async function createClient(
  context: Context,
  input: NewClientInput,
  sink: Sink | null,
): Promise<Created> {
  checkName('client', input.name)
  if (input.description !== null) checkDescription(input.description)
  await refusePrefix(context.store, input.name)
  const scope = workingScope(context)

  const { token, issued, replaced } = await change(
    context,
    'client create',
    aboutScope(scope, input.name),
    (store) => prepare(store, context, input, scope, sink !== null),
  )
  if (issued !== null && sink !== null) {
    await deliverSecret(context, 'client create', issued, sink, (store) =>
      forget(store, token, replaced, context.now()),
    )
  }
  return { token, secret: issued && { expiresAt: issued.expiresAt }, replaced }
}

async function prepare(
  store: Writer,
  context: Context,
  input: NewClientInput,
  scope: Scope,
  withSecret: boolean,
): Promise<Changed<Prepared>> {
  await stillScope(store, scope)
  const role = await findRole(store, input.role)
  refuseEscalation(context, role, scope)
  const now = context.now()
  const replaced = await makeRoom(store, input.name, scope, now)
  const clientId = await store.addClient({
    name: input.name,
    scope,
    roleId: role.id,
    createdAt: now,
    createdBy: context.actor.name,
    provisional: withSecret,
  })
  if (clientId === null) throw nameTaken(input.name, scope)

  const { id, expires } = await addToken(store, context, clientId, input)
  const issued = withSecret ? await prepareSecret(store, context, id, expires) : null
  const token = issued?.token ?? (await store.token(id))
  if (token === null) throw new Error(`token ${id} vanished inside its transaction`)
  return {
    result: { token, issued, replaced },
    record: {
      targets: [input.name, id],
      outcome: withSecret ? 'prepared' : 'done',
      details: {
        role: role.name,
        ...(issued && { expiresAt: issued.expiresAt }),
        ...(replaced && { unfinishedSince: replaced.since, replacedTokens: replaced.tokens }),
      },
    },
  }
}

/** Takes away what a crashed `client create` of that name left, once it is old enough not to be somebody's at work. */
async function makeRoom(store: Writer, name: string, scope: Scope, now: Millis): Promise<Unfinished | null> {
  const there = await store.client(name, scope)
  if (there === null) return null
  if (there.provisionalSince === null) throw nameTaken(there.name, scope)
  refuseYoung(`client ${named(there)}`, { at: there.provisionalSince, by: there.createdBy }, now)
  const tokens = await store.tokensOf(there.id)
  for (const { id, pending } of tokens) {
    if (pending !== null) {
      refuseYoung(`a new secret for token ${id}`, { at: pending.madeAt, by: pending.madeBy }, now)
    }
  }
  await store.deleteClient(there.id, now)
  return {
    clientId: there.id,
    tokens: tokens.map(({ id }) => id),
    since: there.provisionalSince,
    deletedAt: now,
  }
}

/** With the secret goes the client, unless somebody has made it theirs in the meantime; and what it replaced comes back. */
async function forget(
  store: Writer,
  { client }: Token,
  replaced: Unfinished | null,
  now: Millis,
): Promise<Undone> {
  const there = await store.client(client.name, client.scope)
  if (there?.id !== client.id || there.provisionalSince === null) {
    return { left: 'somebody has changed the client meanwhile: it stays, without a secret' }
  }
  await store.deleteClient(client.id, now)
  if (replaced === null) return { left: null }
  if (await store.restoreClient(replaced.clientId, replaced.deletedAt)) {
    return { left: null, restoredTokens: replaced.tokens }
  }
  return { left: 'the unfinished client that it replaced is gone: its role was deleted meanwhile' }
}

const nameTaken = (name: string, scope: Scope): Problem =>
  new Problem(
    'conflict',
    `there is a client ${name} at ${scope} already`,
    `tokenctl token regenerate ${called({ name, scope })} gives it a new secret`,
  )
