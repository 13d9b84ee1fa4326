import { accessSync, constants, statfsSync } from 'node:fs'

/**
 * A folder in memory, if there is much of it; null: there is none. What is written there has to wait for no disk, and is
 * hardly any work: a database is hundreds of files, and each change to a store is written through to the disk.
 */
export function folderInMemory(): string | null {
  const memory = '/dev/shm'
  try {
    accessSync(memory, constants.W_OK | constants.X_OK)
    const { bavail, bsize } = statfsSync(memory)
    return bavail * bsize >= 2 ** 30 ? memory : null
  } catch {
    return null
  }
}
