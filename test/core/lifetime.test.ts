import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type Expires, expiryOf, parseDuration, parseExpires } from '../../src/core/lifetime.ts'

/** 2026-03-01, noon. */
const NOW = Date.UTC(2026, 2, 1, 12)
const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const LONGEST = 3650 * DAY

const iso = (at: number): string => new Date(at).toISOString()

describe('--expires as a duration', () => {
  test.each([
    ['90', 90 * DAY],
    ['1', DAY],
    ['007', 7 * DAY],
    ['3650', LONGEST],
    ['90d', 90 * DAY],
    ['24h', DAY],
    ['30m', 30 * MINUTE],
    ['2w', 14 * DAY],
    ['1m', MINUTE],
    ['1h', HOUR],
    ['3650d', LONGEST],
    ['87600h', LONGEST],
    ['5256000m', LONGEST],
    ['521w', 521 * 7 * DAY],
    ['0000000000000000000000000090d', 90 * DAY],
  ])('%s is %d seconds, counted from the making of the secret', (text, lifetime) => {
    expect(parseExpires(text, NOW)).toEqual({ lifetime, until: null })
    expect(expiryOf(parseExpires(text, NOW), NOW + 5)).toBe(NOW + 5 + lifetime * 1000)
  })

  test.each(['never', '-1'])('%s is no end', (text) => {
    expect(parseExpires(text, NOW)).toEqual({ lifetime: null, until: null })
    expect(expiryOf(parseExpires(text, NOW), NOW)).toBeNull()
  })
})

describe('--expires as a date', () => {
  test.each([
    ['2027-01-31', '2027-01-31T23:59:59.999Z'],
    ['2026-03-01', '2026-03-01T23:59:59.999Z'],
    ['2028-02-29', '2028-02-29T23:59:59.999Z'],
    ['2036-02-26', '2036-02-26T23:59:59.999Z', '2026-03-01T00:00:00Z'],
    ['2027-01-31T12:00:00Z', '2027-01-31T12:00:00.000Z'],
    ['2027-01-31t12:00:00z', '2027-01-31T12:00:00.000Z'],
    ['2027-01-31 12:00:00Z', '2027-01-31T12:00:00.000Z'],
    ['2027-01-31T12:00:00.5Z', '2027-01-31T12:00:00.500Z'],
    ['2027-01-31T12:00:00.123456789Z', '2027-01-31T12:00:00.123Z'],
    ['2027-01-31T12:00:00+02:00', '2027-01-31T10:00:00.000Z'],
    ['2027-01-31T12:00:00-05:30', '2027-01-31T17:30:00.000Z'],
    ['2027-01-31T12:00:00-00:00', '2027-01-31T12:00:00.000Z'],
    ['2027-01-31T00:00:00+23:59', '2027-01-30T00:01:00.000Z'],
    ['2027-12-31T23:59:59-23:59', '2028-01-01T23:58:59.000Z'],
    ['2026-03-01T12:01:00Z', '2026-03-01T12:01:00.000Z'],
    ['2036-02-27T12:00:00Z', '2036-02-27T12:00:00.000Z'],
  ])('%s is %s', (text, until, now = iso(NOW)) => {
    const expires = parseExpires(text, Date.parse(now))
    expect(expires.until === null ? null : iso(expires.until)).toBe(until)
    expect(expires.lifetime).toBe(Math.ceil((Date.parse(until) - Date.parse(now)) / 1000))
  })

  test('ends at that instant, however long the making took', () => {
    const expires = parseExpires('2027-01-31', NOW)
    expect(expiryOf(expires, NOW)).toBe(Date.UTC(2027, 0, 31, 23, 59, 59, 999))
    expect(expiryOf(expires, NOW + 12_345)).toBe(Date.UTC(2027, 0, 31, 23, 59, 59, 999))
  })
})

