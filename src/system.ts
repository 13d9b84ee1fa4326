import type { OsUser } from './core/model.ts'
import { Problem } from './core/problem.ts'
import { type Clipboard, realClipboard } from './system/clipboard.ts'
import { passwdName } from './system/files.ts'
import { type Log, logOn } from './system/log.ts'
import { type Passwords, realPasswords } from './system/passwords.ts'
import { type Prompts, realPrompts } from './system/prompts.ts'
import { HeldSignals } from './system/signals.ts'
import { isAnswered } from './system/socket.ts'
import { type Input, type Output, realInput, realOutput } from './system/streams.ts'
import { ownName, type Surroundings, surroundings } from './system/surroundings.ts'

export type { FileStatus, OwnFile, SecretFile } from './system/files.ts'
export type { Log } from './system/log.ts'
export type { Choice, Page, Picker } from './system/prompts.ts'
export type { Output } from './system/streams.ts'
export type { Surroundings } from './system/surroundings.ts'

/** The world outside: what a test replaces, and nothing else in the program may touch. */
export interface System extends Surroundings {
  /** As it was at the start; TOKENCTL_* is in here and in no child's environment. */
  readonly environment: Surroundings['environment']
  /** Who is at the keyboard: where sudo set it, the one who called it, else the effective uid. @throws Problem `not-logged-in` */
  readonly person: OsUser
  readonly randomBytes: (count: number) => Uint8Array
  readonly stdin: Input
  readonly stdout: Output
  readonly stderr: Output
  /** Standard error, for who must not wait until it is read. */
  readonly openLog: () => Log
  /** Whether somebody listens at a socket of the file system. */
  readonly isAnswered: (path: string) => Promise<boolean>
  readonly passwords: Passwords
  readonly prompts: Prompts
  readonly clipboard: Clipboard
  /** From here on they take effect again, whoever has held them: what was to be done is done. */
  readonly letSignalsThrough: () => void
  /** Tells of each as it comes, which then takes no effect of itself. @returns stops that */
  readonly onSignal: (told: () => void) => () => void
  /** Whether one of them is waiting: one that has just come is heard of before the answer. */
  readonly isInterrupted: () => Promise<boolean>
}

/** The real one. Tightens the process as it starts: files it makes are the owner's alone. */
export function realSystem(): System {
  process.umask(0o077)
  const { environment, effectiveUid, now, elapsed, files } = surroundings()
  const { SUDO_UID } = environment
  cleanEnvironment(SUDO_UID !== undefined && SUDO_UID !== String(effectiveUid))

  const signals = new HeldSignals()
  return {
    environment,
    effectiveUid,
    get person() {
      return personOf(SUDO_UID, effectiveUid)
    },
    now,
    elapsed,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    stdin: realInput(0),
    stdout: realOutput(1, () => signals.arrived),
    stderr: realOutput(2, () => signals.arrived),
    openLog: () => logOn(2),
    files,
    isAnswered,
    passwords: realPasswords,
    prompts: realPrompts(signals),
    clipboard: realClipboard,
    holdSignals: () => signals.hold(),
    letSignalsThrough: () => signals.letGo(),
    onSignal: (told) => signals.listen(told),
    isInterrupted: () => signals.haveArrived(),
  }
}

/**
 * Never by USER or LOGNAME, which anybody can set; SUDO_UID counts because sudo overwrites it. Only where sudo lets its
 * caller set variables (`setenv`) it does not; but there NODE_OPTIONS would run anything, before this does.
 */
function personOf(sudoUid: string | undefined, effectiveUid: number): OsUser {
  if (sudoUid === undefined) return { uid: effectiveUid, name: ownName() }
  if (!/^[0-9]{1,10}$/.test(sudoUid)) throw new Problem('not-logged-in', 'SUDO_UID is not a user ID')
  const uid = Number(sudoUid)
  return { uid, name: uid === effectiveUid ? ownName() : passwdName(uid) }
}

/** What may come from who called sudo: how to talk to their terminal. */
const HARMLESS = /^(TERM|COLORTERM|NO_COLOR|LANG|LC_[A-Z]+)$/

/** Children never see TOKENCTL_*; and another person's HOME, PATH or TMPDIR must not choose what is opened or run. */
function cleanEnvironment(forAnother: boolean): void {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('TOKENCTL_') || (forAnother && !HARMLESS.test(name))) {
      Reflect.deleteProperty(process.env, name)
    }
  }
}
