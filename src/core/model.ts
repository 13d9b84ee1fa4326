import type { AuditEntry } from './audit.ts'
import type { WRITE } from './change.ts'
import type { Lifetime } from './lifetime.ts'
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
  /** Seconds that its predecessor lives on after activation; null: not at all. */
  readonly overlap: number | null
  readonly activatedAt: Millis | null
  readonly deliveredTo: string | null
  /** When the overlap of a former secret ends. */
  readonly formerUntil: Millis | null
}

export interface Token {
  /** Public, for life. */
  readonly id: string
  readonly client: Client
  readonly description: string | null
  /** As first given; a regenerate counts it anew. */
  readonly lifetime: Lifetime
  readonly createdAt: Millis
  readonly disabledAt: Millis | null
  readonly deletedAt: Millis | null
  readonly current: Secret | null
  readonly former: Secret | null
  readonly pending: Secret | null
  readonly lastUsedAt: Millis | null
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

export interface Operator {
  readonly name: string
  readonly grants: readonly Grant[]
}

/** The person at the operating system: an effective uid, or who called sudo. */
export interface OsUser {
  readonly uid: number
  /** From the passwd file; null for a uid without an entry. */
  readonly name: string | null
}

/** Counts for `store info`. */
export interface StoreSize {
  readonly clients: number
  readonly tokens: number
  readonly roles: number
  readonly auditEntries: number
}

export interface Reads {
  identity(): Promise<StoreIdentity>
  size(): Promise<StoreSize>
  operatorByUid(uid: number): Promise<Operator | null>
  role(name: string): Promise<Role | null>
  roles(): Promise<Role[]>
  /** The living client of that name exactly at that scope. */
  client(name: string, scope: Scope): Promise<Client | null>
  clients(): Promise<ClientSummary[]>
  jobsConnection(): Promise<Client | null>
  /** A token of that ID, the deleted ones too. */
  token(id: string): Promise<Token | null>
  tokensOf(clientId: number): Promise<Token[]>
  tokens(): Promise<Token[]>
  credential(digest: string): Promise<Credential | null>
  lastAuditEntry(): Promise<AuditEntry | null>
}

export interface NewClient {
  readonly name: string
  readonly scope: Scope
  readonly roleId: number
  readonly createdAt: Millis
  readonly createdBy: string
  readonly provisional: boolean
}

export interface NewToken {
  readonly id: string
  readonly clientId: number
  readonly description: string | null
  readonly lifetime: Lifetime
  readonly createdAt: Millis
}

export interface NewSecret {
  readonly digest: string
  readonly tokenId: string
  readonly madeAt: Millis
  readonly madeBy: string
  readonly expiresAt: Millis | null
  readonly overlap: number | null
}

export interface Writes {
  /** False: the name is taken. */
  addRole(role: Pick<Role, 'name' | 'patterns' | 'createdAt'>): Promise<boolean>
  /** The new client's number, or null: the name is taken. */
  addClient(client: NewClient): Promise<number | null>
  setClientDisabled(clientId: number, at: Millis | null): Promise<void>
  /** With its tokens and their secrets, and the Jobs connection where it is this client. */
  deleteClient(clientId: number, at: Millis): Promise<void>
  /** It is no longer what an unfinished `client create` left behind. */
  settleClient(clientId: number): Promise<void>
  addToken(token: NewToken): Promise<void>
  setTokenDisabled(tokenId: string, at: Millis | null): Promise<void>
  deleteToken(tokenId: string, at: Millis): Promise<void>
  addPendingSecret(secret: NewSecret): Promise<void>
  /** pending → current, if it still is pending; false otherwise. */
  promoteSecret(digest: string, at: Millis, deliveredTo: string): Promise<boolean>
  /** current → former, until that moment. */
  retireSecret(digest: string, until: Millis): Promise<void>
  /** Any → dead; false: it was dead already. */
  killSecret(digest: string, at: Millis): Promise<boolean>
  setJobsConnection(clientId: number | null): Promise<void>
  /** Says to every cached verdict that something changed. */
  bumpGeneration(): Promise<void>
  appendAudit(entry: AuditEntry): Promise<void>
}

/** A store inside a transaction. Only `change.ts` hands one out. */
export type Writer = Reads & Writes

export interface Store extends Reads {
  schemaVersion(): Promise<number>
  /** Serial with every other write, of this process and of others. */
  [WRITE]<T>(work: (store: Writer) => Promise<T>): Promise<T>
  /** Forward only, no part of the administration: not audited, no reason to wait, and lost in a power cut perhaps. */
  recordUse(use: { readonly tokenId: string; readonly digest: string; readonly at: Millis }): Promise<void>
  close(): Promise<void>
}
