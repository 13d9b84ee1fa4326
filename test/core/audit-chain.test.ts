import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type AuditDraft, type AuditEntry, type AuditOutcome, chain } from '../../src/core/audit.ts'

const STORE_ID = '00000000-0000-4000-8000-000000000000'
/** 2026-03-01, noon. */
const NOW = Date.UTC(2026, 2, 1, 12)

const draft: AuditDraft = {
  at: NOW,
  actorKind: 'operator',
  actor: 'alice',
  osUser: { uid: 1000, name: 'alice' },
  action: 'client create',
  targets: ['BI', 'tkc_7fQ2mWc01xYz'],
  scope: 'cluster',
  outcome: 'prepared',
  details: { role: 'analyst', expiresAt: null },
}

function chained(drafts: readonly AuditDraft[]): AuditEntry[] {
  const entries: AuditEntry[] = []
  for (const draft of drafts) entries.push(chain(draft, entries.length + 1, entries.at(-1)?.hash ?? STORE_ID))
  return entries
}

/** The place in the log of the first entry that does not continue the one before, or null. */
function brokenAt(entries: readonly AuditEntry[]): number | null {
  const broken = entries.findIndex(({ sequence, previousHash, hash, ...draft }, i) => {
    const before = entries[i - 1]?.hash ?? STORE_ID
    return previousHash !== before || chain(draft, sequence, before).hash !== hash
  })
  return broken === -1 ? null : broken + 1
}

const outcomes: readonly AuditOutcome[] = ['prepared', 'delivered', 'done', 'denied', 'dropped']
const five = chained(
  outcomes.map((outcome, i) => ({ ...draft, at: NOW + i, targets: [`client-${i + 1}`], outcome })),
)

/** The log with its third entry changed. */
const withThird = (changes: Partial<AuditEntry>): AuditEntry[] =>
  five.map((entry) => (entry.sequence === 3 ? { ...entry, ...changes } : entry))

