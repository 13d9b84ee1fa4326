import { hash } from 'node:crypto'
import { crc32 } from 'node:zlib'

/**
 * The shape of a token, as docs/token-format.md publishes it:
 * `<prefix>_` + 12 characters of public ID + 43 random characters + 6 of CRC32, all base62 after the prefix.
 */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const ID_LENGTH = 12
/** 62^43 > 2^256 */
const RANDOM_LENGTH = 43
const CHECKSUM_LENGTH = 6
/** The largest multiple of 62 in a byte: what lies at or above it is thrown away, or some characters would come oftener. */
const FAIR_BYTES = 248

const PREFIX = /^[a-z0-9]{2,10}$/
const TOKEN = /^(([a-z0-9]{2,10})_[0-9A-Za-z]{12})[0-9A-Za-z]{43}([0-9A-Za-z]{6})$/
const TOKEN_ID = /^[a-z0-9]{2,10}_[0-9A-Za-z]{12}$/
const LONGEST_PREFIX = 10
/** So much of a token, and no more than a whole one, that the rest of it could be found by trying. */
const MOST_OF_ONE = /(?<![0-9A-Za-z])[a-z0-9]{2,10}_[0-9A-Za-z]{49,61}(?![0-9A-Za-z])/i
/** Of what follows the underscore. */
const SECRET_LENGTH = ID_LENGTH + RANDOM_LENGTH + CHECKSUM_LENGTH
/** Also one that lost a few characters, or has others stuck to it. */
const REMAINS = /([a-z0-9]{2,10}_[0-9A-Za-z]{12})[0-9A-Za-z]{37,}(?:_[0-9A-Za-z]+)*/gi

export type RandomBytes = (count: number) => Uint8Array

/** What begins the secret of a session, and of a ticket with which somebody fetches a token. */
export const SESSION_PREFIX = 'tksession'
const TICKET_PREFIX = 'tkticket'

export const isTokenPrefix = (text: string): boolean => PREFIX.test(text)
/** No token of a new store begins so: it would be taken for something else. */
export const isReservedPrefix = (text: string): boolean => text === SESSION_PREFIX || text === TICKET_PREFIX
export const isTokenId = (text: string): boolean => TOKEN_ID.test(text)

/** A new public ID, `tkc_7fQ2mWc01xYz`: a token's name for life and the beginning of each of its secrets. */
export function newTokenId(prefix: string, randomBytes: RandomBytes): string {
  return `${prefix}_${randomText(ID_LENGTH, randomBytes)}`
}

/** A new secret for the token of that ID: 256 random bits and a checksum behind it. */
export function newSecret(tokenId: string, randomBytes: RandomBytes): string {
  const body = tokenId + randomText(RANDOM_LENGTH, randomBytes)
  return body + checksum(body)
}

/** The parts of a well-formed token, or null. Says nothing of whether any store knows it. */
export function parseToken(text: string): { readonly id: string; readonly prefix: string } | null {
  const match = TOKEN.exec(text)
  if (match === null) return null
  const [, id = '', prefix = '', sum] = match
  return sum === checksum(text.slice(0, -CHECKSUM_LENGTH)) ? { id, prefix } : null
}

/** What is kept of a secret: SHA-256 of the whole token, base64url. 256 random bits need no slow hash (OWASP ASVS 6.5.2). */
export function digestOf(token: string): string {
  return hash('sha256', token, 'base64url')
}

/** Whether the text holds most of a token, or is one by its checksum even where other text runs into it. */
export function holdsSecret(text: string): boolean {
  const joined = text.replace(/\s/g, '')
  return (
    MOST_OF_ONE.test(text) || [...joined.matchAll(/_/g)].some(({ index }) => isTokenAround(joined, index))
  )
}

/** The whole tokens of that prefix in a text, each once, whatever stands around them and however lines were broken. */
export function tokensIn(text: string, prefix: string): string[] {
  const joined = text.replace(/\s/g, '')
  const length = prefix.length + 1 + SECRET_LENGTH
  const found = [...joined.matchAll(RegExp(`${prefix}_`, 'g'))].map(({ index }) =>
    joined.slice(index, index + length),
  )
  return [...new Set(found)].filter((token) => parseToken(token) !== null)
}

/** The first token's ID in a text; null: there is none. */
export function tokenIdIn(text: string, prefix: string): string | null {
  return RegExp(`${prefix}_[0-9A-Za-z]{${ID_LENGTH}}`).exec(text.replace(/\s/g, ''))?.[0] ?? null
}

/** Tries each length that the prefix before the underscore may have. */
function isTokenAround(text: string, underscore: number): boolean {
  const end = underscore + 1 + SECRET_LENGTH
  for (let start = Math.max(0, underscore - LONGEST_PREFIX); start < underscore; start++) {
    if (parseToken(text.slice(start, end)) !== null) return true
  }
  return false
}

/** Anything shaped like a token is cut to its public ID: the last net under errors and debug output. */
export function withoutSecrets(text: string): string {
  return text.replace(REMAINS, '$1…')
}

/** CRC32 (ISO-HDLC, as in zlib) of everything before it, base62, six digits. It finds a typo; it protects nothing. */
function checksum(body: string): string {
  let rest = crc32(body)
  let digits = ''
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    digits = ALPHABET.charAt(rest % 62) + digits
    rest = Math.floor(rest / 62)
  }
  return digits
}

function randomText(length: number, randomBytes: RandomBytes): string {
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytes(length - text.length)) {
      if (byte < FAIR_BYTES) text += ALPHABET.charAt(byte % 62)
    }
  }
  return text
}
