import { activateSecret } from './activate-secret.ts'
import { type Bearer, bearerOf } from './bearer.ts'
import { changeByUse, type VerifyContext } from './change.ts'
import { ifAvailable } from './if-available.ts'
import type { Credential, Millis, Use } from './model.ts'
import type { Writer } from './store.ts'
import { aboutScope } from './subject.ts'
import { digestOf, parseToken } from './token-format.ts'
import { no, type Verdict, verdictOn, type Wanted } from './verdict.ts'

/** What a verdict is made of: read from the store each time, or remembered (`Verifier`). */
export interface Verification extends VerifyContext {
  readonly tokenPrefix: string
  /** @param anew not as it is remembered */
  readonly bearer: (digest: string, anew: boolean) => Promise<Bearer | null>
  readonly recordUse: (use: Use) => Promise<void>
}

/** Is this token good, and for what it is wanted? Records the use, and what a first use brings about. */
export async function verifyToken(
  context: VerifyContext,
  token: string,
  wanted: Wanted = {},
): Promise<Verdict> {
  const { store } = context
  const { tokenPrefix } = await store.identity()
  const verification: Verification = {
    ...context,
    tokenPrefix,
    bearer: (digest) => bearerOf(store, digest),
    recordUse: (use) => ifAvailable(() => store.recordUses([{ ...use, count: 1 }])),
  }
  return verify(verification, token, wanted)
}

/** The same, wherever the parts come from. @throws Problem `unavailable`: never is what cannot be answered taken for a "yes" */
export async function verify(context: Verification, token: string, wanted: Wanted): Promise<Verdict> {
  if (parseToken(token)?.prefix !== context.tokenPrefix) return no('malformed')
  const digest = digestOf(token)
  const bearer = await context.bearer(digest, false)
  const now = context.now()
  let verdict = verdictOn(bearer, wanted, now)
  if (bearer !== null && verdict.valid && isFirstUse(bearer.credential, now)) {
    await settleByUse(context, bearer.credential, wanted)
    // However long that took: what it found may be an old story by now.
    verdict = verdictOn(await context.bearer(digest, true), wanted, context.now())
  }
  if (verdict.valid) await context.recordUse({ tokenId: verdict.id, digest, at: context.now() })
  return verdict
}

/** Whether its use changes anything: a secret that was pending is in force, or an overlap has ended. */
const isFirstUse = ({ secret, endsOverlap }: Credential, now: Millis): boolean =>
  secret.state === 'pending' || (endsOverlap !== null && endsOverlap > now)

/** Asked again inside the transaction: a disable, a delete or a later regenerate may have come first, and wins. */
async function settleByUse(
  context: Verification,
  { secret, tokenId, clientId, client, scope }: Credential,
  wanted: Wanted,
): Promise<void> {
  const subject = { ...aboutScope(scope, client, tokenId), clientId }
  await changeByUse(context, tokenId, subject, async (store) => {
    const bearer = await bearerOf(store, secret.digest)
    const now = context.now()
    const { valid } = verdictOn(bearer, wanted, now)
    if (bearer === null || !valid || !isFirstUse(bearer.credential, now)) {
      return { result: undefined, record: null }
    }
    const { credential } = bearer
    const isPending = credential.secret.state === 'pending'
    if (isPending) await activateSecret(store, tokenId, secret.digest, now, 'first use')
    const endedOverlap = await endOverlap(store, tokenId, secret.digest, now)
    return {
      result: undefined,
      record: {
        client: credential.clientId,
        outcome: isPending ? 'delivered' : 'done',
        ...(endedOverlap && { details: { endedOverlap } }),
      },
    }
  })
}

/** Under `--until-used` the former secret dies as the current one is used. @returns whether there was one that lived */
async function endOverlap(store: Writer, tokenId: string, digest: string, now: Millis): Promise<boolean> {
  const token = await store.token(tokenId)
  const { current, former } = token ?? {}
  if (current?.digest !== digest || !current.untilUsed || former == null) return false
  await store.killSecret(former.digest, now)
  return true
}
