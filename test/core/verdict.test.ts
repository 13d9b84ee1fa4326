import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { bearerWith } from '../../src/core/bearer.ts'
import type { Client, Credential, Secret, SecretState, Token } from '../../src/core/model.ts'
import { hasLivingFormer, hasLivingSecret, tokenStatus } from '../../src/core/token-status.ts'
import type { Grant } from '../../src/core/permission.ts'
import type { Scope } from '../../src/core/scope.ts'
import {
  judge,
  no,
  PENDING_LIFE,
  permissionsOf,
  type Reason,
  verdictOn,
  type Wanted,
} from '../../src/core/verdict.ts'

/** 2026-03-01, noon. */
const NOW = Date.UTC(2026, 2, 1, 12)
const HOUR = 3_600_000
const MADE = NOW - HOUR

const secret = (changes: Partial<Secret> = {}): Secret => ({
  digest: 'digest',
  state: 'current',
  madeAt: MADE,
  madeBy: 'alice',
  expiresAt: NOW + HOUR,
  overlap: null,
  untilUsed: false,
  activatedAt: MADE,
  deliveredTo: 'stdout',
  formerUntil: null,
  deadAt: null,
  ...changes,
})

const pending = (madeAt: number, changes: Partial<Secret> = {}): Secret =>
  secret({ state: 'pending', madeAt, activatedAt: null, deliveredTo: null, ...changes })

const credential = (ofSecret: Partial<Secret> = {}, changes: Partial<Credential> = {}): Credential => ({
  secret: secret(ofSecret),
  tokenId: 'tkc_7fQ2mWc01xYz',
  tokenDisabledAt: null,
  tokenDeletedAt: null,
  clientId: 1,
  client: 'BI',
  scope: 'acme',
  role: 'analyst',
  patterns: [],
  operatorId: null,
  clientDisabledAt: null,
  offBy: null,
  endsOverlap: null,
  ...changes,
})

describe('a presented secret', () => {
  test('is good, and the verdict says whose it is', () => {
    expect(judge(credential(), NOW)).toEqual({
      valid: true,
      id: 'tkc_7fQ2mWc01xYz',
      client: 'BI',
      role: 'analyst',
      scope: 'acme',
      expiresAt: NOW + HOUR,
    })
  })

  const bad: readonly (readonly [what: string, Reason, Credential | null])[] = [
    ['that no store knows', 'unknown', null],
    ['of a deleted token', 'deleted', credential({}, { tokenDeletedAt: NOW - 1 })],
    ['that was in force once', 'replaced', credential({ state: 'dead' })],
    ['that never was in force', 'lapsed', credential({ state: 'dead', activatedAt: null })],
    ['whose overlap has ended', 'replaced', credential({ state: 'former', formerUntil: NOW - 1 })],
    ['that nobody used in time', 'lapsed', credential(pending(NOW - HOUR))],
    ['of a disabled token', 'disabled', credential({}, { tokenDisabledAt: NOW - 1 })],
    ['of a disabled client', 'disabled', credential({}, { clientDisabledAt: NOW - 1 })],
    ['whose time is over', 'expired', credential({ expiresAt: NOW - 1 })],
  ]

  test.each(bad)('%s is refused as %s', (_, reason, presented) => {
    expect(judge(presented, NOW)).toEqual({ valid: false, reason })
  })

  test.each<[what: string, Partial<Secret>]>([
    ['current', {}],
    ['current, without an end', { expiresAt: null }],
    ['former, in its overlap', { state: 'former', formerUntil: NOW + 1 }],
    ['pending, and young', pending(NOW - 1)],
    ['pending, made by a clock that is ahead', pending(NOW + HOUR)],
  ])('%s is good', (_, presented) => {
    expect(judge(credential(presented), NOW)).toMatchObject({ valid: true })
  })

  test.each<[what: string, Partial<Secret>, expiresAt: number | null]>([
    ['its expiry', {}, NOW + HOUR],
    ['null where it has no end', { expiresAt: null }, null],
    ['the end of its overlap', { state: 'former', formerUntil: NOW + 5 }, NOW + 5],
    [
      'the end of its overlap, itself without end',
      { state: 'former', formerUntil: NOW + 5, expiresAt: null },
      NOW + 5,
    ],
    ['its expiry while pending', pending(NOW - 1), NOW + HOUR],
  ])('has as its end %s', (_, presented, expiresAt) => {
    expect(judge(credential(presented), NOW)).toMatchObject({ valid: true, expiresAt })
  })
})

