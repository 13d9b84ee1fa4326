import { userInfo } from 'node:os'
import type { Millis, OsUser } from '../core/model.ts'
import { type Files, realFiles } from './files.ts'

/** Of the world outside, what a store needs. */
export interface Surroundings {
  /** As it was at the start. */
  readonly environment: Readonly<Partial<Record<string, string>>>
  readonly effectiveUid: number
  /** In whose name it is. @throws Problem `not-logged-in` */
  readonly person: OsUser
  readonly now: () => Millis
  /** Milliseconds of a clock that nobody sets, from whatever beginning. */
  readonly elapsed: () => Millis
  readonly files: Files
  /** From here on SIGINT, SIGTERM and SIGHUP wait, until what comes back is called; or for good. */
  readonly holdSignals: () => () => void
}

/** Those of a process that is somebody else's: looked at, and left as it is. */
export function surroundings(): Surroundings {
  const effectiveUid = process.geteuid?.() ?? 0
  return {
    environment: Object.freeze({ ...process.env }),
    effectiveUid,
    get person() {
      return { uid: effectiveUid, name: ownName() }
    },
    now: () => Date.now(),
    elapsed: () => performance.now(),
    files: realFiles,
    // Its signals are its own affair: what they interrupt, the database rolls back.
    holdSignals: () => () => {},
  }
}

export function ownName(): string | null {
  try {
    return userInfo().username
  } catch {
    return null // a uid without a passwd entry
  }
}
