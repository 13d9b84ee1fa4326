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
  /** Null: a personal client, which acts with its operator's grants. */
  readonly role: string | null
  /** Whose personal client it is; null: nobody's. */
  readonly operatorId: number | null
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
  /** Its first use ends that overlap. */
  readonly untilUsed: boolean
  readonly activatedAt: Millis | null
  readonly deliveredTo: string | null
  /** When the overlap of a former secret ends. */
  readonly formerUntil: Millis | null
  readonly deadAt: Millis | null
}

/** The settings that can stop tokens. */
export type OffBy = 'tokens' | 'personal-tokens'

/** A token as the list shows it. */
export interface TokenSummary {
  /** Public, for life. */
  readonly id: string
  readonly client: Client
  readonly description: string | null
  readonly createdAt: Millis
  readonly disabledAt: Millis | null
  readonly deletedAt: Millis | null
  /** The setting that lets no such token be valid just now; null: none does. */
  readonly offBy: OffBy | null
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
  /** Null: of a personal client. */
  readonly role: string | null
  /** The role's permissions, read with it: so they were its at one moment. */
  readonly patterns: readonly string[]
  /** Whose personal client it is. */
  readonly operatorId: number | null
  readonly clientDisabledAt: Millis | null
  /** As of a token. */
  readonly offBy: OffBy | null
  /** The end of the overlap that a use of this secret would end at once; null: there is none. */
  readonly endsOverlap: Millis | null
}

/** That a token was found valid. */
export interface Use {
  readonly tokenId: string
  readonly digest: string
  readonly at: Millis
}

/** Uses of one secret in one day (UTC), the last of them at that time. */
export interface Uses extends Use {
  readonly count: number
}

/** How often a token was used in a day: days since 1970, UTC. */
export interface UsesOfDay {
  readonly day: number
  readonly uses: number
}

/** Who is asking: an operator or a token's client, with what they hold. */
export interface Actor {
  readonly name: string
  readonly grants: readonly Grant[]
  /** The operator, also where one of their personal tokens asks; null: a client of another kind. */
  readonly operatorId: number | null
  /** The token that asks; null: a person does. */
  readonly token: ActingToken | null
}

interface ActingToken {
  readonly id: string
  readonly clientId: number
  readonly role: string | null
}

/** A person who administers. */
export interface Operator {
  readonly id: number
  readonly name: string
  /** Of the operating-system user that this is, where the store is a file; null: none. */
  readonly uid: number | null
  readonly hasPassword: boolean
  /** One at least, by scope and role. */
  readonly grants: readonly { readonly role: string; readonly scope: Scope }[]
  readonly createdAt: Millis
  /** Null: by the founding of the store. */
  readonly createdBy: string | null
  readonly disabledAt: Millis | null
}

/**
 * Whose user ID is a way into a store: that of its owner alone; anybody's, where its owner is whom people become through
 * sudo; nobody's, where it is in a database.
 */
export type UidsWithin = number | 'any' | 'none'

/** An organization, or a group in one. */
export interface NamedScope {
  /** The whole of it: `acme`, `acme/etl`. */
  readonly name: Scope
  readonly createdAt: Millis
  readonly createdBy: string
}

/** As the lists show it, with how many of the living are in it. */
export interface ScopeSummary extends NamedScope {
  /** Of a group 0. */
  readonly groups: number
  /** There and below. */
  readonly clients: number
}

/** Of an operator who is logged in. */
export interface Session {
  readonly operatorId: number
  readonly madeAt: Millis
  readonly usedAt: Millis
}

/** Failed logins in a row. */
export interface LoginAttempts {
  readonly failures: number
  readonly lastAt: Millis
}

/** The person at the operating system: an effective uid, or who called sudo. */
export interface OsUser {
  readonly uid: number
  /** From the passwd file; null for a uid without an entry. */
  readonly name: string | null
}
