import { describe, expect, test } from '@jest/globals'
import type { Secret } from '../../src/core/model.ts'
import { type Standing, standingOf } from '../../src/core/secret-standing.ts'
import { PENDING_LIFE } from '../../src/core/verdict.ts'

/** 2026-03-01, noon. */
const NOW = Date.UTC(2026, 2, 1, 12)
const HOUR = 3_600_000
const MADE = NOW - 10 * HOUR
const LAPSE = MADE + PENDING_LIFE

const secret = (changes: Partial<Secret>): Secret => ({
  digest: 'digest',
  state: 'current',
  madeAt: MADE,
  madeBy: 'alice',
  expiresAt: NOW + HOUR,
  overlap: null,
  untilUsed: false,
  activatedAt: MADE + 1,
  deliveredTo: 'stdout',
  formerUntil: null,
  deadAt: null,
  ...changes,
})

const unused = { activatedAt: null, deliveredTo: null } as const
const successor = { current: secret({ activatedAt: NOW - HOUR }), deletedAt: null }

const ROWS: readonly (readonly [what: string, Partial<Secret>, Standing])[] = [
  ['current', {}, { state: 'current', since: MADE + 1, until: NOW + HOUR, reason: null }],
  [
    'current, and expired',
    { expiresAt: NOW },
    { state: 'current', since: MADE + 1, until: NOW, reason: null },
  ],
  [
    'current, without an end',
    { expiresAt: null },
    { state: 'current', since: MADE + 1, until: null, reason: null },
  ],
  [
    'former',
    { state: 'former', formerUntil: NOW + 1 },
    { state: 'former', since: NOW - HOUR, until: NOW + 1, reason: null },
  ],
  [
    'whose overlap has just ended',
    { state: 'former', formerUntil: NOW },
    { state: 'dead', since: NOW, until: null, reason: 'replaced' },
  ],
  [
    'whose overlap had ended when the next successor came',
    { state: 'dead', formerUntil: NOW - HOUR, deadAt: NOW - 1 },
    { state: 'dead', since: NOW - HOUR, until: null, reason: 'replaced' },
  ],
  [
    'whose overlap was cut short',
    { state: 'dead', formerUntil: NOW + HOUR, deadAt: NOW - 1 },
    { state: 'dead', since: NOW - 1, until: null, reason: 'replaced' },
  ],
  [
    'replaced at once',
    { state: 'dead', deadAt: NOW - 1 },
    { state: 'dead', since: NOW - 1, until: null, reason: 'replaced' },
  ],
  [
    'pending',
    { ...unused, state: 'pending', madeAt: NOW },
    { state: 'pending', since: NOW, until: NOW + PENDING_LIFE, reason: null },
  ],
  [
    'pending, and shorter-lived than that',
    { ...unused, state: 'pending', madeAt: NOW, expiresAt: NOW + 60_000 },
    { state: 'pending', since: NOW, until: NOW + 60_000, reason: null },
  ],
  [
    'pending, without an end',
    { ...unused, state: 'pending', madeAt: NOW, expiresAt: null },
    { state: 'pending', since: NOW, until: NOW + PENDING_LIFE, reason: null },
  ],
  [
    'that nobody used in time',
    { ...unused, state: 'pending', madeAt: NOW - PENDING_LIFE },
    { state: 'dead', since: NOW, until: null, reason: 'lapsed' },
  ],
  [
    'that had lapsed when it was replaced',
    { ...unused, state: 'dead', deadAt: LAPSE + 1 },
    { state: 'dead', since: LAPSE, until: null, reason: 'lapsed' },
  ],
  [
    'that was not delivered',
    { ...unused, state: 'dead', deadAt: LAPSE - 1 },
    { state: 'dead', since: LAPSE - 1, until: null, reason: 'dropped' },
  ],
]

describe('what a secret is, and since when', () => {
  test.each(ROWS)('one %s', (_, changes, standing) => {
    expect(standingOf(secret(changes), successor, NOW)).toEqual(standing)
  })

  const deletedAt = NOW - 1
  const gone = { current: null, deletedAt }

  test.each<[string, Partial<Secret>, Standing['reason'], number]>([
    ['current when its token was deleted', { deadAt: deletedAt }, 'deleted', deletedAt],
    ['former when its token was deleted', { deadAt: deletedAt, formerUntil: NOW + 1 }, 'deleted', deletedAt],
    [
      'former no more when its token was deleted',
      { deadAt: deletedAt, formerUntil: NOW - 2 },
      'replaced',
      NOW - 2,
    ],
    ['replaced before its token was deleted', { deadAt: deletedAt - 1 }, 'replaced', deletedAt - 1],
    [
      'pending when its token was deleted',
      { ...unused, madeAt: NOW - 2, deadAt: deletedAt },
      'dropped',
      deletedAt,
    ],
  ])('one %s', (_, changes, reason, since) => {
    const dead = secret({ state: 'dead', ...changes })
    expect(standingOf(dead, gone, NOW)).toEqual({ state: 'dead', since, until: null, reason })
  })
})
