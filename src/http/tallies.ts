import { type Reason, REASONS } from '../core/verdict.ts'

export const OUTCOMES = ['valid', ...REASONS] as const
export type Outcome = 'valid' | Reason

/** Upper bounds, in seconds. */
export const BOUNDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 5] as const

/** What a server counts of what it does: plain numbers, for each request adds to them. */
export class Tallies {
  readonly verdicts: Record<Outcome, number>
  /** How many verdicts took no longer than each bound, and longer than the one before; the last: longer than all. */
  readonly durations: number[] = Array<number>(BOUNDS.length + 1).fill(0)
  /** In all, in seconds. */
  duration = 0
  /** Times that the store could not answer. */
  storeErrors = 0
  /** By route and status: `verify 200`. As many as there are answers of ours, and no more. */
  readonly requests = new Map<string, number>()

  constructor() {
    this.verdicts = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>
  }

  get verdictsGiven(): number {
    return Object.values(this.verdicts).reduce((sum, count) => sum + count, 0)
  }

  verdict(outcome: Outcome, seconds: number): void {
    this.verdicts[outcome]++
    this.duration += seconds
    let bucket = 0
    while (seconds > (BOUNDS[bucket] ?? Infinity)) bucket++
    this.durations[bucket] = (this.durations[bucket] ?? 0) + 1
  }

  request(route: string, status: number): void {
    const key = `${route} ${status}`
    this.requests.set(key, (this.requests.get(key) ?? 0) + 1)
  }
}
