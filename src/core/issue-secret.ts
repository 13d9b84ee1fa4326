import { activateSecret } from './activate-secret.ts'
import type { Action } from './action.ts'
import { conclude, type Context } from './change.ts'
import { living } from './find.ts'
import { byClock, type Expires, expiryOf, type Seconds } from './lifetime.ts'
import type { Credential, Millis, Token } from './model.ts'
import type { Writer } from './store.ts'
import { isProblem, Problem, reasonOf } from './problem.ts'
import { aboutToken } from './subject.ts'
import { digestOf, newSecret } from './token-format.ts'

/** A secret made and not yet in force: the only moment at which it is known here. */
export interface Issued {
  /** As it is while the secret is pending. */
  readonly token: Token
  readonly secret: string
  readonly expiresAt: Millis | null
}

/** Where a secret leaves to. */
export interface Sink {
  /**
   * Takes the secret out of the program, and knows that it left.
   * @returns where to, as the audit and `token show` will say it
   * @throws whatever kept it from leaving
   */
  deliver(issued: Issued): Promise<string>
  /** What was delivered has turned out to be void: takes back what can be taken back. */
  retract(): void
}

export interface Undone {
  /** What could not be undone, as a hint; null: everything is as it was. */
  readonly left: string | null
  /** The IDs of tokens that came back. */
  readonly restoredTokens?: readonly string[]
}

/** How a secret's predecessor lives on. */
export interface Overlap {
  readonly seconds: Seconds
  /** And no longer than until the new one is used. */
  readonly untilUsed: boolean
}

/** Undoes, in the transaction that drops a secret, what was prepared beside it. */
export type Undo = (store: Writer) => Promise<Undone>

/** What was begun and not confirmed is somebody's at work for so long; older, it was left behind by a crash. */
const UNFINISHED_FOR: Millis = 60_000

/** @throws Problem `conflict` while what was begun then may still be somebody's at work */
export function refuseYoung(
  what: string,
  begun: { readonly at: Millis; readonly by: string },
  now: Millis,
): void {
  const age = now - begun.at
  // A clock that was ahead and was set right must not block for as long as it was ahead.
  if (Math.abs(age) >= UNFINISHED_FOR) return
  const seconds = Math.max(0, Math.floor(age / 1000))
  throw new Problem(
    'conflict',
    `${what} has been under way for ${seconds} s, by ${begun.by}`,
    'if that command is gone, wait a minute and try again',
  )
}

/** Writes a new secret for the token as `pending`; nothing that worked before stops working. */
export async function prepareSecret(
  store: Writer,
  { actor, now, randomBytes }: Context,
  tokenId: string,
  expires: Expires,
  overlap: Overlap | null = null,
): Promise<Issued> {
  const madeAt = now()
  const secret = newSecret(tokenId, randomBytes)
  const expiresAt = expiryOf(byClock(expires, madeAt), madeAt)
  await store.addPendingSecret({
    digest: digestOf(secret),
    tokenId,
    madeAt,
    madeBy: actor.name,
    expiresAt,
    overlap: overlap?.seconds ?? null,
    untilUsed: overlap?.untilUsed ?? false,
  })
  const token = await store.token(tokenId)
  if (token === null) throw new Error(`token ${tokenId} vanished inside its transaction`)
  return { token, secret, expiresAt }
}

/**
 * Deliver, then activate: no earlier secret dies before its successor has left.
 * @returns the token with its new secret in force
 * @throws Problem `not-delivered` when nothing changed, `conflict` when somebody else was faster,
 *   `outcome-unknown` when the store could not be told
 */
export async function deliverSecret(
  context: Context,
  action: Action,
  issued: Issued,
  sink: Sink,
  undo: Undo,
): Promise<Token> {
  let deliveredTo: string
  try {
    deliveredTo = await sink.deliver(issued)
  } catch (cause) {
    const { left } = await drop(context, action, issued, undo)
    throw notDelivered(cause, left)
  }
  const token = await activate(context, action, issued, deliveredTo)
  if (token !== null) return token
  takeBack(sink)
  throw new Problem(
    'conflict',
    `token ${issued.token.id} was changed meanwhile: what was given out is void`,
    `tokenctl token show ${issued.token.id} shows it`,
  )
}

/** What was given out is void whether or not it can be taken back. */
function takeBack(sink: Sink): void {
  try {
    sink.retract()
  } catch {
    // The message that follows says it.
  }
}

function notDelivered(cause: unknown, left: string | null): Problem {
  const message = isProblem(cause) ? cause.message : `the secret was not delivered: ${reasonOf(cause)}`
  const hint = isProblem(cause) ? cause.hint : 'nothing changed'
  return new Problem('not-delivered', message, left ?? hint)
}

/** Null: somebody else was faster. */
async function activate(
  context: Context,
  action: Action,
  { token, secret }: Issued,
  deliveredTo: string,
): Promise<Token | null> {
  const digest = digestOf(secret)
  return tell(() =>
    conclude(context, action, aboutToken(token), async (store) => {
      // Whoever received it may have been quicker than this line, and activated it by using it.
      const isUsed = isInUse(await store.credential(digest))
      const isActivated =
        !isUsed && (await activateSecret(store, token.id, digest, context.now(), deliveredTo))
      if (!isUsed && !isActivated) return { result: null, record: { outcome: 'dropped' } }
      return {
        result: living(await store.token(token.id)),
        record: isUsed ? null : { client: token.client.id, outcome: 'delivered', details: { deliveredTo } },
      }
    }),
  )
}

async function drop(
  context: Context,
  action: Action,
  { token, secret }: Issued,
  undo: Undo,
): Promise<Undone> {
  const digest = digestOf(secret)
  const undone = await tell(() =>
    conclude<Undone | null>(context, action, aboutToken(token), async (store) => {
      const there = await store.credential(digest)
      if (isInUse(there)) return { result: null, record: null }
      // Replaced or deleted by somebody, who has thereby taken over: nothing is left to undo.
      if (there?.secret.state !== 'pending') return { result: { left: null }, record: { outcome: 'dropped' } }
      await store.killSecret(digest, context.now())
      const { left, ...details } = await undo(store)
      return { result: { left }, record: { outcome: 'dropped', details } }
    }),
  )
  if (undone !== null) return undone
  throw new Problem(
    'outcome-unknown',
    `delivery failed, but the new secret of token ${token.id} is in use already`,
    `tokenctl token regenerate ${token.id} gives it another`,
  )
}

function isInUse(credential: Credential | null): boolean {
  return credential?.secret.state === 'current' || credential?.secret.state === 'former'
}

/** The last word to the store; if it cannot be reached, nobody here knows what will hold. */
async function tell<T>(change: () => Promise<T>): Promise<T> {
  try {
    return await change()
  } catch (cause) {
    throw new Problem(
      'outcome-unknown',
      `the store could not be told whether the secret was delivered: ${reasonOf(cause)}`,
      'if you hold the secret, it works from its first use within 15 minutes; the earlier one works until then, or until a later regenerate',
    )
  }
}
