import { printable } from '../core/name.ts'

/** What follows a token's ID: on no screen, and hidden while it is still being pasted. */
const BEHIND_AN_ID = /(?<=[a-z0-9]{2,10}_[0-9A-Za-z]{12})[0-9A-Za-z]+/gi

/** What is being typed, as it is shown: as long as it is, by which the cursor is placed. */
export const typed = (text: string): string =>
  printable(text).replace(BEHIND_AN_ID, (secret) => '*'.repeat(secret.length))
