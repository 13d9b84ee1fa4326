import { writeSync } from 'node:fs'

/** Ends with one line that a machine can read: `N passed, N failed, N skipped`. At exit, for jest's own words come late. */
export default class CountingReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites }) {
    const failed = numFailedTests + numRuntimeErrorTestSuites
    process.once('exit', () =>
      writeSync(1, `\n${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped\n`),
    )
  }
}
