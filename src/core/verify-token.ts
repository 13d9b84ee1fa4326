import { activateSecret } from './activate-secret.ts'
import { changeByUse, type VerifyContext } from './change.ts'
import { ifAvailable } from './if-available.ts'
import type { Credential } from './model.ts'
import { aboutScope } from './subject.ts'
import { digestOf, parseToken } from './token-format.ts'
import { judge, no, type Verdict } from './verdict.ts'

/** Is this token good? Records the use, and activates a pending secret: whoever holds it received it. */
export async function verifyToken(context: VerifyContext, token: string): Promise<Verdict> {
  const { tokenPrefix } = await context.store.identity()
  if (parseToken(token)?.prefix !== tokenPrefix) return no('malformed')

  const digest = digestOf(token)
  const credential = await context.store.credential(digest)
  let verdict = judge(credential, context.now())
  if (verdict.valid && credential?.secret.state === 'pending') {
    verdict = await activateByUse(context, credential)
  }
  if (verdict.valid) {
    const use = { tokenId: verdict.id, digest, at: context.now() }
    await ifAvailable(() => context.store.recordUse(use))
  }
  return verdict
}

/** Asked again inside the transaction: a disable, a delete or a later regenerate may have come first, and wins. */
async function activateByUse(
  context: VerifyContext,
  { secret, tokenId, clientId, client, scope }: Credential,
): Promise<Verdict> {
  const subject = { ...aboutScope(scope, client, tokenId), clientId }
  return changeByUse(context, tokenId, subject, async (store) => {
    const credential = await store.credential(secret.digest)
    const verdict = judge(credential, context.now())
    if (!verdict.valid || credential?.secret.state !== 'pending') return { result: verdict, record: null }
    await activateSecret(store, tokenId, secret.digest, context.now(), 'first use')
    return {
      result: verdict,
      record: { client: credential.clientId, outcome: 'delivered' },
    }
  })
}
