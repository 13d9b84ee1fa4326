import { join } from 'node:path'
import { databaseAt, holdsPassword, isUrl, type Place } from '../core/place.ts'
import { Problem, reasonOf } from '../core/problem.ts'
import type { System } from '../system.ts'
import { refuseForAnother } from './for-another.ts'
import { checkPath } from './path.ts'

export interface StoreLocation {
  readonly place: Place
  /** By `--store` or TOKENCTL_STORE, rather than found at its default place. */
  readonly named: boolean
}

/** @throws Problem `usage` for what cannot be a store, `denied` for naming one in another's name */
export async function storeLocation(system: System, option: string | undefined): Promise<StoreLocation> {
  const [name, given] =
    option === undefined ? ['TOKENCTL_STORE', system.environment.TOKENCTL_STORE] : ['--store', option]
  if (given === undefined) {
    return { place: fileAt(system, join(await dataFolder(system), 'tokenctl.db')), named: false }
  }
  refuseForAnother(system, name, 'leave it out: the store of that user is used')
  if (!isUrl(given)) return { place: fileAt(system, checkStorePath(name, given)), named: true }
  const place = databaseAt(name, given)
  if (option !== undefined) refusePassword(place)
  return { place, named: true }
}

/** An argument stands in the process list and in the shell's history. */
function refusePassword(place: Place): void {
  if (place.kind !== 'database' || !holdsPassword(place.url)) return
  throw new Problem(
    'usage',
    'a password was given as an argument, where others can see it',
    'it belongs in ~/.pgpass, PGPASSWORD or TOKENCTL_STORE; change it if others could see it',
  )
}

/** SQLite's driver trims what it is given, and would open another file than the one that was looked at. */
function checkStorePath(name: string, given: string): string {
  const path = checkPath(name, given)
  if (path === path.trimEnd()) return path
  throw new Problem(
    'usage',
    `${name} is not a path: ${JSON.stringify(path)}`,
    "a store's path does not end with a space",
  )
}

function fileAt({ files }: System, path: string): Place {
  try {
    return { kind: 'file', path: files.real(path) }
  } catch (error) {
    throw new Problem(
      'unavailable',
      `the store's folder cannot be found: ${reasonOf(error)}`,
      'name another with --store',
    )
  }
}

async function dataFolder({ files }: System): Promise<string> {
  try {
    return await files.dataFolder()
  } catch {
    throw new Problem(
      'unavailable',
      'there is no folder for the default store: neither HOME nor XDG_DATA_HOME is an absolute path',
      'name a store with --store',
    )
  }
}
