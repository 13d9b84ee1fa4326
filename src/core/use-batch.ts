import type { Use, Uses } from './model.ts'
import type { Store } from './store.ts'

/** Of so many secrets uses are kept until they can be written; far more than are used in a second. */
const MOST_SECRETS = 100_000
const DAY = 86_400_000

/** Uses, counted here until they are written all at once: however hot a token is, it is one row a batch. */
export class UseBatch {
  readonly #store: Pick<Store, 'recordUses'>
  #uses = new Map<string, Uses>()
  #writing: Promise<void> | null = null
  /** Uses that are in the store. */
  written = 0
  /** Batches that are in the store. */
  batches = 0
  /** Times that the store could not be written. */
  failures = 0
  /** Uses given up, for want of memory. */
  dropped = 0

  constructor(store: Pick<Store, 'recordUses'>) {
    this.#store = store
  }

  /** Uses that wait to be written. */
  get waiting(): number {
    return countOf([...this.#uses.values()])
  }

  add(use: Use): void {
    this.#keep({ ...use, count: 1 })
  }

  /** Writes what there is. One at a time: whoever comes meanwhile waits for the same end. What cannot be written waits on. */
  flush(): Promise<void> {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null
    })
    return this.#writing
  }

  async #write(): Promise<void> {
    if (this.#uses.size === 0) return
    const uses = [...this.#uses.values()]
    this.#uses = new Map()
    try {
      await this.#store.recordUses(uses)
      this.written += countOf(uses)
      this.batches++
    } catch {
      // Whatever it was: it changes no verdict, and is tried again.
      for (const use of uses) this.#keep(use)
      this.failures++
    }
  }

  /** Of one day, for they are counted by it. */
  #keep(use: Uses): void {
    const key = `${use.digest} ${Math.floor(use.at / DAY)}`
    const there = this.#uses.get(key)
    if (there === undefined && this.#uses.size >= MOST_SECRETS) {
      this.dropped += use.count
      return
    }
    const { at = 0, count = 0 } = there ?? {}
    this.#uses.set(key, { ...use, at: Math.max(use.at, at), count: use.count + count })
  }
}

const countOf = (uses: readonly Uses[]): number => uses.reduce((sum, { count }) => sum + count, 0)
