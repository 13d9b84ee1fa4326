import fc from 'fast-check'
import { describe, expect, test } from '@jest/globals'
import { weeksFrom } from '../../src/core/forecast.ts'

const DAY = 86_400_000
const iso = (at: number): string => new Date(at).toISOString()

describe('the weeks of a forecast', () => {
  test.each([
    [
      '2026-03-01T12:00:00.000Z',
      ['2026-03-01T12:00:00.000Z', '2026-03-07T23:59:59.999Z'],
      ['2026-03-08T00:00:00.000Z', '2026-03-14T23:59:59.999Z'],
      ['2026-05-24T00:00:00.000Z', '2026-05-30T12:00:00.000Z'],
    ],
    [
      '2026-12-31T00:00:00.000Z',
      ['2026-12-31T00:00:00.000Z', '2027-01-06T23:59:59.999Z'],
      ['2027-01-07T00:00:00.000Z', '2027-01-13T23:59:59.999Z'],
      ['2027-03-25T00:00:00.000Z', '2027-03-31T00:00:00.000Z'],
    ],
    [
      '2028-02-28T23:59:59.999Z',
      ['2028-02-28T23:59:59.999Z', '2028-03-05T23:59:59.999Z'],
      ['2028-03-06T00:00:00.000Z', '2028-03-12T23:59:59.999Z'],
      ['2028-05-22T00:00:00.000Z', '2028-05-28T23:59:59.999Z'],
    ],
  ])('from %s', (now, first, second, last) => {
    const weeks = weeksFrom(Date.parse(now)).map(({ from, until }) => [iso(from), iso(until)])
    expect([weeks[0], weeks[1], weeks.at(-1)]).toEqual([first, second, last])
  })

  test('are thirteen, without a gap, from now to the end of 90 days', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (now) => {
        const weeks = weeksFrom(now)
        expect(weeks).toHaveLength(13)
        expect(weeks[0]?.from).toBe(now)
        expect(weeks.at(-1)?.until).toBe(now + 90 * DAY)
        expect(weeks.every(({ from, until }) => from <= until)).toBe(true)
        const begins = weeks.slice(1).map(({ from }) => from)
        expect(begins.map((from) => from - 1)).toEqual(weeks.slice(0, -1).map(({ until }) => until))
        expect(begins.every((from) => from % DAY === 0)).toBe(true)
      }),
    )
  })
})
