import type { AuditEntry } from './audit.ts'
import type { WRITE } from './change.ts'
import type { Lifetime, Seconds } from './lifetime.ts'
import type { ClientFilter, TokenFilter } from './list-filter.ts'
import type {
  Actor,
  Client,
  ClientSummary,
  Credential,
  LoginAttempts,
  Millis,
  NamedScope,
  Operator,
  Role,
  ScopeSummary,
  Session,
  StoreIdentity,
  Token,
  TokenSummary,
  UidsWithin,
  Uses,
  UsesOfDay,
} from './model.ts'
import type { Scope } from './scope.ts'

/** Counts for `store info`. */
export interface StoreSize {
  readonly clients: number
  readonly tokens: number
  readonly roles: number
  readonly auditEntries: number
}

/** The living that begin so, as somebody types a name. */
export interface Beginning {
  /** Of a name in whatever case, or of a token's ID. */
  readonly prefix: string
  /** At and below any of these. */
  readonly scopes: readonly Scope[]
  /** Exactly there; null: wherever. */
  readonly scope: Scope | null
  /** Those that are disabled themselves, or those that are not; null: both. */
  readonly isDisabled: boolean | null
}

/** The living who have a role. */
export interface RoleUsers {
  readonly clients: number
  /** The names of the first few of them. */
  readonly someClients: readonly string[]
  readonly operators: number
}

/** Names that may have been meant by another, to choose from: not longer or shorter by more than so many characters. */
export interface NamesLike {
  readonly name: string
  readonly difference: number
}

/** The living clients exactly at a scope; or those at or below any of some, perhaps with the deleted. */
export type ClientsAt = { readonly at: Scope } | ClientsWithin

export interface ClientsWithin {
  readonly within: readonly Scope[]
  /** And that operator's personal client; null: nobody's. */
  readonly ownedBy: number | null
  readonly withDeleted: boolean
}

/** What is at a scope or below it: the names of the first few of each. */
export interface LyingIn {
  readonly groups: readonly string[]
  readonly clients: readonly string[]
  readonly operators: readonly string[]
}

export interface Reads {
  identity(): Promise<StoreIdentity>
  size(): Promise<StoreSize>
  /** What was set, by name: what is not among them has its default. */
  settings(): Promise<ReadonlyMap<string, string>>
  /** Living tokens whose current secret has not ended, and was made to live longer than that; null: for ever. */
  countLongerLived(longer: Millis | null, now: Millis): Promise<number>
  /** Former secrets that go on for longer than that from now. */
  countLongerOverlaps(longer: Millis, now: Millis): Promise<number>
  /** An organization or group as it is called, in whatever case it is asked for; null: there is none. */
  scope(name: Scope): Promise<Scope | null>
  /** All organizations and groups, each organization before its groups. */
  scopes(): Promise<ScopeSummary[]>
  /** As `roleNames`. */
  scopeNames(like: NamesLike): Promise<string[]>
  lyingIn(scope: Scope): Promise<LyingIn>
  /** An operator as who is asking; null also for one who is disabled. */
  actorById(id: number): Promise<Actor | null>
  /** As `actorById`. */
  actorByUid(uid: number): Promise<Actor | null>
  operator(name: string): Promise<Operator | null>
  operators(): Promise<Operator[]>
  /** As `roleNames`. */
  operatorNames(like: NamesLike): Promise<string[]>
  /** A few whose names begin so. */
  operatorsBeginning(prefix: string): Promise<string[]>
  /** Of one who may log in by it; null: there is no such operator. */
  passwordHash(name: string): Promise<string | null>
  /** Those who can get in: by a password, or by uid where that is a way in. */
  countClusteradmins(uids: UidsWithin): Promise<number>
  session(digest: string): Promise<Session | null>
  /** Null: there were none. */
  loginAttempts(nameHash: string): Promise<LoginAttempts | null>
  role(name: string): Promise<Role | null>
  roles(): Promise<Role[]>
  /** Of many not all: those that begin alike come first. */
  roleNames(like: NamesLike): Promise<string[]>
  /** A few whose names begin so. */
  rolesBeginning(prefix: string): Promise<Role[]>
  /** Who would be left without it. */
  roleUsers(roleId: number): Promise<RoleUsers>
  /** The living personal client of that operator. */
  personalClient(operatorId: number): Promise<Client | null>
  /** The living client of that name exactly at that scope. */
  client(name: string, scope: Scope): Promise<Client | null>
  /** Whether there is one of that name. */
  hasClient(name: string, where: ClientsWithin): Promise<boolean>
  /** Where, at or below any of those, there is a living client of that name: a few. */
  scopesOfClient(name: string, scopes: readonly Scope[]): Promise<Scope[]>
  /** As `roleNames`. */
  clientNames(like: NamesLike, where: ClientsAt): Promise<string[]>
  /** A few whose names begin so: the first, and the very last. */
  clientsBeginning(start: Beginning): Promise<Client[]>
  jobsConnection(): Promise<Client | null>
  /** A token of that ID, the deleted ones too. */
  token(id: string): Promise<Token | null>
  /** Of many not all: of the living at or below any of the scopes, the IDs that begin so. */
  tokenIds(beginning: string, scopes: readonly Scope[]): Promise<string[]>
  tokensOf(clientId: number): Promise<Token[]>
  /** How many a list of them would show. */
  countTokens(filter: TokenFilter): Promise<number>
  /** Of these, how many end up to each of those moments, in their order, and after the one before; the first after `now`. */
  countExpiries(filter: TokenFilter, ends: readonly Millis[]): Promise<number[]>
  /** A few whose IDs begin so, or those of the clients whose names do and who have just one. */
  tokensBeginning(start: Beginning, by: 'id' | 'client'): Promise<TokenSummary[]>
  credential(digest: string): Promise<Credential | null>
  /** When each of its secrets was last used, by digest. */
  lastUses(tokenId: string): Promise<ReadonlyMap<string, Millis>>
  /** The days on which it was used, from that one on. */
  usesByDay(tokenId: string, since: number): Promise<UsesOfDay[]>
  lastAuditEntry(): Promise<AuditEntry | null>
}

