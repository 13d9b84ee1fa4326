import { hash } from 'node:crypto'
import type { Millis, OsUser } from './model.ts'
import type { Scope } from './scope.ts'

/** A delivery has two entries: `prepared`, then `delivered` or `dropped`. */
export type AuditOutcome = 'done' | 'denied' | 'prepared' | 'delivered' | 'dropped'

/** The allow-list of what an entry may say beside its targets. Never a secret, nor anything derived from one. */
export interface AuditDetails {
  readonly role?: string
  readonly previousRole?: string
  readonly allow?: readonly string[]
  readonly remove?: readonly string[]
  readonly description?: string | null
  readonly expiresAt?: Millis | null
  readonly overlapSeconds?: number | null
  readonly untilUsed?: boolean
  /** The former secret ended by a use of the new one. */
  readonly endedOverlap?: boolean
  readonly deliveredTo?: string
  readonly unfinishedSince?: Millis
  readonly replacedTokens?: readonly string[]
  readonly restoredTokens?: readonly string[]
  readonly previousClient?: string
  readonly tokenPrefix?: string
  readonly operator?: string
  readonly uid?: number | null
  /** Where a role was granted or revoked. */
  readonly at?: Scope
  readonly value?: string
  readonly previousValue?: string
  /** The ID of the token that acted. */
  readonly actingToken?: string
}

export interface AuditDraft {
  readonly at: Millis
  /** `nobody`: a login that failed. */
  readonly actorKind: 'operator' | 'client' | 'token' | 'nobody'
  readonly actor: string
  readonly osUser: OsUser
  readonly action: string
  readonly targets: readonly string[]
  readonly scope: Scope
  readonly outcome: AuditOutcome
  readonly details: AuditDetails
}

export interface AuditEntry extends AuditDraft {
  /** 1, 2, 3… without a gap. */
  readonly sequence: number
  /** The hash of the entry before; of the first one, the store's ID. */
  readonly previousHash: string
  readonly hash: string
}

/** The entry that continues the chain: whoever alters, removes or inserts one later breaks every hash after it. */
export function chain(draft: AuditDraft, sequence: number, previousHash: string): AuditEntry {
  return { ...draft, sequence, previousHash, hash: hashOf(draft, sequence, previousHash) }
}

/** SHA-256, hex, of a JSON array whose order is frozen with the first migration. */
function hashOf(draft: AuditDraft, sequence: number, previousHash: string): string {
  const { at, actorKind, actor, osUser, action, targets, scope, outcome, details } = draft
  return hash(
    'sha256',
    JSON.stringify([
      previousHash,
      sequence,
      at,
      actorKind,
      actor,
      osUser.uid,
      osUser.name,
      action,
      targets,
      scope,
      outcome,
      details,
    ]),
  )
}
