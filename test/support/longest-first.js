// Comes with jest, and is what its manual says to begin from.
import Sequencer from '@jest/test-sequencer'

/** Those that take longest, the longest first: what is begun last must be short, or all but one worker wait for its end. */
const LONG = [
  'hostile',
  'store/postgres-cut',
  'process/races',
  'process/screen',
  'process/completion',
  'climbing',
  'process/revocation',
  'verifier',
  'process/gateways',
  'process/serve',
  'http/slow',
  'process/lists',
  'unseen',
  'way-in',
  'sessions',
  'process/terminal',
  'login',
  'who-may',
]

/** jest goes by size where it has not measured yet how long each file takes, as on a new machine. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const index = LONG.findIndex((name) => path.endsWith(`/test/${name}.test.ts`))
      return index === -1 ? LONG.length : index
    }
    return super.sort(tests).toSorted((a, b) => rank(a) - rank(b))
  }
}
