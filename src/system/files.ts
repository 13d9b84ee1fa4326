import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  readSync,
  renameSync,
  statSync,
  type Stats,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { codeOf } from '../core/problem.ts'

export interface FileStatus {
  readonly kind: 'file' | 'folder' | 'symlink' | 'socket' | 'other'
  /** Which one it is, whatever path leads to it. */
  readonly id: string
  readonly uid: number
  readonly mode: number
}

/** A file on its way: written and on the disk, but not yet in place where it replaces another. */
export interface SecretFile {
  /** Puts it in the place of another. Where it throws, the other is still there. */
  commit(): void
  /** Leaves no trace of it, unless it has replaced another. */
  discard(): void
}

/** A file as it is, and what is in it. */
export interface OwnFile {
  readonly status: FileStatus
  /** Empty, if it is not a regular file. */
  readonly text: string
}

export interface Files {
  /** The absolute path, with symbolic links followed as far as there is anything. */
  real(path: string): string
  absolute(path: string): string
  parent(path: string): string
  /** Of what a path leads to; null: nothing. */
  status(path: string): FileStatus | null
  /** Of the name itself, a symbolic link included. */
  linkStatus(path: string): FileStatus | null
  /** With what is missing above it; all of it 0700. */
  makeFolder(path: string): void
  /** Empty and 0600, if there is none. */
  makeFile(path: string): void
  /** The first `limit` bytes. */
  read(path: string, limit: number): string
  /** Likewise, of a name that is no link; null: there is none. */
  readOwn(path: string, limit: number): OwnFile | null
  remove(path: string): void
  setMode(path: string, mode: number): void
  /** A new file, 0600, with that text, on the disk. With `replace`, beside the one it will take the place of. */
  writeSecret(path: string, text: string, replace: boolean): SecretFile
  /** Where this user's programs keep their data. @throws where nothing says it */
  dataFolder(): Promise<string>
  /** Where this user's sessions are kept. @throws where nothing says it */
  sessionFolder(): Promise<string>
}

const EXCLUSIVELY = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW

export const realFiles: Files = {
  real(path) {
    const absolute = resolve(path)
    const folder = dirname(absolute)
    if (existsSync(absolute) || folder === absolute) return realpathSync(absolute)
    return join(realFiles.real(folder), basename(absolute))
  },

  absolute: (path) => resolve(path),
  parent: (path) => dirname(resolve(path)),

  status: (path) => orNull(statSync(path, { throwIfNoEntry: false })),
  linkStatus: (path) => orNull(lstatSync(path, { throwIfNoEntry: false })),

  makeFolder(path) {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  },

  makeFile(path) {
    closeSync(openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW, 0o600))
  },

  read(path, limit) {
    const descriptor = openSync(path, 'r')
    try {
      return textIn(descriptor, limit)
    } finally {
      closeSync(descriptor)
    }
  },

  readOwn(path, limit) {
    const descriptor = openIfThere(path)
    if (descriptor === null) return null
    try {
      const stats = fstatSync(descriptor)
      return { status: statusOf(stats), text: stats.isFile() ? textIn(descriptor, limit) : '' }
    } finally {
      closeSync(descriptor)
    }
  },

  remove(path) {
    unlinkSync(path)
  },

  setMode(path, mode) {
    chmodSync(path, mode)
  },

  writeSecret(path, text, replace) {
    const target = resolve(path)
    const folder = dirname(target)
    const written = replace ? join(folder, `.${basename(target)}.${crypto.randomUUID()}`) : target
    const made = writeExclusively(written, text)
    return {
      commit() {
        if (!replace) return
        renameSync(written, target)
        try {
          syncFolder(folder)
        } catch {
          // It is in place: nothing after this may say that it was not delivered.
        }
      },
      discard() {
        const there = lstatSync(written, { throwIfNoEntry: false })
        // Somebody may have put a file of theirs in its place meanwhile.
        if (there?.ino === made.ino && there.dev === made.dev) unlinkSync(written)
      },
    }
  },

  async dataFolder() {
    const { default: envPaths } = await import('env-paths')
    return absoluteOnly(envPaths('tokenctl', { suffix: '' }).data)
  },

  async sessionFolder() {
    const runtime = process.env.XDG_RUNTIME_DIR ?? ''
    if (isOwnFolder(runtime)) return join(runtime, 'tokenctl')
    const { default: envPaths } = await import('env-paths')
    return absoluteOnly(envPaths('tokenctl', { suffix: '' }).log)
  },
}

/** That of another user may still be in the environment of who became root. */
function isOwnFolder(path: string): boolean {
  if (!isAbsolute(path)) return false
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats?.isDirectory() === true && stats.uid === process.geteuid?.()
}

function absoluteOnly(folder: string): string {
  if (!isAbsolute(folder)) throw new Error(`not an absolute path: ${folder}`)
  return folder
}

/** Never through a link, and a pipe that nobody writes to is not waited for. */
function openIfThere(path: string): number | null {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

function textIn(descriptor: number, limit: number): string {
  const buffer = Buffer.alloc(limit)
  let length = 0
  for (let count = -1; count !== 0 && length < limit; length += count) {
    count = readSync(descriptor, buffer, length, limit - length, null)
  }
  return buffer.toString('utf8', 0, length)
}

/** The name of another uid, for people to read; nothing is decided by it. */
export function passwdName(uid: number): string | null {
  try {
    const entries = readFileSync('/etc/passwd', 'utf8').split('\n')
    return entries.map((entry) => entry.split(':')).find((fields) => fields[2] === String(uid))?.[0] ?? null
  } catch {
    return null
  }
}

const orNull = (stats: Stats | undefined): FileStatus | null => (stats === undefined ? null : statusOf(stats))

function statusOf(stats: Stats): FileStatus {
  const kind = stats.isFile()
    ? 'file'
    : stats.isDirectory()
      ? 'folder'
      : stats.isSymbolicLink()
        ? 'symlink'
        : stats.isSocket()
          ? 'socket'
          : 'other'
  return { kind, id: `${stats.dev}:${stats.ino}`, uid: stats.uid, mode: stats.mode }
}

/** Never into a file that was there, never through a link; half a secret is removed. */
function writeExclusively(path: string, text: string): Stats {
  const descriptor = openSync(path, EXCLUSIVELY, 0o600)
  try {
    let rest: Uint8Array = Buffer.from(text)
    while (rest.length > 0) rest = rest.subarray(writeSync(descriptor, rest))
    fsyncSync(descriptor)
    syncFolder(dirname(path))
    return fstatSync(descriptor)
  } catch (error) {
    unlinkSync(path)
    throw error
  } finally {
    closeSync(descriptor)
  }
}

/** A new name is on the disk only when its folder is. */
function syncFolder(folder: string): void {
  const descriptor = openSync(folder, constants.O_RDONLY)
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
