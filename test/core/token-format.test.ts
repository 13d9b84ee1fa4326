import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  digestOf,
  isTokenId,
  isTokenPrefix,
  holdsSecret,
  newSecret,
  newTokenId,
  parseToken,
  type RandomBytes,
  tokenIdIn,
  tokensIn,
  withoutSecrets,
} from '../../src/core/token-format.ts'

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** Three of the published vectors: nobody's. */
const ZEROS = 'tkc_00000000000000000000000000000000000000000000000000000004CtYOH'
const ONES = 'tkc_11111111111122222222222222222222222222222222222222222223jIX4t'
const ACME = 'acme_CCCCCCCCCCCCccccccccccccccccccccccccccccccccccccccccccc4gKVRp'

/** Bytes without end, the same for the same seed. */
function source(seed: number): RandomBytes {
  let drawn = 0
  return (count) => createHash('shake256', { outputLength: count }).update(`${seed} ${drawn++}`).digest()
}

/** 0 to 255 in turn, without end, and nothing thrown away between two calls. */
function everyByteInTurn(): RandomBytes {
  let next = 0
  return (count) => Uint8Array.from({ length: count }, () => next++ % 256)
}

const prefixes = fc.stringMatching(/^[a-z0-9]{2,10}$/)
const seeds = fc.nat()
const secrets = fc.tuple(prefixes, seeds).map(([prefix, seed]) => {
  const random = source(seed)
  return newSecret(newTokenId(prefix, random), random)
})
const characters = fc.oneof(
  fc.constantFrom(...Array.from(BASE62), '_', '-', ' ', '\n', '\0'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
)

describe('a new token', () => {
  test('has 12 characters of ID, 43 random ones and 6 of checksum behind its prefix', () => {
    const id = newTokenId('tkc', randomBytes)
    expect(id).toMatch(/^tkc_[0-9A-Za-z]{12}$/)
    expect(newSecret(id, randomBytes)).toMatch(new RegExp(`^${id}[0-9A-Za-z]{49}$`))
  })

  test('begins with its ID, parses back to it, and always has the same digest', () => {
    fc.assert(
      fc.property(prefixes, seeds, (prefix, seed) => {
        const random = source(seed)
        const id = newTokenId(prefix, random)
        const secret = newSecret(id, random)
        expect(isTokenPrefix(prefix)).toBe(true)
        expect(isTokenId(id)).toBe(true)
        expect(parseToken(secret)).toEqual({ id, prefix })
        expect(digestOf(secret)).toBe(createHash('sha256').update(secret).digest('base64url'))
      }),
    )
  })

  test('differs from the one before', () => {
    const id = newTokenId('tkc', randomBytes)
    const made = Array.from({ length: 1000 }, () => newSecret(id, randomBytes))
    expect(new Set(made).size).toBe(1000)
  })

  test('has each character equally often when each byte comes equally often', () => {
    // 62 IDs of 12 characters take what is fair of three times 256 bytes: 3 × 248.
    const random = everyByteInTurn()
    const drawn = Array.from({ length: 62 }, () => newTokenId('tkc', random).slice('tkc_'.length)).join('')
    const counts = Array.from(BASE62, (character) => drawn.split(character).length - 1)
    expect(counts).toEqual(Array.from(BASE62, () => 12))
  })

  test('is as random in its secret part as in its ID', () => {
    // 248 secrets of 43 characters: 43 × 248.
    const random = everyByteInTurn()
    const drawn = Array.from({ length: 248 }, () => newSecret('tkc_000000000000', random).slice(16, -6)).join(
      '',
    )
    const counts = Array.from(BASE62, (character) => drawn.split(character).length - 1)
    expect(counts).toEqual(Array.from(BASE62, () => 43 * 4))
  })
})

describe('the digest of a token', () => {
  test.each([
    [ZEROS, '1EE_E_Z0Hv_jpBXoWqBEJpyXp_1OOqB9cwzrPZusiR8'],
    [
      'tkc_121212121212abababababababababababababababababababababa2nqh29',
      'f13ivANQEI3WBBJ876Bhzc4FOG2HOe3vi001DWkscKw',
    ],
  ])('%s has the SHA-256 that stores hold: %s', (token, digest) => {
    expect(digestOf(token)).toBe(digest)
  })
})

describe('a token with one error is refused', () => {
  /** Every text that `broken` makes of the secret at one of its places must be refused, unless nothing changed. */
  const expectRefused = (secret: string, places: number, broken: (place: number) => string) => {
    const tried = Array.from({ length: places }, (_, place) => broken(place)).filter(
      (text) => text !== secret,
    )
    expect(tried.filter((text) => parseToken(text) !== null)).toEqual([])
  }

  test('any one character changed', () => {
    fc.assert(
      fc.property(secrets, characters, (secret, character) =>
        expectRefused(secret, secret.length, (i) => secret.slice(0, i) + character + secret.slice(i + 1)),
      ),
    )
  })

  test('any one character lost', () => {
    fc.assert(
      fc.property(secrets, (secret) =>
        expectRefused(secret, secret.length, (i) => secret.slice(0, i) + secret.slice(i + 1)),
      ),
    )
  })

  test('any two neighbours swapped', () => {
    fc.assert(
      fc.property(secrets, (secret) =>
        expectRefused(
          secret,
          secret.length - 1,
          (i) => secret.slice(0, i) + secret.charAt(i + 1) + secret.charAt(i) + secret.slice(i + 2),
        ),
      ),
    )
  })

  test('any one character added, before, behind or inside', () => {
    fc.assert(
      fc.property(secrets, characters, (secret, character) =>
        expectRefused(secret, secret.length + 1, (i) => secret.slice(0, i) + character + secret.slice(i)),
      ),
    )
  })

  test('anything added before or behind', () => {
    const additions = fc.string({ unit: 'binary', minLength: 1, maxLength: 80 })
    fc.assert(
      fc.property(
        secrets,
        fc.oneof(additions, secrets, fc.constantFrom('\n', '\r\n', ' ')),
        (secret, more) => {
          expect(parseToken(secret + more)).toBeNull()
          expect(parseToken(more + secret)).toBeNull()
        },
      ),
    )
  })

  test('any one character of one of them, by each that there is', () => {
    const all = Array.from(ZEROS, (old, i) =>
      Array.from(BASE62, (character) =>
        character === old ? [] : [ZEROS.slice(0, i) + character + ZEROS.slice(i + 1)],
      ).flat(),
    ).flat()
    expect(all).toHaveLength(64 * 61 + 62)
    expect(all.filter((text) => parseToken(text) !== null)).toEqual([])
  })

  test('and so is what never was one', () => {
    expect(parseToken('')).toBeNull()
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => expect(parseToken(text)).toBeNull()))
    const shaped = fc.stringMatching(/^[a-z0-9]{2,10}_[0-9A-Za-z]{61}$/)
    fc.assert(fc.property(shaped, (text) => expect(parseToken(text)).toBeNull()))
  })
})

