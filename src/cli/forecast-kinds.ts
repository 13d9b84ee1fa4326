import { either } from '../core/either.ts'
import { type DueName, DUES } from '../core/forecast.ts'
import { Problem, quoted } from '../core/problem.ts'

/** What falls due, as it is typed and as a pipe gets it. */
export const KIND: Readonly<Record<DueName, string>> = {
  expiring: 'expiring',
  neverExpiring: 'never-expiring',
  unused: 'unused',
  neverUsed: 'never-used',
}

export const KINDS: readonly string[] = DUES.map((name) => KIND[name])

/**
 * @param kinds separated by commas; true: any of them
 * @throws Problem `usage`, naming the rule
 */
export function duesOf(kinds: string | true | undefined): readonly DueName[] {
  if (kinds === undefined) return []
  return kinds === true ? DUES : kinds.split(',').map(dueOf)
}

function dueOf(kind: string): DueName {
  const due = DUES.find((name) => KIND[name] === kind)
  if (due !== undefined) return due
  throw new Problem(
    'usage',
    `not a kind of what falls due: ${quoted(kind)}`,
    `--fail-if-any takes ${either(KINDS)}, or several separated by commas`,
  )
}
