import { type Action, permissionFor } from './action.ts'
import { type AuditDetails, type AuditDraft, type AuditOutcome, chain } from './audit.ts'
import { may, scopesFor } from './authority.ts'
import type { Actor, Millis, OsUser, UidsWithin } from './model.ts'
import type { Reads, Store, Writer } from './store.ts'
import { isProblem, Problem } from './problem.ts'
import { CLUSTER, type Scope } from './scope.ts'
import { aboutStore, type Subject } from './subject.ts'
import type { RandomBytes } from './token-format.ts'

/**
 * The way into a write, known to this file and to the store alone: so nothing changes without a permission
 * that was asked for and an audit entry that goes with it, in one transaction.
 */
export const WRITE = Symbol('write')

/** What verifying needs: no operator. */
export interface VerifyContext {
  readonly store: Store
  readonly osUser: OsUser
  readonly now: () => Millis
}

/** What every use case of an administrator gets. */
export interface Context extends VerifyContext {
  readonly actor: Actor
  /** Who is asking, found out anew. @throws Problem `not-logged-in` */
  readonly authenticate: (store: Reads) => Promise<Actor>
  readonly randomBytes: RandomBytes
  /** Where bare names are looked for, as `--scope` says; null: it says nothing. */
  readonly scope: Scope | null
  readonly uidsWithin: UidsWithin
}

/** What a change did, for the audit. */
interface Recorded {
  /** Where more can be named than was known before. */
  readonly targets?: readonly string[]
  /** The client it touched, which is thereby no longer provisional. */
  readonly client?: number
  readonly outcome?: AuditOutcome
  readonly details?: AuditDetails
}

/** What a change gives back, and what it did; null: it found everything as it should be, and did nothing. */
export interface Changed<T> {
  readonly result: T
  readonly record: Recorded | null
}

type Work<T> = (store: Writer) => Promise<Changed<T>>

/** @throws Problem `denied`, after writing the denial to the audit */
export async function askPermission(context: Context, action: Action, subject = aboutStore()): Promise<void> {
  if (may(context.actor, action, subject.scope)) return
  await deny(context, action, subject)
}

/** At and below which scopes the actor may: at least one. @throws Problem `denied`, after writing the denial to the audit */
export async function permittedScopes(context: Context, action: Action): Promise<readonly Scope[]> {
  const scopes = scopesFor(context.actor, action)
  return scopes.length > 0 ? scopes : deny(context, action, aboutStore(), 'anywhere')
}

async function deny(
  context: Context,
  action: Action,
  subject: Subject,
  where = `at ${subject.scope}`,
): Promise<never> {
  await recordDenial(context, action, subject)
  throw new Problem(
    'denied',
    `${context.actor.name} is not permitted to run ${action} ${where}`,
    action.startsWith('own-token ') && context.actor.token !== null
      ? 'personal tokens are for people'
      : `that needs ${permissionFor(action)}`,
  )
}

/** The one way to change anything: permission, immediate transaction, work, audit entry, commit. */
export async function change<T>(
  context: Context,
  action: Action,
  subject: Subject,
  work: Work<T>,
): Promise<T> {
  await askPermission(context, action, subject)
  try {
    refuseOwn(context.actor, subject)
    return await write(context, authorOf(context.actor), action, subject, async (store) => {
      await refuseChangedActor(context, store)
      return work(store)
    })
  } catch (error) {
    // What the work itself refuses is rolled back with it, and written down all the same.
    if (isProblem(error) && error.kind === 'denied') await recordDenial(context, action, subject)
    throw error
  }
}

/** Whoever finds a token must not be able to make more of it than it is. */
function refuseOwn({ name, operatorId, token }: Actor, subject: Subject): void {
  if (token === null) return
  const isOwnClient = subject.clientId === token.clientId
  const isOwnOperator = operatorId !== null && subject.operatorId === operatorId
  if (isOwnClient || isOwnOperator) {
    throw new Problem('denied', `a token does not change its own client, and this one is ${name}'s`)
  }
}

