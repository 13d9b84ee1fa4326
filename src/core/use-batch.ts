import { type Day, dayOf } from './day.ts'
import type { Use, Uses } from './model.ts'
import type { Store } from './store.ts'

/** Of so many secrets uses are kept until they can be written; far more than are used in a second. */
const MOST_SECRETS = 100_000

/** A count that goes on. */
type Counter = { -readonly [Property in keyof Uses]: Uses[Property] }

/** Uses, counted here until they are written all at once: however hot a token is, it is one row a batch. */
export class UseBatch {
  readonly #store: Pick<Store, 'recordUses'>
  /** By day, for they are counted by it, and then by digest. */
  #counters = new Map<Day, Map<string, Counter>>()
  #writing: Promise<void> | null = null
  /** Uses that wait to be written. */
  waiting = 0
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

  add({ tokenId, digest, at }: Use, count = 1): void {
    const counters = this.#countersOf(dayOf(at))
    const counter = counters.get(digest)
    if (counter !== undefined) {
      counter.count += count
      counter.at = Math.max(counter.at, at)
    } else if (counters.size < MOST_SECRETS) {
      counters.set(digest, { tokenId, digest, at, count })
    } else {
      this.dropped += count
      return
    }
    this.waiting += count
  }

  /** Writes what there is. One at a time: whoever comes meanwhile waits for the same end. What cannot be written waits on. */
  flush(): Promise<void> {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null
    })
    return this.#writing
  }

  async #write(): Promise<void> {
    const uses = [...this.#counters.values()].flatMap((counters) => [...counters.values()])
    if (uses.length === 0) return
    const count = this.waiting
    this.#counters = new Map()
    this.waiting = 0
    try {
      await this.#store.recordUses(uses)
      this.written += count
      this.batches++
    } catch {
      // Whatever it was: it changes no verdict, and is tried again.
      for (const use of uses) this.add(use, use.count)
      this.failures++
    }
  }

  #countersOf(day: Day): Map<string, Counter> {
    const there = this.#counters.get(day)
    if (there !== undefined) return there
    const counters = new Map<string, Counter>()
    this.#counters.set(day, counters)
    return counters
  }
}
