import type { Lifetime, Seconds } from './lifetime.ts'
import type { Grant } from './permission.ts'
import type { Scope } from './scope.ts'

/** Milliseconds since 1970, UTC. */
export type Millis = number

/** Everything of one installation, as it was made. */
export interface StoreIdentity {
  readonly id: string
  readonly tokenPrefix: string
  readonly createdAt: Millis
}

export interface Role {
  readonly id: number
  readonly name: string
  readonly patterns: readonly string[]
  readonly builtIn: boolean
  readonly createdAt: Millis
}

export interface Client {
  readonly id: number
  readonly name: string
  readonly scope: Scope
  readonly role: string
  readonly isJobs: boolean
  readonly createdAt: Millis
  readonly createdBy: string
  readonly disabledAt: Millis | null
  readonly deletedAt: Millis | null
  /** Set while nobody has confirmed that this client's first token was delivered: such a client may be replaced. */
  readonly provisionalSince: Millis | null
}

/** A client as the list shows it, with what its tokens add up to. */
export interface ClientSummary extends Client {
  readonly tokens: number
  /** When the last of its current secrets ends; null: never, or there is none. */
  readonly expiresAt: Millis | null
  /** One of its current secrets has no end. */
  readonly isEndless: boolean
  readonly lastUsedAt: Millis | null
}

/**
 * - `pending`: prepared, not known to be delivered
 * - `current`: the one in force
 * - `former`: lives on until its overlap ends
 * - `dead`: replaced, dropped or deleted; kept so that a found one can be named
 */
export type SecretState = 'pending' | 'current' | 'former' | 'dead'

export interface Secret {
  /** SHA-256 of the whole token: see `digestOf`. */
  readonly digest: string
  readonly state: SecretState
  readonly madeAt: Millis
  readonly madeBy: string
  readonly expiresAt: Millis | null
  /** For how long its predecessor lives on after activation; null: not at all. */
  readonly overlap: Seconds | null
  readonly activatedAt: Millis | null
  readonly deliveredTo: string | null
  /** When the overlap of a former secret ends. */
  readonly formerUntil: Millis | null
  readonly deadAt: Millis | null
}

/** A token as the list shows it. */
export interface TokenSummary {
  /** Public, for life. */
  readonly id: string
  readonly client: Client
  readonly description: string | null
  readonly createdAt: Millis
  readonly disabledAt: Millis | null
  readonly deletedAt: Millis | null
  readonly current: Pick<Secret, 'expiresAt'> | null
  readonly lastUsedAt: Millis | null
}

export interface Token extends TokenSummary {
  /** As first given; a regenerate counts it anew. */
  readonly lifetime: Lifetime
  readonly current: Secret | null
  readonly former: Secret | null
  readonly pending: Secret | null
}

/** What the store knows of a presented secret. */
export interface Credential {
  readonly secret: Secret
  readonly tokenId: string
  readonly tokenDisabledAt: Millis | null
  readonly tokenDeletedAt: Millis | null
  readonly clientId: number
  readonly client: string
  readonly scope: Scope
  readonly role: string
  readonly clientDisabledAt: Millis | null
}

/** Who is asking: an operator, with what they hold. */
export interface Actor {
  readonly name: string
  readonly grants: readonly Grant[]
}

/** The person at the operating system: an effective uid, or who called sudo. */
export interface OsUser {
  readonly uid: number
  /** From the passwd file; null for a uid without an entry. */
  readonly name: string | null
}
