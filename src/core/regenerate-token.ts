import { type Changed, change, type Context, refuseEscalation } from './change.ts'
import { breaksJobs, type Consent, irreversible, requireConsent, type Risk } from './consent.ts'
import { findLivingToken, findRole, living } from './find.ts'
import { deliverSecret, type Issued, prepareSecret, type Sink, refuseYoung } from './issue-secret.ts'
import type { Expires, Seconds } from './lifetime.ts'
import type { Millis, Token } from './model.ts'
import type { Writer } from './store.ts'
import { Problem } from './problem.ts'
import { hasLivingFormer, hasLivingSecret } from './token-status.ts'

export interface RegenerateInput {
  readonly reference: string
  /** Null: the lifetime first given, counted anew. */
  readonly expires: Expires | null
  /** For how long the current secret lives on; null: it stops at once. */
  readonly overlap: Seconds | null
}

export interface Regenerated {
  readonly token: Token
  readonly expiresAt: Millis | null
  /** When the former secret stops; null: it has stopped, or there was none. */
  readonly formerUntil: Millis | null
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
  const issued = await change(context, 'token regenerate', client.scope, (store) =>
    prepare(store, context, id, input, consent),
  )
  await deliverSecret(context, 'token regenerate', issued, sink)
  const token = living(await context.store.token(id))
  return { token, expiresAt: issued.expiresAt, formerUntil: token.former?.formerUntil ?? null }
}

async function prepare(
  store: Writer,
  context: Context,
  id: string,
  { expires, overlap }: RegenerateInput,
  consent: Consent,
): Promise<Changed<Issued>> {
  const token = living(await store.token(id))
  const now = context.now()
  await endUnfinished(store, token, now)
  refuseEscalation(context, await findRole(store, token.client.role), token.client.scope)
  requireConsent(consent, overlap === null ? stopsAtOnce(token, now) : endsFormer(token, now))

  const issued = await prepareSecret(
    store,
    context,
    id,
    expires ?? { lifetime: token.lifetime, until: null },
    overlap,
  )
  return {
    result: issued,
    record: {
      targets: [token.client.name, id],
      client: token.client.id,
      outcome: 'prepared',
      details: { expiresAt: issued.expiresAt, overlapSeconds: overlap },
    },
  }
}

/** One pending secret per token: a young one is somebody's at work, an old one was never confirmed and is replaced. */
async function endUnfinished(store: Writer, { id, pending }: Token, now: Millis): Promise<void> {
  if (pending === null) return
  refuseYoung(`a new secret for token ${id}`, { at: pending.madeAt, by: pending.madeBy }, now)
  await store.killSecret(pending.digest, now)
}

function stopsAtOnce(token: Token, now: Millis): (Risk | null)[] {
  if (!hasLivingSecret(token, now) && !hasLivingFormer(token, now)) return []
  const { id, client } = token
  return [
    irreversible(`the current secret of token ${id} of client ${client.name} would stop working at once`),
    breaksJobs(client),
  ]
}

/** With `--overlap`, people count on what lives on: that an earlier overlap ends is more than they asked for. */
function endsFormer(token: Token, now: Millis): Risk[] {
  if (!hasLivingFormer(token, now)) return []
  return [
    {
      kind: 'breaks',
      says: `the former secret of token ${token.id} still works, and would stop working at once`,
    },
  ]
}
