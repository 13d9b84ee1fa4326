import { Fault, onlyHeader } from './message.ts'

/** RFC 6750, 2.1: the scheme in any case (RFC 9110, 11.1), a space or more, and a token68. */
const BEARER = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i
const IS_BEARER = /^bearer(?![!#$%&'*+.^_`|~0-9A-Za-z-])/i

/** The token that a request presents; null: none, or something of another scheme. @throws Fault where it cannot be told */
export function tokenIn(rawHeaders: readonly string[]): string | null {
  const value = onlyHeader(rawHeaders, 'authorization')
  if (value === null) return null
  const token = BEARER.exec(value)?.[1]
  if (token !== undefined) return token
  if (IS_BEARER.test(value)) throw new Fault(400, 'malformed bearer token')
  return null
}
