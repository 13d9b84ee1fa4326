import type { Keeping } from '../core/login.ts'
import { isProblem, Problem, reasonOf } from '../core/problem.ts'
import type { FileStatus, OwnFile, SecretFile, System } from '../system.ts'
import { digestOf } from '../core/token-format.ts'
import type { App } from './app.ts'

/** Bytes: longer than any session's secret. */
const LONGEST_FILE = 4096
/** Permission bits of group and others. */
const FOR_OTHERS = 0o077

/** What this person's session is known by, in this store; null: there is no file. @throws Problem `denied` for a file that others can reach */
export async function sessionSecret(app: App): Promise<string | null> {
  const { system } = app
  const path = await sessionPath(app)
  const file = path === null ? null : sessionFile(system, path)
  if (path === null || file === null) return null
  const folder = system.files.parent(path)
  refuseShared(system, file.status, path)
  const around = system.files.status(folder)
  if (around !== null) refuseShared(system, around, folder)
  return file.text.trimEnd()
}

/** As it is, whoever else can reach it; null: there is none. */
function sessionFile(system: System, path: string): OwnFile | null {
  const { files } = system
  try {
    return files.readOwn(path, LONGEST_FILE)
  } catch (error) {
    if (!isThere(system, path)) return null
    throw new Problem(
      'denied',
      `the session in ${path} cannot be read: ${reasonOf(error)}`,
      'tokenctl logout removes it',
    )
  }
}

/** In somebody else's folder, which it may not enter, it has kept nothing; in its own, which it may not either, perhaps something. */
function isThere({ files, effectiveUid }: System, path: string): boolean {
  try {
    return files.linkStatus(path) !== null
  } catch {
    return ownerOf(files, files.parent(path)) === effectiveUid
  }
}

function ownerOf(files: System['files'], folder: string): number | null {
  try {
    return files.status(folder)?.uid ?? null
  } catch {
    return null
  }
}

/** One for each person and store; null: nothing says in which folder. */
async function sessionPath(app: App): Promise<string | null> {
  const { files, person } = app.system
  const { id } = await (await app.open()).identity()
  const folder = await files.sessionFolder().catch(() => null)
  return folder === null ? null : `${folder}/${sessionName(person.uid, id)}`
}

/** Somebody may have tampered with the store: its ID must not lead to another folder. */
export const sessionName = (uid: number, storeId: string): string =>
  `session-${uid}-${/^[0-9a-f]{32}$/.test(storeId) ? storeId : digestOf(storeId)}`

/** @throws Problem `denied`, with the fix */
function refuseShared({ effectiveUid }: System, { kind, uid, mode }: FileStatus, path: string): void {
  if (kind !== 'file' && kind !== 'folder') {
    throw new Problem('denied', `what is at ${path} is not a session`, 'tokenctl logout removes it')
  }
  if (uid !== effectiveUid) {
    throw new Problem(
      'denied',
      `${path} belongs to uid ${uid}, not to uid ${effectiveUid}`,
      'tokenctl keeps sessions only where nobody else can reach them',
    )
  }
  if ((mode & FOR_OTHERS) !== 0) {
    const octal = (mode & 0o777).toString(8)
    throw new Problem(
      'denied',
      `others can reach ${path} (mode ${octal})`,
      `chmod ${kind === 'folder' ? '700' : '600'} ${path}, or tokenctl logout if they may have read it`,
    )
  }
}

/** What is to be ended: also a session that others may have read, and that nobody may use any more; null: there is none. */
export async function keptSession(app: App): Promise<string | null> {
  const path = await sessionPath(app)
  if (path === null) return null
  try {
    const file = app.system.files.readOwn(path, LONGEST_FILE)
    return file?.status.uid === app.system.effectiveUid ? file.text.trimEnd() : null
  } catch {
    return null
  }
}

/** @returns what puts a session's secret in its file, in the place of the former one */
export async function keepSession(app: App): Promise<(secret: string) => Keeping> {
  const { system } = app
  const path = await sessionPath(app)
  if (path === null) {
    throw new Problem(
      'not-delivered',
      'not logged in: there is no folder to keep the session in',
      'XDG_RUNTIME_DIR, XDG_STATE_HOME or HOME has to name one',
    )
  }
  return (secret) => {
    // From here on it is there, until it is in its place or gone.
    const release = system.holdSignals()
    try {
      const file = orNotKept(path, () => writeSession(system, path, secret))
      return {
        commit() {
          orNotKept(path, () => file.commit())
          release()
        },
        discard() {
          file.discard()
          release()
        },
      }
    } catch (error) {
      release()
      throw error
    }
  }
}

function writeSession(system: System, path: string, secret: string): SecretFile {
  const folder = system.files.parent(path)
  system.files.makeFolder(folder)
  const around = system.files.status(folder)
  if (around !== null) refuseShared(system, around, folder)
  return system.files.writeSecret(path, `${secret}\n`, true)
}

/** @throws Problem `unavailable` */
export async function dropSession(app: App): Promise<void> {
  const path = await sessionPath(app)
  if (path === null || !isThere(app.system, path)) return
  try {
    app.system.files.remove(path)
  } catch (error) {
    throw new Problem('unavailable', `${path} cannot be removed: ${reasonOf(error)}`, `rm ${path}`)
  }
}

function orNotKept<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (isProblem(error)) throw error
    throw new Problem(
      'not-delivered',
      `not logged in: the session was not written to ${path}: ${reasonOf(error)}`,
      'nothing changed',
    )
  }
}