/** Of one's own, by a person who has just shown that they are who they say: that needs no permission. */
export async function changeOwn<T>(
  context: Context,
  action: Action,
  subject: Subject,
  work: Work<T>,
): Promise<T> {
  refuseOwn(context.actor, subject)
  return write(context, authorOf(context.actor), action, subject, async (store) => {
    await refuseChangedActor(context, store)
    return work(store)
  })
}

/** Brings to its end what `change` has begun and the world has seen, whatever has become of the actor since. */
export async function conclude<T>(
  context: Context,
  action: Action,
  subject: Subject,
  work: Work<T>,
): Promise<T> {
  return write(context, authorOf(context.actor), action, subject, work)
}

/** What was asked before the transaction, perhaps long before, must still be so in it. @throws Problem `conflict`, `not-logged-in` */
async function refuseChangedActor({ actor, authenticate }: Context, store: Writer): Promise<void> {
  if (JSON.stringify(await authenticate(store)) === JSON.stringify(actor)) return
  throw new Problem(
    'conflict',
    `what ${actor.name} may do was changed meanwhile`,
    'nothing changed: run it again',
  )
}

/** The one write that verification makes besides recording uses: the token itself is the actor, and needs no permission. */
export async function changeByUse<T>(
  context: VerifyContext,
  tokenId: string,
  subject: Subject,
  work: Work<T>,
): Promise<T> {
  return write(context, { actorKind: 'token', actor: tokenId }, 'token verify', subject, work)
}

/** Logging in and out asks for no permission: whoever does it is nobody yet, or is to be nobody any more. @param name null: nobody's */
export async function changeByLogin<T>(
  context: VerifyContext,
  action: 'login' | 'logout',
  name: string | null,
  work: Work<T>,
): Promise<T> {
  const author: Author =
    name === null ? { actorKind: 'nobody', actor: '' } : { actorKind: 'operator', actor: name }
  return write(context, author, action, aboutStore(), work)
}

/** The founding entry of a store, written in the transaction that makes it. */
export async function recordFounding(
  store: Writer,
  founding: Pick<AuditDraft, 'at' | 'actor' | 'osUser' | 'details'>,
): Promise<void> {
  const { id } = await store.identity()
  await append(store, {
    ...founding,
    actorKind: 'operator',
    action: 'init',
    targets: [id],
    scope: CLUSTER,
    outcome: 'done',
  })
}

interface Author extends Pick<AuditDraft, 'actorKind' | 'actor'> {
  readonly actingToken?: string
}

const authorOf = ({ name, token }: Actor): Author =>
  token === null
    ? { actorKind: 'operator', actor: name }
    : { actorKind: 'client', actor: name, actingToken: token.id }

async function write<T>(
  { store, osUser, now }: VerifyContext,
  { actingToken, ...author }: Author,
  action: Action | 'login' | 'logout',
  subject: Subject,
  work: Work<T>,
): Promise<T> {
  return store[WRITE](async (store) => {
    const { result, record } = await work(store)
    if (record === null) return result
    const { client, outcome = 'done' } = record
    const details = { ...record.details, ...(actingToken !== undefined && { actingToken }) }
    const { scope, targets } = { ...subject, ...record }
    if (client !== undefined) await store.settleClient(client)
    await store.bumpGeneration()
    await append(store, { at: now(), ...author, osUser, action, targets, scope, outcome, details })
    return result
  })
}

export async function recordDenial(context: Context, action: Action, subject: Subject): Promise<void> {
  await write(context, authorOf(context.actor), action, subject, async () => ({
    result: undefined,
    record: { outcome: 'denied' },
  }))
}

async function append(store: Writer, draft: AuditDraft): Promise<void> {
  const last = await store.lastAuditEntry()
  const previousHash = last?.hash ?? (await store.identity()).id
  await store.appendAudit(chain(draft, (last?.sequence ?? 0) + 1, previousHash))
}
