import { Problem, quoted } from './problem.ts'

/** The last one before what stands for none: `(uid_t) -1`. */
const HIGHEST = 4_294_967_294

/** @throws Problem `usage`, naming the rule */
export function parseUid(text: string): number {
  if (/^(0|[1-9][0-9]{0,9})$/.test(text) && Number(text) <= HIGHEST) return Number(text)
  throw new Problem(
    'usage',
    `not a user ID: ${quoted(text)}`,
    `--uid takes a whole number from 0 to ${HIGHEST}`,
  )
}
