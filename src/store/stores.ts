import { recordFounding } from '../core/change.ts'
import type { Founding, Stores } from '../core/founding.ts'
import type { Millis } from '../core/model.ts'
import type { Store } from '../core/store.ts'
import { Problem } from '../core/problem.ts'
import { type Place, shown } from '../core/place.ts'
import type { Surroundings } from '../system.ts'
import type { Engine, Query } from './engine.ts'
import { setIdentity } from './identity.ts'
import { migrations } from './migrations/index.ts'
import { addFirstOperator } from './operators.ts'
import { checkPrivate, makePrivateFile } from './private-file.ts'
import { storeOn, writerOn } from './store.ts'

/** The real stores of this machine and of the databases that it can reach. */
export function storesOf(system: Surroundings): Stores {
  return {
    async open(place, patience) {
      const engine = await opened(place, system, patience)
      return engine && (patience === undefined ? bringUpToDate(engine, place) : asItIs(engine))
    },

    async make(place, founding) {
      const engine = await openedForMaking(place, system)
      return closingOnFailure(engine, async () => {
        const made = await engine.write((query) => establish(engine, query, founding))
        const store = made ? storeOn(engine) : await bringUpToDate(engine, place)
        if (store === null) throw new Error(`the store at ${shown(place)} vanished as it was made`)
        return { store, made }
      })
    },
  }
}

/** Null: there is no file. */
async function opened(place: Place, system: Surroundings, patience?: Millis): Promise<Engine | null> {
  if (place.kind === 'database') return openDatabase(place, system, patience)
  return checkPrivate(system, place.path) ? openFile(place, system) : null
}

async function openedForMaking(place: Place, system: Surroundings): Promise<Engine> {
  if (place.kind === 'database') return openDatabase(place, system)
  makePrivateFile(system, place.path)
  return openFile(place, system, true)
}

/** Each driver is loaded where it is wanted. */
async function openFile({ path }: File, system: Surroundings, isNew = false): Promise<Engine> {
  const { openSqlite } = await import('./sqlite.ts')
  const { holdSignals, now, elapsed, files } = system
  const fileId = (path: string): string | null => files.status(path)?.id ?? null
  return openSqlite(path, { holdSignals, now, elapsed, fileId, isNew })
}

async function openDatabase(place: Database, system: Surroundings, patience?: Millis): Promise<Engine> {
  const { settingsOf } = await import('./postgres-settings.ts')
  const { openPostgres } = await import('./postgres.ts')
  const { holdSignals, now, elapsed } = system
  const settings = settingsOf(place.url, system)
  const options = { shown: shown(place), holdSignals, now, elapsed }
  if (patience === undefined) return openPostgres(settings, options)
  return openPostgres({ ...settings, timeout: patience / 1000 }, { ...options, silence: patience })
}

type File = Extract<Place, { kind: 'file' }>
type Database = Extract<Place, { kind: 'database' }>

/** Nothing, or the whole store with its first clusteradmin: six first runs at once make one of it. */
async function establish(engine: Engine, query: Query, founding: Founding): Promise<boolean> {
  if ((await engine.schemaVersion(query)) > 0) return false
  await migrate(engine, query, 0)
  const { storeId: id, tokenPrefix, operator, osUser } = founding
  const at = engine.now()
  await setIdentity(query, { id, tokenPrefix, createdAt: at })
  await addFirstOperator(query, { ...operator, createdAt: at })
  const details = { tokenPrefix, operator: operator.name }
  await recordFounding(writerOn(query), { at, actor: operator.name, osUser, details })
  return true
}

/** The store, brought to this version; null where its making was never finished. */
async function bringUpToDate(engine: Engine, place: Place): Promise<Store | null> {
  return closingOnFailure(engine, async () => {
    const version = await engine.schemaVersion()
    if (version === 0) {
      await engine.close()
      return null
    }
    if (version > migrations.length) {
      throw new Problem(
        'unavailable',
        `the store at ${shown(place)} was made by a newer tokenctl (schema ${version}; this one knows ${migrations.length})`,
        'upgrade tokenctl',
      )
    }
    if (version < migrations.length) {
      await engine.write(async (query) => migrate(engine, query, await engine.schemaVersion(query)))
    }
    return storeOn(engine)
  })
}

/** The store, if it is of this version: to look at it changes nothing. */
async function asItIs(engine: Engine): Promise<Store | null> {
  return closingOnFailure(engine, async () => {
    if ((await engine.schemaVersion()) === migrations.length) return storeOn(engine)
    await engine.close()
    return null
  })
}

async function migrate(engine: Engine, query: Query, from: number): Promise<void> {
  for (const [index, sql] of migrations.entries()) {
    if (index >= from) await engine.migrate(query, sql, index + 1)
  }
}

async function closingOnFailure<T>(engine: Engine, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    await engine.close()
    throw error
  }
}
