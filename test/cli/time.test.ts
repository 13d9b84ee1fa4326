import { expect, test } from '@jest/globals'
import { relative } from '../../src/cli/time.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

test.each([
  [0, 'now'],
  [SECOND, 'in 1 s'],
  [-59 * SECOND, '59 s ago'],
  [MINUTE, 'in 1 min'],
  [-2 * MINUTE, '2 min ago'],
  [59 * MINUTE + 29 * SECOND, 'in 59 min'],
  [59 * MINUTE + 59 * SECOND, 'in 1 h'],
  [HOUR, 'in 1 h'],
  [23 * HOUR + 29 * MINUTE, 'in 23 h'],
  [23 * HOUR + 59 * MINUTE, 'in 1 d'],
  [-90 * DAY, '90 d ago'],
  [365 * DAY, 'in 365 d'],
])('%d ms from now reads %s', (distance, words) => {
  expect(relative(1e12 + distance, 1e12)).toBe(words)
})