describe('--expires takes nothing else', () => {
  test.each([
    ['nothing', ''],
    ['a space', ' '],
    ['a space before', ' 90d'],
    ['a space behind', '90d '],
    ['a space inside', '90 d'],
    ['a newline behind', '90d\n'],
    ['a newline behind a number', '90\n'],
    ['a newline behind a date', '2027-01-31\n'],
    ['nothing but a unit', 'd'],
    ['minus two', '-2'],
    ['minus one day', '-1d'],
    ['minus one, with a zero', '-01'],
    ['minus one, with a fraction', '-1.0'],
    ['a true minus sign', '\u22121'],
    ['a plus sign', '+90'],
    ['a fraction', '1.5'],
    ['a fraction of days', '1.5d'],
    ['an exponent', '1e3'],
    ['a hexadecimal number', '0x10'],
    ['a digit separator', '1_000'],
    ['Infinity', 'Infinity'],
    ['NaN', 'NaN'],
    ['never in capitals', 'NEVER'],
    ['forever', 'forever'],
    ['a unit in capitals', '90D'],
    ['seconds', '90s'],
    ['years', '1y'],
    ['a word for the unit', '90days'],
    ['two units', '1d12h'],
    ['Arabic-Indic digits', '\u0669\u0660'],
    ['Arabic-Indic digits with a unit', '\u0669\u0660d'],
    ['full-width digits', '\uff19\uff10'],
    ['0 days', '0'],
    ['0 minutes', '0m'],
    ['a day too long', '3651'],
    ['a day too long, with its unit', '3651d'],
    ['an hour too long', '87601h'],
    ['a minute too long', '5256001m'],
    ['a week too long', '522w'],
    ['what overflows a date', '99999999999d'],
    ['what overflows a date, without a unit', '99999999999'],
    ['what overflows a number', `${'9'.repeat(400)}d`],
    ['a date that is past', '2026-02-28'],
    ['a time that is past', '2026-03-01T11:59:59Z'],
    ['this very moment', '2026-03-01T12:00:00Z'],
    ['59 seconds', '2026-03-01T12:00:59Z'],
    ['a millisecond too long', '2036-02-27T12:00:00.001Z'],
    ['a date too far', '2036-02-27'],
    ['the year 9999', '9999-12-31'],
    ['the year 0', '0000-01-01'],
    ['a 30th of February', '2027-02-30'],
    ['a 29th of February in a common year', '2027-02-29'],
    ['a 31st of April', '2027-04-31'],
    ['a month 13', '2027-13-01'],
    ['a month 0', '2027-00-10'],
    ['a day 0', '2027-01-00'],
    ['a 30th of February with a time', '2027-02-30T12:00:00Z'],
    ['24:00', '2027-01-31T24:00:00Z'],
    ['a minute 60', '2027-01-31T12:60:00Z'],
    ['a leap second', '2026-12-31T23:59:60Z'],
    ['an offset of 24 hours', '2027-01-31T12:00:00+24:00'],
    ['an offset without a colon', '2027-01-31T12:00:00+0200'],
    ['a time without an offset', '2027-01-31T12:00:00'],
    ['a time without seconds', '2027-01-31T12:00Z'],
    ['a fraction without digits', '2027-01-31T12:00:00.Z'],
    ['a decimal comma', '2027-01-31T12:00:00,5Z'],
    ['a month of one digit', '2027-1-31'],
    ['slashes', '2027/01/31'],
    ['day first', '31-01-2027'],
    ['no dashes', '20270131T120000Z'],
    ['a year of five digits', '12027-01-31'],
    ['a year with a sign', '+002027-01-31'],
    ['a word', 'tomorrow'],
  ])('not %s: %j', (_, text) => {
    expect(() => parseExpires(text, NOW)).toThrow(/^(not an expiry|out of range): /)
    expect(() => parseExpires(text, NOW)).toThrow(
      expect.objectContaining({
        kind: 'usage',
        hint: expect.stringMatching(/or 'never'$|from 1 minute to 3650 days$|\(24h\)$/),
      }),
    )
  })
})