describe('a token prefix', () => {
  test.each(['tkc', 'ab', '00', 'a1', 'abcdefghij', '0123456789'])('may be %s', (text) => {
    expect(isTokenPrefix(text)).toBe(true)
  })

  test.each([
    '',
    'a',
    'abcdefghijk',
    'Tkc',
    'TKC',
    'tk_',
    'tk-c',
    'tk c',
    ' tkc',
    'tkc\n',
    'tké',
    'tk１',
    '\u212akc',
  ])('may not be %j', (text) => {
    expect(isTokenPrefix(text)).toBe(false)
  })
})

describe('a token ID', () => {
  test.each(['tkc_7fQ2mWc01xYz', 'ab_000000000000', '0123456789_zzzzzzzzzzzz'])('may be %s', (text) => {
    expect(isTokenId(text)).toBe(true)
  })

  test.each([
    '',
    'BI',
    'tkc',
    'tkc_',
    'tkc_7fQ2mWc01xY',
    'tkc_7fQ2mWc01xYz0',
    'TKC_7fQ2mWc01xYz',
    'tkc-7fQ2mWc01xYz',
    'tkc_7fQ2mWc01xY-',
    't_7fQ2mWc01xYz',
    'tkc_7fQ2mWc01xYz\n',
    ' tkc_7fQ2mWc01xYz',
    ZEROS,
  ])('may not be %j', (text) => {
    expect(isTokenId(text)).toBe(false)
  })
})

