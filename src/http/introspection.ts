import { isPersonal, operatorOf } from '../core/name.ts'
import { scopesAllowing } from '../core/permission.ts'
import { CLUSTER } from '../core/scope.ts'
import { permissionsOf, type Verdict } from '../core/verdict.ts'
import { tokenIn } from './authorization.ts'
import { unauthenticated } from './bearer-challenge.ts'
import { formOf, isForm } from './form.ts'
import { refusedFor } from './forward-auth.ts'
import type { Judge } from './judge.ts'
import { type Answer, Fault, ok, onlyHeader, type Request } from './message.ts'

/** What a caller's role must have, at a scope that covers the introspected token's. */
const PERMISSION = 'introspect:tokenctl/token'

/** RFC 7662. What lies outside of the caller's scopes is inactive, as is whatever else is not valid: nobody learns which. */
export async function introspection(judge: Judge, request: Request): Promise<Answer> {
  const { rawHeaders } = request
  if (!isForm(onlyHeader(rawHeaders, 'content-type'))) throw new Fault(415, 'not a form')
  const wanted = { permission: PERMISSION }
  const callers = tokenIn(rawHeaders)
  if (callers === null) return unauthenticated(wanted)
  const caller = await judge.verify(callers, wanted)
  if (!caller.valid) return refusedFor(callers, caller.reason, wanted)
  const token = formOf(await request.body()).get('token') ?? ''
  if (token === '') throw new Fault(400, 'no token to introspect')
  return json(inspected(await judge.verify(token, { within: scopesAllowing(caller.grants, PERMISSION) })))
}

const JSON_TYPE = ['Content-Type', 'application/json'] as const

const json = (value: unknown): Answer => ok(JSON_TYPE, JSON.stringify(value))

function inspected(verdict: Verdict): unknown {
  if (!verdict.valid) return { active: false }
  const { id, client, role, scope, expiresAt } = verdict
  const name = scope === CLUSTER ? client : `${scope}/${client}`
  return {
    active: true,
    scope: permissionsOf(verdict).join(' '),
    client_id: name,
    sub: name,
    ...(isPersonal(client) && { username: operatorOf(client) }),
    token_type: 'Bearer',
    ...(expiresAt !== null && { exp: Math.floor(expiresAt / 1000) }),
    jti: id,
    tokenctl_scope: scope,
    ...(role !== null && { tokenctl_role: role }),
  }
}
