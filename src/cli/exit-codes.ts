import type { ProblemKind } from '../core/problem.ts'
import type { Reason } from '../core/verdict.ts'

/** The one table of what the program ends with; 0 is done, and what is not here is 1, a bug. */
export const EXIT_CODES: Readonly<Record<ProblemKind, number>> = {
  usage: 2,
  'not-found': 3,
  conflict: 4,
  denied: 5,
  'not-logged-in': 6,
  declined: 7,
  unavailable: 8,
  'not-delivered': 9,
  'outcome-unknown': 21,
  interrupted: 130,
  // What was asked for has been done: neither of the codes that say "try again" or "nothing changed" would be true.
  'not-written': 1,
}

export const UNEXPECTED = 1

/** Of a list or a forecast under `--fail-if-any`. */
export const FINDINGS = 20

/** What `token verify` ends with when it says no. */
export const VERDICT_CODES: Readonly<Record<Reason, number>> = {
  malformed: 10,
  unknown: 11,
  deleted: 11,
  replaced: 11,
  lapsed: 11,
  expired: 12,
  disabled: 13,
  forbidden: 14,
}