describe('--expires, whatever is written', () => {
  const nearly = fc.stringMatching(/^[-+ ]?[0-9]{1,15}([.][0-9])?[ mhdwMDse]?$/)
  const dates = fc.stringMatching(/^20[2-4][0-9]-[01][0-9]-[0-3][0-9]$/)
  const dateTimes = fc.stringMatching(
    /^20[2-4][0-9]-[01][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-6][0-9]:[0-6][0-9]([.][0-9]{1,9})?([Zz]|[+-][0-2][0-9]:[0-6][0-9])$/,
  )
  const texts = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.integer().map(String),
    fc.double().map(String),
    nearly,
    dates,
    dateTimes,
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.constantFrom('never', '-1', '99999999999d', '1.5', '1e3', '0x10', '', '٣d'),
  )
  const instants = fc.integer({ min: Date.UTC(2020), max: Date.UTC(2050) })

  test('is refused, or a lifetime of whole seconds within the bounds, or never', () => {
    fc.assert(
      fc.property(texts, instants, (text, now) => {
        const lifetime = parsed(text, now)?.lifetime ?? null
        if (lifetime === null) return
        expect(Number.isInteger(lifetime)).toBe(true)
        expect(lifetime).toBeGreaterThanOrEqual(MINUTE)
        expect(lifetime).toBeLessThanOrEqual(LONGEST)
      }),
      { numRuns: 2000 },
    )
  })

  test('ends at a whole millisecond that is a date, and ahead, or never', () => {
    fc.assert(
      fc.property(texts, instants, (text, now) => {
        const expires = parsed(text, now)
        const end = expires === null ? null : expiryOf(expires, now)
        if (end === null) return
        expect(Number.isInteger(end)).toBe(true)
        expect(Number.isNaN(new Date(end).getTime())).toBe(false)
        expect(end).toBeGreaterThan(now)
        expect(end).toBeLessThanOrEqual(now + LONGEST * 1000)
      }),
      { numRuns: 2000 },
    )
  })

  test('has no end only for the words that say so', () => {
    fc.assert(
      fc.property(texts, instants, (text, now) => {
        expect(parsed(text, now)?.lifetime === null).toBe(text === 'never' || text === '-1')
      }),
      { numRuns: 2000 },
    )
  })

  test('means the same instant with any offset', () => {
    const offsets = fc.integer({ min: -23 * 60 - 59, max: 23 * 60 + 59 })
    const ahead = fc.integer({ min: MINUTE, max: LONGEST - DAY })
    fc.assert(
      fc.property(ahead, offsets, (seconds, offset) => {
        const until = NOW + seconds * 1000
        expect(parseExpires(inZone(until, offset), NOW)).toEqual({ lifetime: seconds, until })
      }),
    )
  })

  test.each([MINUTE, MINUTE + 1, DAY, LONGEST - 1, LONGEST])(
    '%d seconds ahead is a date to take',
    (seconds) => {
      const text = iso(NOW + seconds * 1000)
      expect(parseExpires(text, NOW)).toEqual({ lifetime: seconds, until: NOW + seconds * 1000 })
    },
  )

  function parsed(text: string, now: number): Expires | null {
    try {
      return parseExpires(text, now)
    } catch (error) {
      expect(error).toMatchObject({ kind: 'usage' })
      return null
    }
  }

  function inZone(at: number, offset: number): string {
    const local = iso(at + offset * 60_000).slice(0, -1)
    const two = (n: number): string => String(n).padStart(2, '0')
    const minutes = Math.abs(offset)
    return `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
  }
})

describe('a duration, as for --overlap', () => {
  test.each([
    ['1m', MINUTE],
    ['30m', 30 * MINUTE],
    ['24h', DAY],
    ['90d', 90 * DAY],
    ['2w', 14 * DAY],
    ['3650d', LONGEST],
  ])('%s is %d seconds', (text, seconds) => {
    expect(parseDuration('--overlap', text)).toBe(seconds)
  })

  test.each([
    ['a bare number', '24'],
    ['never', 'never'],
    ['minus one', '-1'],
    ['nothing', ''],
    ['a date', '2027-01-31'],
    ['a fraction', '1.5h'],
    ['seconds', '90s'],
    ['a unit in capitals', '24H'],
    ['a space', ' 24h'],
    ['a newline', '24h\n'],
    ['Arabic-Indic digits', '\u0662\u0664h'],
    ['0 hours', '0h'],
    ['a day too long', '3651d'],
    ['what overflows', '99999999999d'],
    ['what is no number any more', `${'9'.repeat(400)}h`],
  ])('but not %s: %j', (_, text) => {
    expect(() => parseDuration('--overlap', text)).toThrow(/^(not a duration for --overlap|out of range): /)
    expect(() => parseDuration('--overlap', text)).toThrow(expect.objectContaining({ kind: 'usage' }))
  })
})
