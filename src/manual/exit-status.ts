import { EXIT_CODES, FINDINGS, UNEXPECTED, VERDICT_CODES } from '../cli/exit-codes.ts'
import { either } from '../core/either.ts'
import type { ProblemKind } from '../core/problem.ts'
import type { Reason } from '../core/verdict.ts'
import type { Item } from './description.ts'

/** What a command that ends so has to say of it. Each kind must have its words, or this does not compile. */
const OF_PROBLEMS: Readonly<Record<ProblemKind, string>> = {
  usage: 'usage: unknown option, invalid value, ambiguous name, a needed answer and nobody to ask',
  'not-found': 'not found (also: no store there, naming the path looked at)',
  conflict: 'conflict: exists already, changed meanwhile, or would break something named (hint: `--force`)',
  denied: 'not permitted',
  'not-logged-in': 'not logged in',
  declined: 'declined; nothing changed (of several names, not that one)',
  unavailable: 'store unavailable or busy; try again',
  'not-delivered': 'secret not delivered; nothing changed',
  'outcome-unknown':
    'outcome unknown: if you hold the secret, it works from its first use within 15 minutes; the earlier one works until then, or until a later regenerate',
  interrupted: 'interrupted; nothing changed (of several names, none from that one on)',
  'not-written': 'done, but the answer could not be written',
}

const OF_VERDICTS: Readonly<Record<Reason, string>> = {
  malformed: 'malformed, or begins as no token of this store does',
  unknown: 'unknown',
  deleted: 'deleted',
  replaced: 'replaced by another secret',
  lapsed: 'lapsed before it was ever used',
  disabled: 'disabled, or its client is; this comes before 12',
  expired: 'expired',
  forbidden: 'good, but not for the permission or at the scope that was asked for',
}

const SAYS_NO = '`token verify` says no: the token is '

type Meaning = readonly [code: number, meaning: string]

/** Each exit code once, in their order, with all that it stands for. Between backticks stands what is typed. */
export const EXIT_STATUS: readonly Item[] = gathered([
  [0, 'done'],
  [UNEXPECTED, 'unexpected failure (a bug; `--debug` shows the stack)'],
  ...meanings(EXIT_CODES, OF_PROBLEMS),
  ...meanings(VERDICT_CODES, OF_VERDICTS).map(([code, meaning]): Meaning => [code, SAYS_NO + meaning]),
  [
    FINDINGS,
    'findings: under `--fail-if-any` a list was not empty, or a forecast had something that falls due',
  ],
])

function meanings<Kind extends string>(
  codes: Readonly<Record<Kind, number>>,
  words: Readonly<Record<Kind, string>>,
): Meaning[] {
  const kinds = Object.keys(codes) as Kind[]
  return [...new Set(Object.values<number>(codes))].map((code) => [
    code,
    either(kinds.flatMap((kind) => (codes[kind] === code ? [words[kind]] : []))),
  ])
}

function gathered(all: readonly Meaning[]): Item[] {
  const codes = [...new Set(all.map(([code]) => code))].sort((a, b) => a - b)
  return codes.map((code) => ({
    term: String(code),
    meaning: all.flatMap(([of, meaning]) => (of === code ? [meaning] : [])).join('; or '),
  }))
}
