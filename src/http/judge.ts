import type { Verdict, Wanted } from '../core/verdict.ts'
import type { Verifier } from '../core/verifier.ts'
import type { Tallies } from './tallies.ts'

/** What handlers need of a `Verifier`, and what of it is counted. */
export interface Judge {
  /** @throws where it cannot be answered */
  verify(token: string, wanted: Wanted): Promise<Verdict>
  /** Whether it can be answered. @throws where not */
  check(): Promise<void>
}

/** @param elapsed milliseconds of a clock that nobody sets */
export function countingJudge(verifier: Verifier, tallies: Tallies, elapsed: () => number): Judge {
  return {
    async verify(token, wanted) {
      const began = elapsed()
      try {
        const verdict = await verifier.verify(token, wanted)
        tallies.verdict(verdict.valid ? 'valid' : verdict.reason, (elapsed() - began) / 1000)
        return verdict
      } catch (error) {
        tallies.storeErrors++
        throw error
      }
    },
    async check() {
      try {
        await verifier.check()
      } catch (error) {
        tallies.storeErrors++
        throw error
      }
    },
  }
}
