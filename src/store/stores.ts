import { recordFounding } from '../core/change.ts'
import type { Founding, Stores } from '../core/founding.ts'
import type { Store } from '../core/store.ts'
import { Problem } from '../core/problem.ts'
import { CLUSTER } from '../core/scope.ts'
import type { System } from '../system.ts'
import type { Engine, Query } from './engine.ts'
import { setIdentity } from './identity.ts'
import { migrations } from './migrations/index.ts'
import { addOperator } from './operators.ts'
import { checkPrivate, makePrivateFile } from './private-file.ts'
import { openSqlite } from './sqlite.ts'
import { storeOn, writerOn } from './store.ts'

/** The real stores of this machine. */
export function storesOf(system: System): Stores {
  const { holdSignals } = system

  return {
    async open(path) {
      return checkPrivate(system, path) ? bringUpToDate(openSqlite(path, { holdSignals }), path) : null
    },

    async make(path, founding) {
      makePrivateFile(system, path)
      const engine = openSqlite(path, { holdSignals, isNew: true })
      return closingOnFailure(engine, async () => {
        const made = await engine.write((query) => establish(engine, query, founding))
        const store = made ? storeOn(engine) : await bringUpToDate(engine, path)
        if (store === null) throw new Error(`the store at ${path} vanished as it was made`)
        return { store, made }
      })
    },
  }
}

/** Nothing, or the whole store with its first clusteradmin: six first runs at once make one of it. */
async function establish(engine: Engine, query: Query, founding: Founding): Promise<boolean> {
  if ((await engine.schemaVersion()) > 0) return false
  await migrate(engine, query, 0)
  const { storeId: id, tokenPrefix, operator, osUser, at } = founding
  await setIdentity(query, { id, tokenPrefix, createdAt: at })
  await addOperator(
    query,
    { name: operator, uid: osUser.uid, createdAt: at },
    { role: 'admin', scope: CLUSTER },
  )
  await recordFounding(writerOn(query), { at, actor: operator, osUser, details: { tokenPrefix, operator } })
  return true
}

/** The store, brought to this version; null where its making was never finished. */
async function bringUpToDate(engine: Engine, path: string): Promise<Store | null> {
  return closingOnFailure(engine, async () => {
    const version = await engine.schemaVersion()
    if (version === 0) {
      await engine.close()
      return null
    }
    if (version > migrations.length) {
      throw new Problem(
        'unavailable',
        `the store at ${path} was made by a newer tokenctl (schema ${version}; this one knows ${migrations.length})`,
        'upgrade tokenctl',
      )
    }
    if (version < migrations.length) {
      await engine.write(async (query) => migrate(engine, query, await engine.schemaVersion()))
    }
    return storeOn(engine)
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
