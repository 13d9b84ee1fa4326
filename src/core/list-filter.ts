import type { ClientStatus } from './client-status.ts'
import type { Seconds } from './lifetime.ts'
import type { Millis } from './model.ts'
import type { Scope } from './scope.ts'
import type { TokenStatus } from './token-status.ts'

export const SORT_KEYS = ['client', 'created', 'expires', 'last-used'] as const

/**
 * - `client`: by the client's name, then its scope, then when it was created
 * - `created`: the oldest first
 * - `expires`: the soonest first, what never ends last
 * - `last-used`: what was never used first, the most recently used last
 *
 * Where two are alike, they stand as under `client`: the order is total.
 */
export type SortKey = (typeof SORT_KEYS)[number]

/** What a list is narrowed to, and how it is ordered. */
interface Wanted<Status> {
  readonly status: Status | null
  /** Only what Jobs runs as. */
  readonly jobs: boolean
  /** It is in the client's name; of a token, in its ID or description too. `A` to `Z` are `a` to `z`, nothing else is alike. */
  readonly search: string | null
  /** Exactly there, as a bare name is looked for. */
  readonly at: Scope | null
  /** The deleted with the others. */
  readonly withDeleted: boolean
  readonly sort: SortKey
  readonly reverse: boolean
  readonly limit: number | null
}

/** What tokens alone are narrowed to. */
export interface WantedOfTokens {
  /** A client's name; there may be one at each scope. */
  readonly client: string | null
  /** There is a current secret, which never ends. */
  readonly neverExpires: boolean
  /** No secret of it was ever verified. */
  readonly neverUsed: boolean
  /** Only the personal ones of who asks. */
  readonly mine: boolean
}

/** As it was asked for, by names. */
export interface ListInput<Status> extends Wanted<Status> {
  readonly role: string | null
  /** A current secret ends within that time, and has not ended. */
  readonly expiresWithin: Seconds | null
  /** Neither made nor used for so long. */
  readonly unusedFor: Seconds | null
}

/** All of them, but for the deleted. */
export const EVERYTHING: ListInput<never> & WantedOfTokens = {
  role: null,
  client: null,
  status: null,
  jobs: false,
  search: null,
  at: null,
  expiresWithin: null,
  unusedFor: null,
  neverExpires: false,
  neverUsed: false,
  mine: false,
  withDeleted: false,
  sort: 'client',
  reverse: false,
  limit: null,
}

/** As the store is asked, for an actor. */
export interface ListFilter<Status> extends Wanted<Status> {
  /** The moment for which the statuses hold. */
  readonly now: Millis
  readonly roleId: number | null
  /** At and below any of these. */
  readonly scopes: readonly Scope[]
  /** And, wherever, the personal client of that operator; null: nobody's. */
  readonly ownedBy: number | null
  /** A current secret ends after `now`, and by then. */
  readonly expiresBy: Millis | null
  /** Neither made nor used since. */
  readonly unusedSince: Millis | null
}

export type ClientFilter = ListFilter<ClientStatus>

export interface TokenFilter extends ListFilter<TokenStatus>, WantedOfTokens {
  /** The settings let no token be valid. */
  readonly areOff: boolean
}
