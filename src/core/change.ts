import { type AuditDetails, type AuditDraft, type AuditOutcome, chain } from './audit.ts'
import type { Actor, Millis, OsUser, Role } from './model.ts'
import type { Reads, Store, Writer } from './store.ts'
import { grantsAllow, scopesAllowing } from './permission.ts'
import { isProblem, Problem } from './problem.ts'
import { CLUSTER, type Scope, scopeCovers } from './scope.ts'
import type { RandomBytes } from './token-format.ts'

/**
 * The way into a write, known to this file and to the store alone: so nothing changes without a permission
 * that was asked for and an audit entry that goes with it, in one transaction.
 */
export const WRITE = Symbol('write')

type Noun = 'client' | 'token' | 'role' | 'jobs' | 'store'

/** Command, permission and audit action are the same two words: `token disable`, `disable:tokenctl/token`. */
export type Action = `${Noun} ${string}`

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
}

/** What an action is about, and where that belongs. */
export interface Subject {
  readonly scope: Scope
  /** Names and IDs. */
  readonly targets: readonly string[]
}

const THE_STORE: Subject = { scope: CLUSTER, targets: [] }

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

const permissionFor = (action: Action): string => {
  const [noun, verb] = action.split(' ')
  return `${verb}:tokenctl/${noun}`
}

/** Whether the actor sees anything at that scope at all. What lies outside is absent: not found, and no denial. */
export function sees(actor: Actor, scope: Scope): boolean {
  return actor.grants.some((grant) => scopeCovers(grant.scope, scope))
}

/** @throws Problem `denied`, after writing the denial to the audit */
export async function askPermission(
  context: Context,
  action: Action,
  subject: Subject = THE_STORE,
): Promise<void> {
  if (grantsAllow(context.actor.grants, permissionFor(action), subject.scope)) return
  await deny(context, action, subject)
}

/** At and below which scopes the actor may, perhaps none: what is not offered to somebody was not denied to them. */
export const scopesFor = ({ grants }: Actor, action: Action): readonly Scope[] =>
  scopesAllowing(grants, permissionFor(action))

/** At and below which scopes the actor may: at least one. @throws Problem `denied`, after writing the denial to the audit */
export async function permittedScopes(context: Context, action: Action): Promise<readonly Scope[]> {
  const scopes = scopesFor(context.actor, action)
  return scopes.length > 0 ? scopes : deny(context, action, THE_STORE)
}

async function deny(context: Context, action: Action, subject: Subject): Promise<never> {
  await recordDenial(context, action, subject)
  throw new Problem(
    'denied',
    `${context.actor.name} is not permitted to run ${action} at ${subject.scope}`,
    `that needs ${permissionFor(action)}`,
  )
}

/** Nobody gives away what they do not hold: each pattern of the role must lie within one that the actor holds there. */
export function refuseEscalation(
  { actor }: Context,
  role: Pick<Role, 'name' | 'patterns'>,
  scope: Scope,
): void {
  const missing = role.patterns.find((pattern) => !grantsAllow(actor.grants, pattern, scope))
  if (missing === undefined) return
  throw new Problem(
    'denied',
    `role ${role.name} gives ${missing}, which ${actor.name} does not hold at ${scope}`,
    'tokenctl whoami shows the roles you hold',
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
    return await write(context, operator(context.actor), action, subject, async (store) => {
      await refuseChangedActor(context, store)
      return work(store)
    })
  } catch (error) {
    // What the work itself refuses is rolled back with it, and written down all the same.
    if (isProblem(error) && error.kind === 'denied') await recordDenial(context, action, subject)
    throw error
  }
}

/** Brings to its end what `change` has begun and the world has seen, whatever has become of the actor since. */
export async function conclude<T>(
  context: Context,
  action: Action,
  subject: Subject,
  work: Work<T>,
): Promise<T> {
  return write(context, operator(context.actor), action, subject, work)
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

type Author = Pick<AuditDraft, 'actorKind' | 'actor'>

const operator = ({ name }: Actor): Author => ({ actorKind: 'operator', actor: name })

async function write<T>(
  { store, osUser, now }: VerifyContext,
  author: Author,
  action: Action,
  subject: Subject,
  work: Work<T>,
): Promise<T> {
  return store[WRITE](async (store) => {
    const { result, record } = await work(store)
    if (record === null) return result
    const { client, outcome = 'done', details = {} } = record
    const { scope, targets } = { ...subject, ...record }
    if (client !== undefined) await store.settleClient(client)
    await store.bumpGeneration()
    await append(store, { at: now(), ...author, osUser, action, targets, scope, outcome, details })
    return result
  })
}

async function recordDenial(context: Context, action: Action, subject: Subject): Promise<void> {
  await write(context, operator(context.actor), action, subject, async () => ({
    result: undefined,
    record: { outcome: 'denied' },
  }))
}

async function append(store: Writer, draft: AuditDraft): Promise<void> {
  const last = await store.lastAuditEntry()
  const previousHash = last?.hash ?? (await store.identity()).id
  await store.appendAudit(chain(draft, (last?.sequence ?? 0) + 1, previousHash))
}
