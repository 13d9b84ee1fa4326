import { setTimeout as sleep } from 'node:timers/promises'
import type { Millis } from '../core/model.ts'
import { Problem } from '../core/problem.ts'
import { REVOCATION_BOUND } from '../core/store.ts'
import type { Engine, EngineWatch, Mark, Query } from './engine.ts'
import { Mutex } from './mutex.ts'

/** Between the end of one poll and the beginning of the next. */
const PAUSE: Millis = 150
/** Readers that wait for their turn: more than that is more than the database can do. */
const MOST_WAITING = 2_000

interface Options {
  /** For people. */
  readonly shown: string
  readonly now: () => Millis
  readonly elapsed: () => Millis
}

/** What a poll said, and when it began, by the clock that nobody sets and by the other one. */
interface Polled {
  readonly mark: Mark
  readonly began: Millis
  readonly beganAt: Millis
  /** By how much the database's clock is ahead of ours. */
  readonly ahead: Millis
}

const POLL = `
  select generation.value as "generation", schema_version.version as "schemaVersion",
    (select hash from audit order by sequence desc limit 1) as "lastAudit",
    (extract(epoch from clock_timestamp()) * 1000)::bigint as "now"
  from generation, schema_version`

/**
 * One connection asks for the generation again and again, another reads.
 * @param poller gives up a poll that takes as long as the bound
 */
export async function watchPostgres(
  poller: Engine,
  reader: Engine,
  { shown, now, elapsed }: Options,
): Promise<EngineWatch> {
  let isClosed = false
  let waiting = 0
  const turns = new Mutex()
  let polled = await poll()
  void keepPolling()

  async function poll(): Promise<Polled> {
    const began = elapsed()
    const beganAt = now()
    const row = await poller.get<Mark & { now: Millis }>(POLL)
    if (row === null) throw new Problem('unavailable', `the store at ${shown} has no generation`)
    const { now: there, ...mark } = row
    return { mark, began, beganAt, ahead: there - Math.round((beganAt + now()) / 2) }
  }

  async function keepPolling(): Promise<void> {
    while (!isClosed) {
      await sleep(PAUSE, undefined, { ref: false })
      try {
        polled = await poll()
      } catch {
        // Until it succeeds again nothing is answered.
      }
    }
  }

  /** A clock that stands still while the machine sleeps, or one that is set back, must not make an old answer young. */
  function mark(): Mark {
    const age = Math.max(elapsed() - polled.began, Math.abs(now() - polled.beganAt))
    if (age < REVOCATION_BOUND && !isClosed) return polled.mark
    throw new Problem('unavailable', `the store at ${shown} has not been heard of for ${REVOCATION_BOUND} ms`)
  }

  /** One after the other; where the database has gone silent, those that wait do not try it each for itself. */
  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (waiting >= MOST_WAITING) {
      throw new Problem('unavailable', `too many questions wait for the store at ${shown}`)
    }
    waiting++
    try {
      return await turns.run(() => {
        mark()
        return work()
      })
    } finally {
      waiting--
    }
  }

  const query: Query = {
    all: (sql, ...values) => inTurn(() => reader.all(sql, ...values)),
    get: (sql, ...values) => inTurn(() => reader.get(sql, ...values)),
    run: (sql, ...values) => inTurn(() => reader.run(sql, ...values)),
  }
  return {
    ...query,
    mark,
    now: () => now() + polled.ahead,
    async close() {
      isClosed = true
      await Promise.all([poller.close(), reader.close()])
    },
  }
}