/** Read row by row, as all was at one moment, however many rows there are; and so not inside a write. */
interface Lists {
  tokens(filter: TokenFilter): AsyncIterable<TokenSummary>
  clients(filter: ClientFilter): AsyncIterable<ClientSummary>
}

export interface NewClient {
  readonly name: string
  readonly scope: Scope
  readonly roleId: number
  readonly createdAt: Millis
  readonly createdBy: string
  readonly provisional: boolean
}

/** A personal client: at the cluster, without a role of its own. */
export interface NewPersonalClient {
  readonly name: string
  readonly operatorId: number
  readonly createdAt: Millis
  readonly createdBy: string
}

export interface NewOperator {
  readonly name: string
  readonly uid: number | null
  readonly passwordHash: string | null
  readonly createdAt: Millis
  readonly createdBy: string | null
}

export interface NewToken {
  readonly id: string
  readonly clientId: number
  readonly description: string | null
  readonly lifetime: Lifetime
  readonly createdAt: Millis
  readonly createdBy: string
}

export interface NewSecret {
  readonly digest: string
  readonly tokenId: string
  readonly madeAt: Millis
  readonly madeBy: string
  readonly expiresAt: Millis | null
  readonly overlap: Seconds | null
  readonly untilUsed: boolean
}

export interface Writes {
  /** @param value null: the default again */
  setSetting(name: string, value: string | null): Promise<void>
  /** False: the name is taken. */
  addScope(scope: NamedScope): Promise<boolean>
  deleteScope(name: Scope, at: Millis): Promise<void>
  /** The new operator's number, or null: the name or the uid is another's. */
  addOperator(operator: NewOperator): Promise<number | null>
  /** False: it was held already. */
  addGrant(operatorId: number, roleId: number, scope: Scope): Promise<boolean>
  /** False: it was not held. */
  removeGrant(operatorId: number, roleId: number, scope: Scope): Promise<boolean>
  setPassword(operatorId: number, hash: string): Promise<void>
  /** With the personal client. */
  setOperatorDisabled(operatorId: number, at: Millis | null): Promise<void>
  /** With the personal client, as `deleteClient`. */
  deleteOperator(operatorId: number, at: Millis): Promise<void>
  addSession(session: {
    readonly digest: string
    readonly operatorId: number
    readonly at: Millis
  }): Promise<void>
  /** False: there is none. */
  endSession(digest: string): Promise<boolean>
  endSessions(operatorId: number): Promise<void>
  /** Those made before can be no good to anybody. */
  forgetSessions(madeBefore: Millis): Promise<void>
  setLoginAttempts(nameHash: string, attempts: LoginAttempts): Promise<void>
  forgetLoginAttempts(nameHash: string): Promise<void>
  forgetOldLoginAttempts(lastBefore: Millis): Promise<void>
  /** False: the name is taken. */
  addRole(role: Pick<Role, 'name' | 'patterns' | 'createdAt'>): Promise<boolean>
  addPermission(roleId: number, pattern: string): Promise<void>
  removePermission(roleId: number, pattern: string): Promise<void>
  deleteRole(roleId: number, at: Millis): Promise<void>
  /** The new client's number, or null: the name is taken. */
  addClient(client: NewClient): Promise<number | null>
  addPersonalClient(client: NewPersonalClient): Promise<number>
  setClientRole(clientId: number, roleId: number): Promise<void>
  setClientDisabled(clientId: number, at: Millis | null): Promise<void>
  /** With its tokens and their secrets, and the Jobs connection where it is this client. */
  deleteClient(clientId: number, at: Millis): Promise<void>
  /**
   * Takes back a `deleteClient` of that moment, for a client that was provisional: one token, never activated.
   * @returns false if its role has been deleted since: it stays deleted
   */
  restoreClient(clientId: number, deletedAt: Millis): Promise<boolean>
  /** It is no longer what an unfinished `client create` left behind. */
  settleClient(clientId: number): Promise<void>
  addToken(token: NewToken): Promise<void>
  setTokenDescription(tokenId: string, description: string | null): Promise<void>
  setTokenDisabled(tokenId: string, at: Millis | null): Promise<void>
  deleteToken(tokenId: string, at: Millis): Promise<void>
  addPendingSecret(secret: NewSecret): Promise<void>
  /** pending → current, if it still is pending; false otherwise. */
  promoteSecret(digest: string, at: Millis, deliveredTo: string): Promise<boolean>
  /** current → former, until that moment. */
  retireSecret(digest: string, until: Millis): Promise<void>
  /** Any → dead. */
  killSecret(digest: string, at: Millis): Promise<void>
  /** dead → pending, for one that was killed at that moment without ever having been active. */
  revivePending(digest: string, deadAt: Millis): Promise<void>
  setJobsConnection(clientId: number | null): Promise<void>
  /** Says to every cached verdict that something changed. */
  bumpGeneration(): Promise<void>
  appendAudit(entry: AuditEntry): Promise<void>
}

