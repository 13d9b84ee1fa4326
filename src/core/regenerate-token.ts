import { type Changed, change, type Context } from './change.ts'
import { onToken } from './authority.ts'
import { refuseSecretFor } from './escalation.ts'
import { breaksJobs, type Consent, requireConsent, type Risk } from './consent.ts'
import { findLivingToken, living } from './find.ts'
import {
  deliverSecret,
  type Issued,
  type Overlap,
  prepareSecret,
  type Sink,
  refuseYoung,
} from './issue-secret.ts'
import type { Expires } from './lifetime.ts'
import { expiresAnew, expiresBy, refuseOverlap } from './limits.ts'
import type { Millis, Token } from './model.ts'
import { policyOf } from './policy.ts'
import type { Writer } from './store.ts'
import { hasLivingFormer, hasLivingSecret } from './token-status.ts'
import { aboutToken } from './subject.ts'
import { named } from './called.ts'

export interface RegenerateInput {
  readonly reference: string
  /** Null: the lifetime first given, counted anew. */
  readonly expires: Expires | null
  /** How the current secret lives on; null: it stops at once. */
  readonly overlap: Overlap | null
}

/** A new secret that was prepared and never confirmed, and is dead: what was given out for it is void. */
export interface Unconfirmed {
  readonly digest: string
  readonly since: Millis
  readonly deadAt: Millis
}

interface Prepared {
  readonly issued: Issued
  readonly replaced: Unconfirmed | null
}

export interface Regenerated {
  /** With its new secret in force. */
  readonly token: Token
  readonly expiresAt: Millis | null
  readonly replaced: Unconfirmed | null
}

/**
 * A new secret for a token that keeps its ID, client, description and disabled state.
 * @throws Problem `conflict` if another regenerate is under way, ConsentNeeded, and as `deliverSecret`
 */
export async function regenerateToken(
  context: Context,
  input: RegenerateInput,
  consent: Consent,
  sink: Sink,
): Promise<Regenerated> {
  const { id, client } = await findLivingToken(context, input.reference)
  const action = onToken(context.actor, 'regenerate', client)
  const { issued, replaced } = await change(context, action, aboutToken({ id, client }), (store) =>
    prepare(store, context, id, input, consent),
  )
  const token = await deliverSecret(context, action, issued, sink, async (store) => {
    if (replaced !== null) await store.revivePending(replaced.digest, replaced.deadAt)
    return { left: null }
  })
  return { token, expiresAt: issued.expiresAt, replaced }
}

async function prepare(
  store: Writer,
  context: Context,
  id: string,
  { expires, overlap }: RegenerateInput,
  consent: Consent,
): Promise<Changed<Prepared>> {
  const token = living(await store.token(id))
  const now = context.now()
  const replaced = await endUnfinished(store, token, now)
  await refuseSecretFor(context, store, token.client)
  const policy = await policyOf(store)
  const within = expires === null ? expiresAnew(policy, token.lifetime) : expiresBy(policy, expires, now)
  refuseOverlap(policy, overlap?.seconds ?? null)
  requireConsent(consent, overlap === null ? stopsAtOnce(token, now) : endsFormer(token, now))

  const issued = await prepareSecret(store, context, id, within, overlap)
  return {
    result: { issued, replaced },
    // Not yet a touch that settles an unfinished client: a delivery that fails must leave it as it was.
    record: {
      outcome: 'prepared',
      details: {
        expiresAt: issued.expiresAt,
        overlapSeconds: overlap?.seconds ?? null,
        ...(overlap?.untilUsed && { untilUsed: true }),
        ...(replaced && { unfinishedSince: replaced.since }),
      },
    },
  }
}

/** One pending secret per token: a young one is somebody's at work, an old one was never confirmed and is replaced. */
async function endUnfinished(
  store: Writer,
  { id, pending }: Token,
  now: Millis,
): Promise<Unconfirmed | null> {
  if (pending === null) return null
  refuseYoung(`a new secret for token ${id}`, { at: pending.madeAt, by: pending.madeBy }, now)
  await store.killSecret(pending.digest, now)
  return { digest: pending.digest, since: pending.madeAt, deadAt: now }
}

function stopsAtOnce(token: Token, now: Millis): (Risk | null)[] {
  if (!hasLivingSecret(token, now) && !hasLivingFormer(token, now)) return []
  const { id, client, current } = token
  return [
    {
      kind: 'irreversible',
      subject: `secret ${current?.digest ?? ''}`,
      says: `the current secret of token ${id} of client ${named(client)} would stop working at once`,
    },
    breaksJobs(client),
  ]
}

/** With `--overlap`, people count on what lives on: that an earlier overlap ends is more than they asked for. */
function endsFormer(token: Token, now: Millis): Risk[] {
  if (!hasLivingFormer(token, now)) return []
  return [
    {
      kind: 'breaks',
      subject: `secret ${token.former?.digest ?? ''}`,
      says: `the former secret of token ${token.id} still works, and would stop working at once`,
    },
  ]
}
