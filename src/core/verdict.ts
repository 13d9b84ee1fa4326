import type { Bearer } from './bearer.ts'
import type { Credential, Millis } from './model.ts'
import { type Grant, grantsAllow } from './permission.ts'
import { type Scope, scopeCovers, scopeKey } from './scope.ts'

/** Why not, in the order in which they are asked; the last of them for what it is wanted for. */
export const REASONS = [
  'malformed',
  'unknown',
  'deleted',
  'replaced',
  'lapsed',
  'disabled',
  'expired',
  'forbidden',
] as const

export type Reason = (typeof REASONS)[number]

/** What a token is wanted for. Each that is missing asks for nothing. */
export interface Wanted {
  /** As `checkPermission` lets it through: `select:sales.orders`. */
  readonly permission?: string | undefined
  /** As `checkScope` lets it through, in whatever case. */
  readonly scope?: Scope | undefined
  /** To whom what lies outside of these scopes is unknown. */
  readonly within?: readonly Scope[] | undefined
}

/** Whose a good secret is. */
interface Valid {
  readonly valid: true
  /** The token's public ID. */
  readonly id: string
  readonly client: string
  /** Null: a personal client, with its operator's grants. */
  readonly role: string | null
  readonly scope: Scope
  /** Of the secret that was presented, the end of an overlap included; null: never. */
  readonly expiresAt: Millis | null
}

interface Invalid {
  readonly valid: false
  readonly reason: Reason
}

/** Of the secret alone, whatever it is wanted for. */
export type Judgement = Valid | Invalid

/** "No" is a value; what cannot be answered throws. */
export type Verdict = ValidFor | Invalid

/** Whose it is, and what they may. */
export type ValidFor = Valid & {
  /** Each there and below. */
  readonly grants: readonly Grant[]
}

/** A pending secret is good for so long after it was made: who holds it received it, whatever became of the command. */
export const PENDING_LIFE: Millis = 15 * 60_000

/** Made once, for there are many. */
const NO = Object.fromEntries(REASONS.map((reason) => [reason, { valid: false, reason }])) as Readonly<
  Record<Reason, Invalid>
>

export const no = (reason: Reason): Invalid => NO[reason]

/** What a presented secret is worth at that moment. */
export function judge(credential: Credential | null, now: Millis): Judgement {
  if (credential === null) return no('unknown')
  const fault = faultOf(credential, now)
  return fault === null ? validBy(credential) : no(fault)
}

/** Null: there is none. */
function faultOf(credential: Credential, now: Millis): Reason | null {
  const { secret } = credential
  if (credential.tokenDeletedAt !== null) return 'deleted'
  if (secret.state === 'dead') return secret.activatedAt === null ? 'lapsed' : 'replaced'
  if (secret.formerUntil !== null && secret.formerUntil <= now) return 'replaced'
  if (secret.state === 'pending' && secret.madeAt + PENDING_LIFE <= now) return 'lapsed'
  if (credential.offBy !== null) return 'disabled'
  if (credential.tokenDisabledAt !== null || credential.clientDisabledAt !== null) return 'disabled'
  if (secret.expiresAt !== null && secret.expiresAt <= now) return 'expired'
  return null
}

/** What is said of a secret while nothing is wrong with it. */
export function validBy({ tokenId: id, client, role, scope, secret }: Credential): Valid {
  return { valid: true, id, client, role, scope, expiresAt: secret.formerUntil ?? secret.expiresAt }
}

/** The same for what it is wanted for. */
export function verdictOn(bearer: Bearer | null, wanted: Wanted, now: Millis): Verdict {
  if (bearer === null || !isWithin(bearer.credential.scope, wanted.within)) return no('unknown')
  const fault = faultOf(bearer.credential, now)
  if (fault !== null) return no(fault)
  return allows(bearer.grants, wanted) ? bearer.identity : no('forbidden')
}

const isWithin = (scope: Scope, scopes: readonly Scope[] | undefined): boolean =>
  scopes === undefined || scopes.some((outer) => scopeCovers(outer, scope))

/** By the one rule; where no scope is named, wherever it is held. */
function allows(grants: readonly Grant[], { permission, scope }: Wanted): boolean {
  if (scope === undefined) return permission === undefined || grants.some((grant) => gives(grant, permission))
  const wanted = scopeKey(scope)
  return grants.some(
    (grant) =>
      scopeCovers(scopeKey(grant.scope), wanted) && (permission === undefined || gives(grant, permission)),
  )
}

const gives = (grant: Grant, permission: string): boolean =>
  !isOfOwn(permission) && grantsAllow([grant], permission, grant.scope)

/** To a token nothing is its own. */
const isOfOwn = (pattern: string): boolean => pattern.endsWith(':tokenctl/own-token')

/** The patterns of a grant that give a token anything. */
export const givenBy = ({ patterns }: Grant): string[] => patterns.filter((pattern) => !isOfOwn(pattern))

/** The patterns that are held at the client's own scope. */
export function permissionsOf({ grants, scope }: ValidFor): string[] {
  const held = grants.filter((grant) => scopeCovers(grant.scope, scope))
  return [...new Set(held.flatMap(givenBy))]
}