/** A store inside a transaction. Only `change.ts` hands one out. */
export type Writer = Reads & Writes

export interface Store extends Reads, Lists {
  /** The clock by which secrets expire. */
  now(): Millis
  schemaVersion(): Promise<number>
  /** Serial with every other write, of this process and of others. */
  [WRITE]<T>(work: (store: Writer) => Promise<T>): Promise<T>
  /** Forward only, no part of the administration: not audited, no reason to wait, and lost in a power cut perhaps. */
  recordUses(uses: readonly Uses[]): Promise<void>
  /** As `recordUses`: that a session goes on. */
  touchSession(digest: string, at: Millis): Promise<void>
  /** For whoever reads the same again and again, and keeps it. */
  watch(): Promise<Watch>
  close(): Promise<void>
}

/** Reads on a line of their own, which no write holds up. */
export interface Watch extends Reads {
  /**
   * Another number after each change: at once where the store is a file, within `REVOCATION_BOUND` where it is a database.
   * @throws Problem `unavailable` where that is not known
   */
  generation(): number
  /** As of the store, and measured anew where it is another machine's. */
  now(): Millis
  close(): Promise<void>
}

/** After that a server that has not heard of a change of its database gives no verdicts. */
export const REVOCATION_BOUND: Millis = 1_000
