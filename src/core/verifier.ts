import { type Bearer, bearerOf } from './bearer.ts'
import type { Millis, OsUser } from './model.ts'
import { Problem } from './problem.ts'
import { Recent } from './recent.ts'
import type { Store, Watch } from './store.ts'
import { UseBatch } from './use-batch.ts'
import type { Verdict, Wanted } from './verdict.ts'
import { type Verification, verify } from './verify-token.ts'

/** Bearers remembered. Only of secrets that there are or were: a stranger's guesses take no room. */
const MOST_BEARERS = 10_000
/** How often uses are written. */
const BATCH: Millis = 1_000
/** Times that the last of them are tried to be written. */
const LAST_ATTEMPTS = 10
/** Times that what was read meanwhile changed, before it is given up. */
const MOST_ATTEMPTS = 10

/** Verdicts in great number: what was read is remembered until anything changes, and uses are written in batches. */
export class Verifier {
  readonly #store: Store
  readonly #watch: Watch
  readonly #verification: Verification
  readonly #bearers = new Recent<Bearer>(MOST_BEARERS)
  readonly #timer: NodeJS.Timeout
  #generation = NaN
  readonly uses: UseBatch
  /** Bearers that were remembered when they were asked for. */
  hits = 0
  /** Those that had to be read. */
  misses = 0

  private constructor(store: Store, watch: Watch, tokenPrefix: string, osUser: OsUser) {
    this.#store = store
    this.#watch = watch
    this.uses = new UseBatch(store)
    this.#verification = {
      store,
      osUser,
      tokenPrefix,
      now: () => watch.now(),
      bearer: (digest, anew) => this.#bearer(digest, anew),
      recordUse: async (use) => this.uses.add(use),
    }
    this.#timer = setInterval(() => void this.uses.flush(), BATCH)
    this.#timer.unref()
  }

  /** @param osUser whose process it is, for the audit */
  static async on(store: Store, osUser: OsUser): Promise<Verifier> {
    const { tokenPrefix } = await store.identity()
    return new Verifier(store, await store.watch(), tokenPrefix, osUser)
  }

  /**
   * Whatever was changed before it is asked for counts, at once where the store is a file, within `REVOCATION_BOUND` where
   * it is a database.
   * @throws Problem `unavailable` where it cannot be answered: never is that a "yes"
   */
  async verify(token: string, wanted: Wanted = {}): Promise<Verdict> {
    return verify(this.#verification, token, wanted)
  }

  /** Bearers remembered just now. */
  get remembered(): number {
    return this.#bearers.size
  }

  /** Whether verdicts can be given. @throws Problem `unavailable` */
  async check(): Promise<void> {
    this.#watch.generation()
    await this.#watch.credential('')
  }

  /** Uses that wait are written; the store is closed. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#flushLast()
    await this.#watch.close()
    await this.#store.close()
  }

  /** Where it is written to by others, more than once; where nothing is heard of it, that is no use. */
  async #flushLast(): Promise<void> {
    for (let attempt = 0; attempt < LAST_ATTEMPTS; attempt++) {
      // Also where none wait: they may be under way, and come back.
      await this.uses.flush()
      if (this.uses.waiting === 0 || !this.#isHeardOf()) return
    }
  }

  #isHeardOf(): boolean {
    try {
      this.#watch.generation()
      return true
    } catch {
      return false
    }
  }

  async #bearer(digest: string, anew: boolean): Promise<Bearer | null> {
    if (anew) this.#bearers.delete(digest)
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const generation = this.#watch.generation()
      const known = this.#remembered(digest, generation)
      if (known !== undefined) return known
      const bearer = await bearerOf(this.#watch, digest)
      // What was read while something changed, however long that took, is neither answered nor remembered.
      if (this.#watch.generation() !== generation) continue
      if (bearer !== null) this.#remember(digest, bearer, generation)
      return bearer
    }
    throw new Problem('unavailable', 'the store changes faster than it can be read')
  }

  #remembered(digest: string, generation: number): Bearer | undefined {
    if (generation !== this.#generation) {
      this.#bearers.clear()
      this.#generation = generation
    }
    const known = this.#bearers.get(digest)
    if (known === undefined) this.misses++
    else this.hits++
    return known
  }

  #remember(digest: string, bearer: Bearer, generation: number): void {
    // Another may have learned of a change since.
    if (generation !== this.#generation) return
    this.#bearers.set(digest, bearer)
  }
}
