import type { Credential, Millis } from './model.ts'
import type { Scope } from './scope.ts'

/** Why not, in the order in which they are asked. */
export type Reason = 'malformed' | 'unknown' | 'deleted' | 'replaced' | 'lapsed' | 'disabled' | 'expired'

/** "No" is a value; what cannot be answered throws. */
export type Verdict =
  | {
      readonly valid: true
      readonly id: string
      readonly client: string
      /** Null: a personal client, with its operator's grants. */
      readonly role: string | null
      readonly scope: Scope
      /** Of the secret that was presented, the end of an overlap included; null: never. */
      readonly expiresAt: Millis | null
    }
  | { readonly valid: false; readonly reason: Reason }

/** A pending secret is good for so long after it was made: who holds it received it, whatever became of the command. */
export const PENDING_LIFE: Millis = 15 * 60_000

export const no = (reason: Reason): Verdict => ({ valid: false, reason })

/** What a presented secret is worth at that moment. */
export function judge(credential: Credential | null, now: Millis): Verdict {
  if (credential === null) return no('unknown')
  const { secret } = credential
  if (credential.tokenDeletedAt !== null) return no('deleted')
  if (secret.state === 'dead') return no(secret.activatedAt === null ? 'lapsed' : 'replaced')
  if (secret.formerUntil !== null && secret.formerUntil <= now) return no('replaced')
  if (secret.state === 'pending' && secret.madeAt + PENDING_LIFE <= now) return no('lapsed')
  if (credential.offBy !== null) return no('disabled')
  if (credential.tokenDisabledAt !== null || credential.clientDisabledAt !== null) return no('disabled')
  if (secret.expiresAt !== null && secret.expiresAt <= now) return no('expired')
  const { tokenId: id, client, role, scope } = credential
  return { valid: true, id, client, role, scope, expiresAt: secret.formerUntil ?? secret.expiresAt }
}