describe('where several reasons apply, the first of their order is given', () => {
  /** Each fault alone, in the order of the reasons. */
  const faults: readonly (readonly [Reason, Partial<Secret>, Partial<Credential>])[] = [
    ['deleted', {}, { tokenDeletedAt: NOW }],
    ['replaced', { state: 'dead' }, {}],
    ['lapsed', { state: 'dead', activatedAt: null }, {}],
    ['replaced', { state: 'former', formerUntil: NOW }, {}],
    ['lapsed', pending(NOW - PENDING_LIFE), {}],
    ['disabled', {}, { tokenDisabledAt: NOW }],
    ['disabled', {}, { clientDisabledAt: NOW }],
    ['expired', { expiresAt: NOW }, {}],
  ]
  const stateful = (fault: Partial<Secret>): boolean => 'state' in fault

  const pairs = faults.flatMap((first, i) =>
    faults
      .slice(i + 1)
      // A secret has one state only.
      .filter((second) => !stateful(first[1]) || !stateful(second[1]))
      .map((second) => ({ first, second, name: `${first[0]} before ${second[0]}` })),
  )

  test.each(pairs)('$name', ({ first, second }) => {
    const differences = {
      ...second[1],
      ...first[1],
      ...('expiresAt' in second[1] && { expiresAt: second[1].expiresAt }),
    }
    const both = credential(differences, { ...second[2], ...first[2] })
    expect(judge(both, NOW)).toEqual(no(first[0]))
  })

  test('all at once: deleted', () => {
    const all = credential(
      { state: 'dead', expiresAt: NOW },
      { tokenDeletedAt: NOW, tokenDisabledAt: NOW, clientDisabledAt: NOW },
    )
    expect(judge(all, NOW)).toEqual(no('deleted'))
  })
})

describe('to the millisecond', () => {
  test('a pending secret lives for 15 minutes', () => {
    expect(PENDING_LIFE).toBe(15 * 60 * 1000)
  })

  test.each<[what: string, Partial<Secret>, Reason]>([
    ['an expiry', { expiresAt: NOW }, 'expired'],
    ['the end of an overlap', { state: 'former', formerUntil: NOW }, 'replaced'],
    ['15 minutes after a pending secret was made', pending(NOW - PENDING_LIFE), 'lapsed'],
    ['the expiry of a pending secret', pending(NOW - 1, { expiresAt: NOW }), 'expired'],
    ['the expiry of a former secret', { state: 'former', formerUntil: NOW + 2, expiresAt: NOW }, 'expired'],
  ])('%s: good a millisecond before, not at that instant, and not after', (_, presented, reason) => {
    expect(judge(credential(presented), NOW - 1)).toMatchObject({ valid: true })
    expect(judge(credential(presented), NOW)).toEqual(no(reason))
    expect(judge(credential(presented), NOW + 1)).toEqual(no(reason))
  })

  test.each(['tokenDeletedAt', 'tokenDisabledAt', 'clientDisabledAt'] as const)(
    '%s is a fact, whatever its time: a clock set back revives nothing',
    (fact) => {
      expect(judge(credential({}, { [fact]: NOW + HOUR }), NOW)).toMatchObject({ valid: false })
      expect(judge(credential({}, { [fact]: 0 }), NOW)).toMatchObject({ valid: false })
    },
  )
})

