import type Database from 'better-sqlite3'
import { Problem } from '../core/problem.ts'
import type { Millis } from '../core/model.ts'
import type { EngineWatch, Mark, Query } from './engine.ts'
import { translated } from './sqlite-errors.ts'

/** How often it is looked whether the file is still the one that was opened. */
const FILE_LOOKED_AT: Millis = 250

interface Options {
  readonly now: () => Millis
  readonly elapsed: () => Millis
  readonly fileId: (path: string) => string | null
}

/** The database's file as it was when it was opened. */
interface Opened {
  readonly path: string
  readonly id: string | null
}

/** @param database a connection of its own, on which nothing is ever written: only so `data_version` speaks of all changes */
export function watchSqlite(
  { path, id }: Opened,
  database: Database.Database,
  query: Query,
  { now, elapsed, fileId }: Options,
): EngineWatch {
  const dataVersion = database.prepare<[], number>('pragma data_version').pluck()
  const generation = database.prepare<[], Omit<Mark, 'schemaVersion'>>(
    `select value as "generation", (select hash from audit order by sequence desc limit 1) as "lastAudit" from generation`,
  )
  const schemaVersion = database.prepare<[], number>('pragma user_version').pluck()
  /** Its log and the index of that. Where they are removed, nobody hears of the others' changes any more. */
  const besides = (): string => ['-wal', '-shm'].map((suffix) => fileId(path + suffix)).join(' ')
  dataVersion.get()
  const openedBesides = besides()
  let seenVersion: number | undefined
  let mark: Mark = { generation: 0, lastAudit: null, schemaVersion: 0 }
  let lookedAt = -Infinity

  /** Whoever renames another file into its place means that one; here the old one would be read for ever. */
  function refuseReplaced(): void {
    if (elapsed() - lookedAt < FILE_LOOKED_AT) return
    if (fileId(path) !== id || besides() !== openedBesides) {
      throw new Problem(
        'unavailable',
        `the store at ${path} was removed or replaced`,
        'restart what serves it',
      )
    }
    lookedAt = elapsed()
  }

  return {
    ...query,
    now,
    // Something was committed, perhaps no more than a use: only the number itself says whether anything changed.
    mark: () =>
      translated(path, () => {
        refuseReplaced()
        const version = dataVersion.get()
        if (version !== seenVersion) {
          mark = { ...mark, ...generation.get(), schemaVersion: schemaVersion.get() ?? 0 }
          seenVersion = version
        }
        return mark
      }),
    async close() {
      database.close()
    },
  }
}
