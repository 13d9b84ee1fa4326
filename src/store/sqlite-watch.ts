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
  /** What tells the file at the path from another that is put there; null: there is none. */
  readonly fileId: () => string | null
}

/** @param database a connection of its own, on which nothing is ever written: only so `data_version` speaks of all changes */
export function watchSqlite(
  path: string,
  database: Database.Database,
  query: Query,
  { now, elapsed, fileId }: Options,
): EngineWatch {
  const dataVersion = database.prepare<[], number>('pragma data_version').pluck()
  const generation = database.prepare<[], number>('select value from generation').pluck()
  const schemaVersion = database.prepare<[], number>('pragma user_version').pluck()
  const opened = fileId()
  let seenVersion: number | undefined
  let mark: Mark = { generation: 0, schemaVersion: 0 }
  let lookedAt = -Infinity

  /** Whoever renames another file into its place means that one; here the old one would be read for ever. */
  function refuseReplaced(): void {
    if (elapsed() - lookedAt < FILE_LOOKED_AT) return
    if (fileId() !== opened) {
      throw new Problem('unavailable', `the store at ${path} was replaced by another`, 'start again')
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
          mark = { generation: generation.get() ?? 0, schemaVersion: schemaVersion.get() ?? 0 }
          seenVersion = version
        }
        return mark
      }),
    async close() {
      database.close()
    },
  }
}