describe('a text that holds a secret', () => {
  test.each([
    [ZEROS],
    [` ${ZEROS}\n`],
    [`for ${ZEROS}, please`],
    [`name_${ZEROS}`],
    [`x${ZEROS}`],
    [`${ZEROS}tail`],
    [`${ZEROS.slice(0, 30)} ${ZEROS.slice(30)}`],
    [`${ZEROS.slice(0, 30)}\n${ZEROS.slice(30)}`],
    [`${ZEROS.slice(0, -1)}1`], // mistyped
  ])('%j does', (text) => {
    expect(holdsSecret(text)).toBe(true)
  })

  test.each([
    [''],
    ['tkc_7fQ2mWc01xYz'],
    ['reads sales_orders for the nightly load of the data warehouse in the Frankfurt region every day'],
    [`/tmp/build_${'0123456789abcdef'.repeat(4)}/x.db`],
    [`a_${'b'.repeat(60)}`],
  ])('%j does not', (text) => {
    expect(holdsSecret(text)).toBe(false)
  })
})

describe('the tokens in a text', () => {
  test.each<[string, string[], string | null]>([
    [ZEROS, [ZEROS], 'tkc_000000000000'],
    [`Authorization: Bearer ${ZEROS}.`, [ZEROS], 'tkc_000000000000'],
    [`${ZEROS.slice(0, 30)}\n  ${ZEROS.slice(30)}`, [ZEROS], 'tkc_000000000000'],
    [`x${ZEROS}x`, [ZEROS], 'tkc_000000000000'],
    [`${ZEROS} ${ZEROS}`, [ZEROS], 'tkc_000000000000'],
    [`${ONES}${ZEROS}`, [ONES, ZEROS], 'tkc_111111111111'],
    [`tkc_tkc_${ONES}`, [ONES], 'tkc_111111111111'],
    [ACME, [], null],
    [`x${ACME}`, [], null],
    [ZEROS.slice(0, -1), [], 'tkc_000000000000'],
    [`${ZEROS.slice(0, -1)}1`, [], 'tkc_000000000000'],
    [ZEROS.toUpperCase(), [], null],
    ['tkc_00000000000', [], null],
    ['', [], null],
  ])('%j', (text, tokens, id) => {
    expect(tokensIn(text, 'tkc')).toEqual(tokens)
    expect(tokenIdIn(text, 'tkc')).toBe(id)
  })
})

describe('text without its secrets', () => {
  test.each([
    [ZEROS, 'tkc_000000000000…'],
    [`unknown token ${ACME}, sorry`, 'unknown token acme_CCCCCCCCCCCC…, sorry'],
    [`${ZEROS} ${ONES}`, 'tkc_000000000000… tkc_111111111111…'],
    [`${ZEROS}${ONES}`, 'tkc_000000000000…'],
    [`${ZEROS.slice(0, -3)}${ONES}`, 'tkc_000000000000…'],
    [ZEROS.slice(0, -9), 'tkc_000000000000…'],
    [ZEROS.toUpperCase(), 'TKC_000000000000…'],
    [`{"token":"${ZEROS}"}`, '{"token":"tkc_000000000000…"}'],
    [`https://example.test/?t=${ZEROS}&x=1`, 'https://example.test/?t=tkc_000000000000…&x=1'],
    [`${ZEROS}\n${ONES}\n`, 'tkc_000000000000…\ntkc_111111111111…\n'],
    [`name_${ZEROS}`, 'name_tkc_000000000000…'],
    [`${ZEROS.slice(0, -1)}1`, 'tkc_000000000000…'],
    [`${ZEROS}tail`, 'tkc_000000000000…'],
    ['client BI of tkc_7fQ2mWc01xYz', 'client BI of tkc_7fQ2mWc01xYz'],
    ['', ''],
  ])('%j becomes %j', (text, expected) => {
    expect(withoutSecrets(text)).toBe(expected)
  })

  test('keeps nothing of a secret behind its ID, whatever stands around it', () => {
    fc.assert(
      fc.property(fc.string(), secrets, fc.string(), (before, secret, after) => {
        const id = parseToken(secret)?.id ?? ''
        const shown = withoutSecrets(`${before}${secret}${after}`)
        expect(shown).toContain(`${id}…`)
        expect(shown).not.toContain(secret.slice(id.length))
      }),
    )
  })
})
