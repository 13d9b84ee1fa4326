import { join } from 'node:path'
import { Problem, reasonOf } from '../core/problem.ts'
import type { System } from '../system.ts'
import { refuseForAnother } from './for-another.ts'

export interface StoreLocation {
  readonly path: string
  /** By `--store` or TOKENCTL_STORE, rather than found at its default place. */
  readonly named: boolean
}

/** @throws Problem `usage` for what cannot be a store, `denied` for naming one in another's name */
export async function storeLocation(system: System, option: string | undefined): Promise<StoreLocation> {
  const [name, given] =
    option === undefined ? ['TOKENCTL_STORE', system.environment.TOKENCTL_STORE] : ['--store', option]
  if (given === undefined) {
    return { path: real(system, join(await dataFolder(system), 'tokenctl.db')), named: false }
  }
  refuseForAnother(system, name, 'leave it out: the store of that user is used')
  return { path: real(system, checkStorePath(name, given)), named: true }
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

/** @throws Problem `usage` */
export function checkPath(name: string, path: string): string {
  // Not repeated: a URL may hold a password.
  if (/^[a-z][a-z+]*:\/\//i.test(path)) {
    throw new Problem('usage', `${name} is a URL, and takes the path of a file`)
  }
  if (path !== '' && !path.includes('\0')) return path
  throw new Problem(
    'usage',
    `${name} is not a path: ${JSON.stringify(path)}`,
    'a path is not empty and has no NUL in it',
  )
}

function real({ files }: System, path: string): string {
  try {
    return files.real(path)
  } catch (error) {
    throw new Problem('unavailable', `the store's folder cannot be found: ${reasonOf(error)}`)
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
