import { isProblem, Problem, reasonOf } from '../core/problem.ts'
import type { FileStatus, Surroundings } from '../system.ts'

/** Permission bits of group and others. */
const FOR_OTHERS = 0o077

/**
 * Whether there is a file, and nobody but its owner, who must be the process, can reach it.
 * @throws Problem `denied`, with the fix
 */
export function checkPrivate(system: Surroundings, path: string): boolean {
  return orUnavailable(path, () => isPrivate(system, path))
}

function isPrivate(system: Surroundings, path: string): boolean {
  const file = system.files.status(path)
  if (file === null) return false
  if (file.kind !== 'file') {
    throw new Problem(
      'not-found',
      `what is at ${path} is not a tokenctl store`,
      'name another path with --store',
    )
  }
  const folder = system.files.parent(path)
  refuseShared(system, file, path, 0o600)
  for (const suffix of ['-wal', '-shm']) {
    const companion = system.files.status(path + suffix)
    if (companion !== null) refuseShared(system, companion, path + suffix, 0o600)
  }
  const around = system.files.status(folder)
  if (around !== null) refuseShared(system, around, folder, 0o700)
  return true
}

/** A file, empty if it is new, in a folder, made if it is missing, that are the owner's alone from their first instant. */
export function makePrivateFile(system: Surroundings, path: string): void {
  orUnavailable(path, () => {
    const folder = system.files.parent(path)
    system.files.makeFolder(folder)
    const around = system.files.status(folder)
    if (around !== null) refuseShared(system, around, folder, 0o700)
    if (!isPrivate(system, path)) system.files.makeFile(path)
  })
}

function orUnavailable<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (isProblem(error)) throw error
    throw new Problem('unavailable', `the store at ${path} cannot be reached: ${reasonOf(error)}`)
  }
}

function refuseShared(system: Surroundings, { uid, mode }: FileStatus, path: string, fix: number): void {
  const { effectiveUid } = system
  if (uid !== effectiveUid) {
    throw new Problem(
      'denied',
      `${path} belongs to uid ${uid}, not to uid ${effectiveUid}`,
      `sudo -u '#${uid}' tokenctl …`,
    )
  }
  if ((mode & FOR_OTHERS) !== 0) {
    throw new Problem(
      'denied',
      `others can reach ${path} (mode ${octal(mode)})`,
      fix === 0o700
        ? `keep the store in a folder of its own, with chmod 700 ${path}`
        : `chmod ${octal(fix)} ${path}`,
    )
  }
}

const octal = (mode: number): string => (mode & 0o777).toString(8)
