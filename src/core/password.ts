import { createHmac } from 'node:crypto'
import { Problem } from './problem.ts'

const SHORTEST = 12
const LONGEST = 1024
/** Of what bcrypt takes into account, in bytes. */
const BCRYPT_BYTES = 72

/** What an operator may choose: long rather than intricate (NIST SP 800-63B, 3.1.1). @throws Problem `usage`; the text is never repeated */
export function checkNewPassword(text: string): string {
  const length = Array.from(text).length
  if (length < SHORTEST) throw unfit('is too short')
  if (length > LONGEST) throw unfit('is too long')
  if (/\p{C}/u.test(text)) throw unfit('has control characters in it')
  return text
}

const unfit = (fault: string): Problem =>
  new Problem(
    'usage',
    `the password ${fault}`,
    `a password is ${SHORTEST} to ${LONGEST} characters on one line`,
  )

/**
 * bcrypt passes over whatever comes after its 72nd byte, and begins again after a NUL: what it would not take as it is, is
 * hashed first, in base64 because of NUL bytes,
 * and under a name of our own so that a plain SHA-384 that leaked elsewhere is of no use (OWASP, Password Storage).
 */
export function withinBcrypt(password: string): string {
  const text = password.normalize('NFC')
  if (Buffer.byteLength(text) <= BCRYPT_BYTES && !text.includes('\0')) return text
  return createHmac('sha384', 'tokenctl operator password').update(text).digest('base64')
}
