import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { LoginAttempts } from '../../src/core/model.ts'
import { throttledUntil, withFailure } from '../../src/core/throttle.ts'

const NOW = Date.UTC(2026, 2, 1, 12)
const SECOND = 1_000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE
const LONGEST = 14 * MINUTE

describe('after so many failures, the next attempt has to wait', () => {
  test.each([
    [0, 0],
    [1, 0],
    [4, 0],
    [5, SECOND],
    [6, 2 * SECOND],
    [7, 4 * SECOND],
    [14, 512 * SECOND],
    [15, LONGEST],
    [1_000, LONGEST],
    [1e15, LONGEST],
  ])('%d: %d ms', (failures, wait) => {
    const attempts = { failures, lastAt: NOW }
    expect(throttledUntil(attempts, NOW)).toBe(wait === 0 ? null : NOW + wait)
    expect(throttledUntil(attempts, NOW + wait - 1)).toBe(wait === 0 ? null : NOW + wait)
    expect(throttledUntil(attempts, NOW + wait)).toBeNull()
  })

  test('none at all: nobody waits', () => {
    expect(throttledUntil(null, NOW)).toBeNull()
  })

  test('a day of quiet forgets them, a little less does not', () => {
    const attempts = { failures: 9, lastAt: NOW }
    expect(withFailure(attempts, NOW + DAY)).toEqual({ failures: 1, lastAt: NOW + DAY })
    expect(withFailure(attempts, NOW + DAY - 1)).toEqual({ failures: 10, lastAt: NOW + DAY - 1 })
    expect(withFailure(null, NOW)).toEqual({ failures: 1, lastAt: NOW })
  })
})

test('who sees the clock a little earlier waits all the same, and who sees it much earlier does not', () => {
  const attempts = { failures: 5, lastAt: NOW }
  expect(throttledUntil(attempts, NOW - 5)).toBe(NOW + SECOND)
  expect(throttledUntil(attempts, NOW - MINUTE)).toBe(NOW + SECOND)
  expect(throttledUntil(attempts, NOW - MINUTE - 1)).toBeNull()
  expect(withFailure(attempts, NOW - 5)).toEqual({ failures: 6, lastAt: NOW })
  expect(withFailure(attempts, NOW - DAY)).toEqual({ failures: 6, lastAt: NOW - DAY })
})

const anyAttempts = fc.record({
  failures: fc.nat(),
  lastAt: fc.integer({ min: NOW - DAY, max: NOW + 400 * DAY }),
})

test('nobody ever waits for longer than 15 minutes, whatever the clock was set to', () => {
  fc.assert(
    fc.property(anyAttempts, fc.integer({ min: 0, max: 400 * DAY }), (attempts, later) => {
      const now = NOW + later
      expect((throttledUntil(attempts, now) ?? now) - now).toBeLessThanOrEqual(15 * MINUTE)
    }),
  )
})

/** How many may be looked at within so long: five, and one more for each wait that fits in. */
function mostWithin(time: number): number {
  let [tries, rest] = [5, time]
  for (let wait = SECOND; rest >= Math.min(wait, LONGEST); wait *= 2) {
    rest -= Math.min(wait, LONGEST)
    tries++
  }
  return tries
}

test('in no stretch of time are more looked at, however they come', () => {
  const gaps = fc.array(
    fc.oneof(fc.nat(3 * SECOND), fc.nat(10 * MINUTE), fc.constantFrom(0, SECOND, LONGEST)),
    { maxLength: 80 },
  )
  fc.assert(
    fc.property(gaps, (gaps) => {
      let attempts: LoginAttempts | null = null
      let now = NOW
      const looked: number[] = []
      for (const gap of gaps) {
        now += gap
        if (throttledUntil(attempts, now) !== null) continue
        attempts = withFailure(attempts, now)
        looked.push(now)
      }
      for (const [i, from] of looked.entries()) {
        for (const [j, to] of looked.entries()) {
          if (j > i) expect(j - i + 1).toBeLessThanOrEqual(mostWithin(to - from))
        }
      }
    }),
  )
})
