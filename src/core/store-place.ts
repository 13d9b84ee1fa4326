import { join } from 'node:path'
import { checkPath } from './path.ts'
import { databaseAt, isUrl, type Place } from './place.ts'
import { Problem, reasonOf } from './problem.ts'

/** A store that is named, and what it is named by. */
export interface Named {
  readonly by: string
  readonly text: string
}

interface Files {
  /** The absolute path, with symbolic links followed. */
  real(path: string): string
  /** @throws where nothing says it */
  dataFolder(): Promise<string>
}

/**
 * Where the store is that is named, or the default one.
 * @param option by which another can be named
 * @throws Problem `usage` for what cannot be a store, `unavailable` where there is no folder for one
 */
export async function storePlace(files: Files, named: Named | null, option: string): Promise<Place> {
  if (named === null) return fileAt(files, join(await dataFolder(files, option), 'tokenctl.db'), option)
  const { by, text } = named
  return isUrl(text) ? databaseAt(by, text) : fileAt(files, checkStorePath(by, text), option)
}

/** SQLite's driver trims what it is given, and would open another file than the one that was looked at. */
function checkStorePath(by: string, text: string): string {
  const path = checkPath(by, text)
  if (path === path.trimEnd()) return path
  throw new Problem(
    'usage',
    `${by} is not a path: ${JSON.stringify(path)}`,
    "a store's path does not end with a space",
  )
}

function fileAt(files: Files, path: string, option: string): Place {
  try {
    return { kind: 'file', path: files.real(path) }
  } catch (error) {
    throw new Problem(
      'unavailable',
      `the store's folder cannot be found: ${reasonOf(error)}`,
      `name another with ${option}`,
    )
  }
}

async function dataFolder(files: Files, option: string): Promise<string> {
  try {
    return await files.dataFolder()
  } catch {
    throw new Problem(
      'unavailable',
      'there is no folder for the default store: neither HOME nor XDG_DATA_HOME is an absolute path',
      `name a store with ${option}`,
    )
  }
}
