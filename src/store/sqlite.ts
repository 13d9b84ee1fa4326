import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import type { Millis } from '../core/model.ts'
import { Problem } from '../core/problem.ts'
import type { Engine, Query, Value } from './engine.ts'
import { Mutex } from './mutex.ts'
import { foreign, isBusy, translate, translated } from './sqlite-errors.ts'
import { watchSqlite } from './sqlite-watch.ts'

/** Says `tokenctl` to file(1) and to anybody who opens the wrong file. */
const APPLICATION_ID = 0x746f6b63
/** Milliseconds to wait for another process to end its write. */
const PATIENCE = 5_000
const LITTLE_PATIENCE = 100
/** Between two looks whether it has ended. */
const LONGEST_PAUSE = 25

export interface SqliteOptions {
  /** Prepares the file for a store that is to be made in it; otherwise it is opened as it is. */
  readonly isNew?: boolean
  /** Makes signals wait from the first write on; the function returned lets them through again. */
  readonly holdSignals: () => () => void
  readonly now: () => Millis
  /** Of a clock that nobody sets. */
  readonly elapsed: () => Millis
  /** What tells the file that is at a path from another that may be put there; null: there is none. */
  readonly fileId: (path: string) => string | null
}

/** Opens the database in an existing, private file. @throws Problem `unavailable`, `not-found` for something else's file */
export function openSqlite(path: string, options: SqliteOptions): Engine {
  const { holdSignals, now, fileId, isNew = false } = options
  // Before it is opened: of one that is put there meanwhile it is then known.
  const id = fileId(path)
  const database = translated(path, () => connect(path, isNew))
  const mutex = new Mutex()
  /** Inside a write: the statements go straight to the connection. */
  const direct = queryOn(database, path)

  return {
    now,

    // There is one connection: a read from outside must not slip into another's transaction, and waits for its end.
    all: (sql, ...values) => mutex.run(() => direct.all(sql, ...values)),
    get: (sql, ...values) => mutex.run(() => direct.get(sql, ...values)),
    run: (sql, ...values) => mutex.run(() => direct.run(sql, ...values)),

    // On a connection of its own: it takes as long as its reader does, and while it lasts, its connection can do nothing else.
    async *each<Row>(sql: string, ...values: readonly Value[]) {
      const reader = translated(path, () => connect(path, false))
      try {
        yield* rowsOf<Row>(path, reader.prepare(sql), values)
      } finally {
        reader.close()
      }
    },

    write: (work, manner) =>
      mutex.run(async () => {
        const release = holdSignals()
        try {
          if (manner === 'casual') setCasual(database)
          await begin(database, path, manner === 'casual' ? LITTLE_PATIENCE : PATIENCE)
          const result = await work(direct)
          translated(path, () => database.exec('commit'))
          return result
        } catch (error) {
          if (database.inTransaction) database.exec('rollback')
          release()
          throw error
        } finally {
          if (manner === 'casual') setCareful(database)
        }
      }),

    async schemaVersion() {
      return translated(path, () => {
        const version = database.pragma('user_version', { simple: true }) as number
        if (version > 0 && database.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
          throw foreign(path)
        }
        return version
      })
    },

    async migrate(_query, sql, version) {
      translated(path, () => {
        database.exec(sql)
        database.pragma(`application_id = ${APPLICATION_ID}`)
        database.pragma(`user_version = ${version}`)
      })
    },

    async watch() {
      const watching = translated(path, () => connect(path, false))
      // KiB. Not mapped into memory: a file that is cut short would then end all of it.
      watching.pragma('cache_size = -65536')
      return watchSqlite({ path, id }, watching, queryOn(watching, path), options)
    },

    async close() {
      database.close()
    },
  }
}

/**
 * Deferred, it would fail with "database is locked" whatever the timeout, if it read before it wrote. It waits here and not
 * inside SQLite, where a whole server would wait with it.
 */
async function begin(database: Database.Database, path: string, patience: Millis): Promise<void> {
  let waited = 0
  for (let pause = 1; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    try {
      database.pragma('busy_timeout = 0')
      database.exec('begin immediate')
      return
    } catch (error) {
      if (!isBusy(error) || waited >= patience) throw translate(error, path)
    } finally {
      database.pragma(`busy_timeout = ${PATIENCE}`)
    }
    await sleep(pause)
    waited += pause
  }
}

function queryOn(database: Database.Database, path: string): Query {
  const statements = new Map<string, Database.Statement>()

  function prepare(sql: string): Database.Statement {
    let statement = statements.get(sql)
    if (statement === undefined) {
      statement = database.prepare(sql)
      statements.set(sql, statement)
    }
    return statement
  }

  return {
    async all<Row>(sql: string, ...values: readonly Value[]) {
      return translated(path, () => prepare(sql).all(...values) as Row[])
    },
    async get<Row>(sql: string, ...values: readonly Value[]) {
      return translated(path, () => (prepare(sql).get(...values) as Row | undefined) ?? null)
    },
    async run(sql, ...values) {
      return translated(path, () => prepare(sql).run(...values).changes)
    },
  }
}

function* rowsOf<Row>(path: string, statement: Database.Statement, values: readonly Value[]): Generator<Row> {
  const rows = translated(path, () => statement.iterate(...values) as IterableIterator<Row>)
  try {
    for (;;) {
      const next = translated(path, () => rows.next())
      if (next.done === true) return
      yield next.value
    }
  } finally {
    // Whoever stops in the middle leaves the statement running, and the connection could not be closed.
    rows.return?.()
  }
}

function connect(path: string, isNew: boolean): Database.Database {
  const database = new Database(path, { fileMustExist: true, timeout: PATIENCE })
  try {
    refuseForeignTables(database, path)
    if (isNew || isOurs(database)) useWriteAheadLog(database, path)
    setCareful(database)
    // What is deleted must not stay readable in free pages.
    database.pragma('secure_delete = ON')
    // Sorting must not write names and digests to a folder that TMPDIR chooses.
    database.pragma('temp_store = MEMORY')
    database.pragma('foreign_keys = ON')
    database.pragma('trusted_schema = OFF')
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** An acknowledged revoke must survive a power cut. */
function setCareful(database: Database.Database): void {
  database.pragma('synchronous = FULL')
}

function setCasual(database: Database.Database): void {
  database.pragma('synchronous = NORMAL')
}

/** Somebody else's database must not be touched, not even its journal mode. */
function refuseForeignTables(database: Database.Database, path: string): void {
  // In this order: a store that another process has just made has its tables and its mark from the same instant.
  const hasTables = database.prepare('select 1 from sqlite_master limit 1').get() !== undefined
  if (hasTables && !isOurs(database)) throw foreign(path)
}

function isOurs(database: Database.Database): boolean {
  return database.pragma('application_id', { simple: true }) === APPLICATION_ID
}

/** Changing the journal mode does not wait for others as statements do; six first runs at once need the loop. */
function useWriteAheadLog(database: Database.Database, path: string): void {
  for (let attempt = 1; ; attempt++) {
    try {
      if (database.pragma('journal_mode', { simple: true }) === 'wal') return
      if (database.pragma('journal_mode = WAL', { simple: true }) === 'wal') return
      throw new Problem(
        'unavailable',
        `the file system at ${path} cannot hold a store`,
        'it lacks what a write-ahead log needs',
      )
    } catch (error) {
      if (attempt === 100 || !isBusy(error)) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PATIENCE / 100)
    }
  }
}