describe('for all secrets', () => {
  const times = fc.integer({ min: NOW - 2 * HOUR, max: NOW + 2 * HOUR })
  const perhaps = fc.option(times)
  const credentials = fc
    .record({
      state: fc.constantFrom<SecretState>('pending', 'current', 'former', 'dead'),
      madeAt: times,
      expiresAt: perhaps,
      activatedAt: perhaps,
      until: times,
      deleted: perhaps,
      disabled: perhaps,
      clientDisabled: perhaps,
    })
    .map(({ until, deleted, disabled, clientDisabled, ...ofSecret }) =>
      credential(
        { ...ofSecret, formerUntil: ofSecret.state === 'former' ? until : null },
        { tokenDeletedAt: deleted, tokenDisabledAt: disabled, clientDisabledAt: clientDisabled },
      ),
    )

  test('good are those that nothing speaks against', () => {
    fc.assert(
      fc.property(credentials, (presented) => {
        const { secret } = presented
        const good =
          secret.state !== 'dead' &&
          presented.tokenDeletedAt === null &&
          presented.tokenDisabledAt === null &&
          presented.clientDisabledAt === null &&
          (secret.expiresAt === null || NOW < secret.expiresAt) &&
          (secret.formerUntil === null || NOW < secret.formerUntil) &&
          (secret.state !== 'pending' || NOW < secret.madeAt + PENDING_LIFE)
        expect(judge(presented, NOW).valid).toBe(good)
      }),
      { numRuns: 2000 },
    )
  })

  test('what time has ended stays ended', () => {
    fc.assert(
      fc.property(credentials, fc.nat(HOUR), (presented, later) => {
        expect(!judge(presented, NOW).valid && judge(presented, NOW + later).valid).toBe(false)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('what it is wanted for', () => {
  const grant = (scope: Scope, ...patterns: string[]): Grant => ({ role: 'r', patterns, scope })
  const verdictFor = (wanted: Wanted, ...grants: Grant[]): Reason | 'good' => {
    const verdict = verdictOn(bearerWith(credential(), grants), wanted, NOW)
    return verdict.valid ? 'good' : verdict.reason
  }

  const sales = grant('acme', 'select:sales.*')
  const etl = grant('acme/etl', '*:*')
  const own = grant('cluster', '*:tokenctl/own-token')
  const CASES: readonly (readonly [
    expected: Reason | 'good',
    permission: string | undefined,
    scope: Scope | undefined,
    grants: readonly Grant[],
  ])[] = [
    ['good', undefined, undefined, []],
    ['good', undefined, undefined, [sales]],
    ['good', 'select:sales.orders', undefined, [sales]],
    ['forbidden', 'select:hr', undefined, [sales]],
    ['forbidden', 'select:sales.orders', undefined, []],
    ['good', undefined, 'acme', [sales]],
    ['good', undefined, 'ACME/ETL', [sales]],
    ['forbidden', undefined, 'acme', []],
    ['forbidden', undefined, 'cluster', [sales]],
    ['forbidden', undefined, 'acme-x', [sales]],
    ['good', undefined, 'acme', [grant('acme')]],
    ['good', 'select:sales.orders', 'acme', [sales]],
    ['good', 'select:sales.orders', 'Acme/etl', [grant('ACME', 'select:sales.*')]],
    ['good', 'select:sales.orders', 'acme/etl', [grant('cluster', '*:*')]],
    ['forbidden', 'select:sales.orders', 'hooli', [sales]],
    ['forbidden', 'select:sales.orders', 'cluster', [sales]],
    // One grant has the permission, another one the scope.
    ['forbidden', 'drop:hr', 'acme', [sales, etl]],
    ['good', 'drop:hr', 'acme/etl', [sales, etl]],
    ['good', 'drop:hr', undefined, [sales, etl]],
    // A pattern is wanted as a whole, and given by one pattern.
    ['good', 'select:sales.*', 'acme', [sales]],
    ['forbidden', 'select:*', 'acme', [sales]],
    ['forbidden', 'select:a*', undefined, [grant('acme', 'select:aa*', 'select:ab*')]],
    ['good', '*:*', 'acme/etl', [etl]],
    // tokenctl's own objects are reached from within alone, and a token has none of its own.
    ['forbidden', 'disable:tokenctl/token', 'acme/etl', [etl]],
    ['good', 'disable:tokenctl/token', 'acme/etl', [grant('acme', '*:tokenctl/*')]],
    ['forbidden', 'create:tokenctl/own-token', undefined, [own]],
    ['forbidden', '*:tokenctl/own-token', 'cluster', [own]],
    ['forbidden', 'create:tokenctl/own-token', 'acme', [grant('acme', '*:tokenctl/*')]],
    ['good', undefined, 'acme', [own]],
  ]

  test.each(CASES)('%s: %s at %s', (expected, permission, scope, grants) => {
    expect(verdictFor({ permission, scope }, ...grants)).toBe(expected)
  })

  test.each<[Reason, Partial<Secret>, Partial<Credential>]>([
    ['deleted', {}, { tokenDeletedAt: NOW }],
    ['replaced', { state: 'dead' }, {}],
    ['replaced', { state: 'former', formerUntil: NOW }, {}],
    ['lapsed', pending(NOW - PENDING_LIFE), {}],
    ['disabled', {}, { tokenDisabledAt: NOW }],
    ['disabled', {}, { offBy: 'tokens' }],
    ['expired', { expiresAt: NOW }, {}],
  ])('is asked last: %s comes before it', (reason, ofSecret, changes) => {
    const bearer = bearerWith(credential(ofSecret, changes), [])
    expect(verdictOn(bearer, { permission: 'drop:hr', scope: 'hooli' }, NOW)).toEqual(no(reason))
  })

  test.each<[Reason | 'good', readonly Scope[] | undefined]>([
    ['good', undefined],
    ['good', ['cluster']],
    ['good', ['hooli', 'acme']],
    ['unknown', ['acme/etl']],
    ['unknown', []],
  ])('it is %s to who sees %j, whatever else speaks against it', (expected, within) => {
    expect(verdictFor({ within }, sales)).toBe(expected)
    const disabled = bearerWith(credential({}, { tokenDisabledAt: NOW }), [sales])
    expect(verdictOn(disabled, { within }, NOW)).toEqual(no(expected === 'good' ? 'disabled' : expected))
  })

  test('nobody is unknown, whatever is wanted', () => {
    expect(verdictOn(null, {}, NOW)).toEqual(no('unknown'))
  })

  // Few words, so that much coincides.
  const words = fc.constantFrom('', 'a', 'ab', 'a/b', 'tokenctl/', 'tokenctl/own-token', 'tokenctl/token')
  const verbs = fc.constantFrom('a', 'ab', 'b')
  const objects = words.filter((word) => word !== '')
  const patterns = fc
    .tuple(
      fc.oneof(verbs, fc.constantFrom('*', 'a*')),
      fc.oneof(
        objects,
        words.map((word) => `${word}*`),
      ),
    )
    .map((parts) => parts.join(':'))
  const permissions = fc.tuple(verbs, objects).map((parts) => parts.join(':'))
  const TREE: Readonly<Record<Scope, readonly Scope[]>> = {
    cluster: ['cluster'],
    acme: ['acme', 'cluster'],
    'acme/etl': ['acme/etl', 'acme', 'cluster'],
    'acme/e': ['acme/e', 'acme', 'cluster'],
    'acme-x': ['acme-x', 'cluster'],
  }
  const scopes = fc.constantFrom(...Object.keys(TREE))
  const grants = fc.array(
    fc.record({
      role: fc.constant('r'),
      patterns: fc.array(patterns, { maxLength: 3 }),
      scope: scopes,
    }),
    { maxLength: 3 },
  )

  /** The rule as its words say it: of the permission's own text, and of the scopes that lie above. */
  const holds = ({ patterns, scope: at }: Grant, permission: string, scope: Scope): boolean =>
    (TREE[scope] ?? []).includes(at) &&
    !permission.endsWith(':tokenctl/own-token') &&
    patterns.some((pattern) => {
      const asRule = pattern.replaceAll('*', '[^:]*').replaceAll('.', '[.]')
      const isInside = (text: string): boolean => text.includes(':tokenctl/')
      return new RegExp(`^${asRule}$`).test(permission) && isInside(pattern) === isInside(permission)
    })

  test('one grant gives all of it: the permission, there or above', () => {
    fc.assert(
      fc.property(grants, fc.option(permissions), fc.option(scopes), (held, permission, scope) => {
        const expected = held.some((grant) => {
          const where = scope ?? grant.scope
          return permission === null ? TREE[where]?.includes(grant.scope) : holds(grant, permission, where)
        })
        const wanted = {
          ...(permission !== null && { permission }),
          ...(scope !== null && { scope: scope.toUpperCase().replace('CLUSTER', 'cluster') }),
        }
        const isNothingWanted = permission === null && scope === null
        expect(verdictFor(wanted, ...held)).toBe(expected || isNothingWanted ? 'good' : 'forbidden')
      }),
      { numRuns: 3000 },
    )
  })

  test("what is said to be held at the client's scope is given there, each by itself", () => {
    fc.assert(
      fc.property(grants, (held) => {
        const verdict = verdictOn(bearerWith(credential(), held), {}, NOW)
        const said = verdict.valid ? permissionsOf(verdict) : []
        for (const permission of said) expect(verdictFor({ permission, scope: 'acme' }, ...held)).toBe('good')
        const all = held
          .filter(({ scope }) => ['acme', 'cluster'].includes(scope))
          .flatMap((each) => each.patterns)
        const given = all.filter((pattern) => !pattern.endsWith(':tokenctl/own-token'))
        expect(said).toEqual([...new Set(given)])
      }),
      { numRuns: 1000 },
    )
  })
})

describe('the status of a token', () => {
  const client: Client = {
    id: 1,
    name: 'BI',
    scope: 'acme',
    role: 'analyst',
    operatorId: null,
    isJobs: false,
    createdAt: MADE,
    createdBy: 'alice',
    disabledAt: null,
    deletedAt: null,
    provisionalSince: null,
  }

  const token = (changes: Partial<Token> = {}): Token => ({
    id: 'tkc_7fQ2mWc01xYz',
    client,
    description: null,
    lifetime: 3600,
    createdAt: MADE,
    disabledAt: null,
    deletedAt: null,
    offBy: null,
    current: secret(),
    former: null,
    pending: null,
    lastUsedAt: null,
    ...changes,
  })

  const disabledClient = { ...client, disabledAt: MADE }
  const expired = secret({ expiresAt: NOW })
  const former = secret({ state: 'former', formerUntil: NOW + HOUR })

  test.each<[status: string, what: string, Partial<Token>]>([
    ['active', 'a current secret', {}],
    ['active', 'a current secret without an end', { current: secret({ expiresAt: null }) }],
    ['active', 'a current secret, and the next one pending', { pending: pending(NOW - 1) }],
    ['active', 'a current secret, and a former one', { former }],
    ['expired', 'a current secret whose time is over', { current: expired }],
    ['expired', 'that, and the next one pending', { current: expired, pending: pending(NOW - 1) }],
    ['disabled', 'disabled itself', { disabledAt: MADE }],
    ['disabled', 'of a disabled client', { client: disabledClient }],
    ['disabled', 'disabled and expired', { disabledAt: MADE, current: expired }],
    ['pending', 'no secret yet', { current: null }],
    ['pending', 'a pending secret alone', { current: null, pending: pending(NOW - 1) }],
    ['pending', 'a pending secret that has lapsed', { current: null, pending: pending(NOW - HOUR) }],
    ['pending', 'no secret yet, and disabled', { current: null, disabledAt: MADE }],
    ['pending', 'no secret yet, of a disabled client', { current: null, client: disabledClient }],
    ['deleted', 'deleted', { deletedAt: MADE }],
    ['deleted', 'deleted without a secret', { deletedAt: MADE, current: null }],
    ['deleted', 'deleted, disabled and expired', { deletedAt: MADE, disabledAt: MADE, current: expired }],
  ])('is %s: %s', (status, _, changes) => {
    expect(tokenStatus(token(changes), NOW)).toBe(status)
  })

  test('is active until a millisecond before the expiry, and expired at it', () => {
    const ending = token({ current: secret({ expiresAt: NOW }) })
    expect(tokenStatus(ending, NOW - 1)).toBe('active')
    expect(tokenStatus(ending, NOW)).toBe('expired')
    expect(hasLivingSecret(ending, NOW - 1)).toBe(true)
    expect(hasLivingSecret(ending, NOW)).toBe(false)
  })

  test('has beside it the former secret, until a millisecond before the end of the overlap', () => {
    const overlapping = token({ former: secret({ state: 'former', formerUntil: NOW }) })
    expect(hasLivingFormer(overlapping, NOW - 1)).toBe(true)
    expect(hasLivingFormer(overlapping, NOW)).toBe(false)
    expect(hasLivingFormer(token(), NOW)).toBe(false)
    expect(hasLivingSecret(token({ current: null }), NOW)).toBe(false)
    expect(hasLivingSecret(token({ current: secret({ expiresAt: null }) }), NOW)).toBe(true)
  })

  test('is active exactly where its current secret is good', () => {
    const perhaps = fc.option(fc.integer({ min: NOW - 5, max: NOW + 5 }))
    fc.assert(
      fc.property(
        perhaps,
        perhaps,
        perhaps,
        perhaps,
        (expiresAt, disabledAt, clientDisabledAt, deletedAt) => {
          const there = token({
            client: { ...client, disabledAt: clientDisabledAt },
            disabledAt,
            deletedAt,
            current: secret({ expiresAt }),
          })
          const presented = credential(
            { expiresAt },
            { tokenDisabledAt: disabledAt, clientDisabledAt, tokenDeletedAt: deletedAt },
          )
          const verdict = judge(presented, NOW)
          expect(verdict.valid ? 'active' : verdict.reason).toBe(tokenStatus(there, NOW))
        },
      ),
      { numRuns: 500 },
    )
  })
})
