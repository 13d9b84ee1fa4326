import type { Verdict, Wanted } from '../core/verdict.ts'
import { parseToken } from '../core/token-format.ts'
import { tokenIn } from './authorization.ts'
import { insufficientScope, invalidToken, unauthenticated } from './bearer-challenge.ts'
import type { Judge } from './judge.ts'
import { type Answer, ok, type Request } from './message.ts'

/** What a gateway asks before it lets a request through. The query is the gateway's; of its visitor only `Authorization` is looked at. */
export async function forwardAuth(judge: Judge, { rawHeaders }: Request, wanted: Wanted): Promise<Answer> {
  const token = tokenIn(rawHeaders)
  if (token === null) return unauthenticated(wanted)
  const verdict = await judge.verify(token, wanted)
  return verdict.valid ? ok(identityOf(verdict)) : refusedFor(token, verdict.reason, wanted)
}

/** By the verdict's "no". */
export function refusedFor(
  token: string,
  reason: Extract<Verdict, { valid: false }>['reason'],
  { permission, scope }: Wanted,
): Answer {
  const refusal = { reason, token: parseToken(token)?.id, permission, scope }
  return reason === 'forbidden' ? insufficientScope(permission, refusal) : invalidToken(refusal)
}

/** A personal token has no role, and none of the scopes of its operator's is the one. */
function identityOf({ client, role, scope, id }: Extract<Verdict, { valid: true }>): readonly string[] {
  if (role === null) return ['X-Tokenctl-Client', client, 'X-Tokenctl-Token-Id', id]
  return [
    'X-Tokenctl-Client',
    client,
    'X-Tokenctl-Role',
    role,
    'X-Tokenctl-Scope',
    scope,
    'X-Tokenctl-Token-Id',
    id,
  ]
}
