/// <reference lib="esnext.disposable" preserve="true" />
import { checkPattern } from './core/permission.ts'
import { shown } from './core/place.ts'
import { isProblem as isOurs, Problem as OurProblem, quoted } from './core/problem.ts'
import { checkScope } from './core/scope.ts'
import type { Store } from './core/store.ts'
import { storePlace } from './core/store-place.ts'
import { type Verdict as Judged, permissionsOf } from './core/verdict.ts'
import { Verifier } from './core/verifier.ts'
import { storesOf } from './store/stores.ts'
import { type Surroundings, surroundings } from './system/surroundings.ts'

// The library. What it promises is written out here, so that the types of its package are made of this file alone, and
// nothing else that changes within the program changes them.

/** What `openVerifier` takes. */
export interface VerifierOptions {
  /**
   * A path, or the URL of a PostgreSQL database, which may hold a password: it is shown nowhere. Without it the store is
   * where the command line finds it: by `TOKENCTL_STORE`, or at its default place.
   */
  readonly store?: string
}

/** What a token is wanted for. What is left out asks for nothing: without both any good token will do. */
export interface Wanted {
  /** `verb:object`, as in `select:sales.orders`. */
  readonly permission?: string
  /** `cluster`, an organization (`acme`) or a group in one (`acme/etl`), in whatever case. */
  readonly scope?: string
}

/** Permissions held at a scope: there and below. */
export interface Grant {
  readonly role: string
  readonly scope: string
  /** Patterns; a `*` ends either part, as in `select:sales.*`. */
  readonly permissions: readonly string[]
}

/** Why not: for logs and metrics, and no business of who presented the token. */
export type Reason =
  'malformed' | 'unknown' | 'deleted' | 'replaced' | 'lapsed' | 'disabled' | 'expired' | 'forbidden'

/** A good token, which also gives what was asked for. */
export interface Valid {
  readonly valid: true
  /** The token's public ID, which is no secret. */
  readonly id: string
  readonly client: string
  /** Null: a personal token (of client `@alice`), which acts with its operator's grants. */
  readonly role: string | null
  /** The client's. */
  readonly scope: string
  /** Until when this secret is good, if nothing happens before; null: without an end. */
  readonly expiresAt: Date | null
  /** What it may at its client's scope. */
  readonly permissions: readonly string[]
  /** What it may, and where. */
  readonly grants: readonly Grant[]
}

/** Anything else. `forbidden`: the token is good, but not for what was asked. */
export interface Invalid {
  readonly valid: false
  readonly reason: Reason
}

/** An object, and so always truthy: ask `if (verdict.valid)`. */
export type Verdict = Valid | Invalid

/** A failure that is somebody's to act on, as told apart by `isProblem`. Anything else that is thrown is a bug. */
export interface Problem extends Error {
  /**
   * `unavailable`: the store cannot be asked just now; answer 503. `usage`: what was given is wrong, and would be
   * again. By `openVerifier` alone, `not-found`: there is no store; `denied`: others than its owner can reach its file.
   */
  readonly kind: 'usage' | 'not-found' | 'denied' | 'unavailable'
  /** What to do about it. */
  readonly hint: string | undefined
}

/** Says whether tokens are good. May be asked any number of things at once. */
export interface TokenVerifier {
  /**
   * @param token as it was presented; what is no string is `malformed`
   * @throws Problem `unavailable` where it cannot be answered: that is never a "yes"; `usage` for a permission or scope
   *   that cannot be one, before the token is looked at
   */
  verify(token: string, wanted?: Wanted): Promise<Verdict>
  /** Writes the uses that wait, and leaves the store. What is asked from then on is `unavailable`. */
  close(): Promise<void>
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Opens a store that there is, and brings one of an earlier version up to date. The process stays as it was: its umask,
 * environment, signals and streams are its own.
 * @throws Problem
 */
export async function openVerifier(options: VerifierOptions = {}): Promise<TokenVerifier> {
  const [named] = texts('openVerifier takes', options, ['store'])
  const here = surroundings()
  const store = await opened(here, named ?? null)
  return verifierOn(await orClosed(store, () => Verifier.on(store, here.person)))
}

/** Whether a failure is somebody's to act on, rather than a bug. */
export function isProblem(error: unknown): error is Problem {
  return isOurs(error)
}

async function opened(here: Surroundings, named: string | null): Promise<Store> {
  const { TOKENCTL_STORE } = here.environment
  const text = named ?? TOKENCTL_STORE
  const by = named === null ? 'TOKENCTL_STORE' : 'store'
  const place = await storePlace(
    here.files,
    text === undefined ? null : { by, text },
    'the option store, or TOKENCTL_STORE',
  )
  const store = await storesOf(here).open(place)
  if (store !== null) return store
  throw new OurProblem('not-found', `no store at ${shown(place)}`, 'tokenctl init makes it')
}

async function orClosed<T>(store: Store, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    await store.close()
    throw error
  }
}

function verifierOn(verifier: Verifier): TokenVerifier {
  let closing: Promise<void> | null = null
  const close = (): Promise<void> => (closing ??= verifier.close())
  const isClosed = (): boolean => closing !== null

  /** From JavaScript anything can come. */
  async function judged(token: unknown, wanted: Wanted): Promise<Judged> {
    if (isClosed()) throw closed()
    if (typeof token !== 'string') return { valid: false, reason: 'malformed' }
    try {
      return await verifier.verify(token, wanted)
    } catch (error) {
      throw isClosed() ? closed() : unavailable(error)
    }
  }

  return {
    async verify(token, wanted = {}) {
      return verdictOf(await judged(token, checked(wanted)))
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

const closed = (): OurProblem => new OurProblem('unavailable', 'the verifier is closed')

/** Whatever became of a store that was there when it was opened, its answer is missing. A bug stays one. */
const unavailable = (error: unknown): unknown =>
  isOurs(error) ? new OurProblem('unavailable', error.message, error.hint) : error

/** @throws Problem `usage` */
function checked(wanted: unknown): Wanted {
  const [permission, scope] = texts('verify asks for', wanted, ['permission', 'scope'])
  return {
    ...(permission !== undefined && { permission: checkPattern(permission) }),
    ...(scope !== undefined && { scope: checkScope(scope) }),
  }
}

/**
 * The values of just these names, each a text or left out. What is misspelt would ask for nothing, and so be a "yes"; and
 * so would what is `undefined`, as where it was looked up in vain.
 * @throws Problem `usage`
 */
function texts(what: string, values: unknown, names: readonly string[]): (string | undefined)[] {
  const rule = `${what} an object with ${names.join(' and ')}, each a string or left out`
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new OurProblem('usage', 'not an object', rule)
  }
  const unknown = Object.keys(values).find((name) => !names.includes(name))
  if (unknown !== undefined) throw new OurProblem('usage', `unknown: ${quoted(unknown)}`, rule)
  return names.map((name) => {
    if (!(name in values)) return undefined
    const value: unknown = Reflect.get(values, name)
    if (typeof value === 'string') return value
    throw new OurProblem('usage', `${name} is not a string`, rule)
  })
}

/** Not a view of what is remembered: whoever changes it changes nothing for the next one who asks. */
function verdictOf(judged: Judged): Verdict {
  if (!judged.valid) return judged
  const { id, client, role, scope, expiresAt, grants } = judged
  return {
    valid: true,
    id,
    client,
    role,
    scope,
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
    permissions: permissionsOf(judged),
    grants: grants.map((grant) => ({
      role: grant.role,
      scope: grant.scope,
      permissions: [...grant.patterns],
    })),
  }
}