describe('an audit entry', () => {
  test('is its draft, with its number, the hash before and its own', () => {
    expect(chain(draft, 7, 'before')).toEqual({
      ...draft,
      sequence: 7,
      previousHash: 'before',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  // Worked out apart, by SHA-256 over the JSON array: a change here breaks the audit of every store there is.
  test('has the hash that stores hold', () => {
    const first = chain(draft, 1, STORE_ID)
    expect(first.hash).toBe('4c3dc3f098845abe784f3fa8f745605bae37f1723d287adcf6674fed21a5995b')
    const second: AuditDraft = {
      at: NOW + 1,
      actorKind: 'token',
      actor: 'tkc_7fQ2mWc01xYz',
      osUser: { uid: 0, name: null },
      action: 'token verify',
      targets: [],
      scope: 'acme/etl',
      outcome: 'delivered',
      details: {},
    }
    expect(chain(second, 2, first.hash).hash).toBe(
      'ef7497847f3640f16f2a32d1a2e2a53fdaa9ed01f63dcc54a49cbfc589a1abd6',
    )
  })

  test('has the same hash each time', () => {
    expect(chain(draft, 1, STORE_ID)).toEqual(chain(structuredClone(draft), 1, STORE_ID))
  })
})

describe('the chain', () => {
  test('holds as it was written', () => {
    expect(brokenAt(five)).toBeNull()
    expect(brokenAt([])).toBeNull()
  })

  const changes: readonly (readonly [what: string, Partial<AuditEntry>])[] = [
    ['its time by a millisecond', { at: NOW + 3 }],
    ['its actor', { actor: 'bob' }],
    ['the case of its actor', { actor: 'Alice' }],
    ['what its actor is', { actorKind: 'token' }],
    ['the uid', { osUser: { uid: 0, name: 'alice' } }],
    ['the name of the uid', { osUser: { uid: 1000, name: 'bob' } }],
    ['the name of the uid to none', { osUser: { uid: 1000, name: null } }],
    ['its action', { action: 'client delete' }],
    ['its target', { targets: ['client-4'] }],
    ['its targets to none', { targets: [] }],
    ['its targets by one more', { targets: ['client-3', 'client-3'] }],
    ['its one target to two', { targets: ['client', '3'] }],
    ['its scope', { scope: 'acme' }],
    ['its outcome', { outcome: 'denied' }],
    ['a detail', { details: { role: 'admin', expiresAt: null } }],
    ['a detail from null to a time', { details: { role: 'analyst', expiresAt: NOW } }],
    ['its details by one less', { details: { role: 'analyst' } }],
    ['its details by one more', { details: { role: 'analyst', expiresAt: null, deliveredTo: 'stdout' } }],
    ['its details to none', { details: {} }],
    ['its number', { sequence: 4 }],
    ['the hash before', { previousHash: five[0]?.hash ?? '' }],
    ['its hash', { hash: five[0]?.hash ?? '' }],
  ]

  test.each(changes)('is broken by who alters of an entry %s', (_, changes) => {
    expect(brokenAt(withThird(changes))).toBe(3)
  })

  test.each(changes.slice(0, -2))(
    'is broken behind an entry with a new hash, by who alters %s',
    (_, changes) => {
      const forged = withThird(changes).map((entry, i) =>
        i === 2 ? chain(entry, entry.sequence, entry.previousHash) : entry,
      )
      expect(brokenAt(forged)).toBe(4)
    },
  )

  const inOrder = (...places: number[]) => places.flatMap((i) => five.slice(i, i + 1))

  const moved: readonly (readonly [what: string, AuditEntry[], number])[] = [
    ['dropping the first entry', five.slice(1), 1],
    ['dropping one inside', five.toSpliced(2, 1), 3],
    ['dropping two inside', five.toSpliced(1, 2), 2],
    ['writing one twice', five.toSpliced(2, 0, ...five.slice(2, 3)), 4],
    ['inserting one of another log', five.toSpliced(2, 0, ...chained([draft])), 3],
    [
      'inserting one that continues the one before',
      five.toSpliced(2, 0, chain(draft, 3, five[1]?.hash ?? '')),
      4,
    ],
    ['swapping two neighbours', inOrder(0, 2, 1, 3, 4), 2],
    ['swapping the first and the last', inOrder(4, 1, 2, 3, 0), 1],
    ['turning it round', five.toReversed(), 1],
    ['beginning with the ID of another store', [chain(draft, 1, 'other'), ...five.slice(1)], 1],
  ]

  test.each(moved)('is broken by %s', (_, entries, at) => {
    expect(brokenAt(entries)).toBe(at)
  })

  // What then finds it is the mirror, which holds the last hash.
  test('is not broken by cutting its end', () => {
    expect(brokenAt(five.slice(0, 3))).toBeNull()
  })

  test('ends in another hash if anything before was different', () => {
    for (const i of five.keys()) {
      const rewritten = chained(five.map((entry, j) => (i === j ? { ...entry, at: entry.at + 1 } : entry)))
      expect(brokenAt(rewritten)).toBeNull()
      expect(rewritten.at(-1)?.hash).not.toBe(five.at(-1)?.hash)
    }
  })

  test('tells the same characters apart in different fields', () => {
    const words = fc.constantFrom('a', 'b', '"', ',', '","', 'a","b', '')
    const drafts = fc
      .tuple(words, words, words, words, fc.array(words, { maxLength: 2 }))
      .map(([actor, name, action, scope, targets]) => ({
        ...draft,
        actor,
        osUser: { uid: 0, name },
        action,
        scope,
        targets,
      }))
    fc.assert(
      fc.property(drafts, drafts, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other)
        expect(chain(one, 1, STORE_ID).hash === chain(other, 1, STORE_ID).hash).toBe(same)
      }),
      { numRuns: 500 },
    )
  })
})
