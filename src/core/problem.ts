/** What the caller should make of a failure; `cli/exit-codes.ts` gives each its number. */
export type ProblemKind =
  | 'usage'
  | 'not-found'
  | 'conflict'
  | 'denied'
  | 'not-logged-in'
  | 'declined'
  | 'unavailable'
  | 'not-delivered'
  | 'outcome-unknown'
  | 'interrupted'
  | 'not-written'

/** A failure that is somebody's to act on: one line of cause, in lower case and without a full stop, and a hint. */
export class Problem extends Error {
  readonly kind: ProblemKind
  readonly hint: string | undefined

  constructor(kind: ProblemKind, message: string, hint?: string) {
    super(message)
    this.kind = kind
    this.hint = hint
  }
}

/** Something is not in the store: which may be just what was wanted, and is another matter than that there is no store. */
export class Absent extends Problem {
  constructor(message: string, hint?: string) {
    super('not-found', message, hint)
  }
}

/** Somebody left: by Ctrl-C, Esc, or a signal. */
export const interrupted = (): Problem => new Problem('interrupted', 'interrupted; nothing changed')

export const isProblem = (error: unknown): error is Problem => error instanceof Problem

/** The machine's name for a failure (`ENOSPC`, `SQLITE_BUSY`), where it has one. */
export function codeOf(error: unknown): string | undefined {
  const code: unknown = isObject(error) && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}

/** A failure in few words, for the end of a line: "no space left on device" of Node's "ENOSPC: no space left on device, write". */
export function reasonOf(error: unknown): string {
  if (isProblem(error)) return error.message
  const message = isObject(error) && 'message' in error ? String(error.message) : ''
  return /^[A-Z0-9]+: ([^,]+)/.exec(message)?.[1] ?? codeOf(error) ?? message
}

/** Somebody's input in a message: quoted, not at any length, and nothing of what could be a mangled secret. */
export function quoted(text: string): string {
  const shown = withoutLongRuns(text)
  return JSON.stringify(shown.length > 80 ? `${shown.slice(0, 80)}…` : shown)
}

/** A token's ID may be shown, what follows it not, and no run of characters that is as long as much of a secret. */
export function withoutLongRuns(text: string): string {
  return text
    .replace(/([a-z0-9]{2,10}_[0-9A-Za-z]{12})[^]+/i, '$1…')
    .replace(/([0-9A-Za-z]{8})[0-9A-Za-z]{24,}/g, '$1…')
}

/** Not by `instanceof Error`, which fails for an error made in another realm. */
const isObject = (error: unknown): error is object => typeof error === 'object' && error !== null
