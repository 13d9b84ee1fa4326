import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { checkPattern, type Grant, grantsAllow, patternCovers } from '../../src/core/permission.ts'
import { CLUSTER, scopeCovers } from '../../src/core/scope.ts'

describe('a permission', () => {
  test.each([
    'select:sales.orders',
    'select:sales.*',
    'select:*',
    '*:*',
    '*:sales.orders',
    'se*:sa*',
    'verify:tokenctl/token',
    '*:tokenctl/*',
    'GET:/api/v1/orders',
    'a:b',
    '0:0',
    '-:-',
    `a:${'b'.repeat(126)}`,
  ])('may be %s', (text) => {
    expect(checkPattern(text)).toBe(text)
  })

  test.each([
    ['nothing', ''],
    ['no object', 'select'],
    ['an empty object', 'select:'],
    ['an empty verb', ':sales'],
    ['a colon alone', ':'],
    ['an asterisk alone', '*'],
    ['three parts', 'select:sales:orders'],
    ['two colons', 'select::sales'],
    ['a colon behind', 'select:sales:'],
    ['an asterisk first', 'select:*.orders'],
    ['an asterisk inside', 'select:sales.*.orders'],
    ['an asterisk inside the verb', 's*t:sales'],
    ['two asterisks', 'select:sales.**'],
    ['a space', 'select:sales orders'],
    ['a space before', ' select:sales'],
    ['a space behind', 'select:sales '],
    ['a newline behind', 'select:sales\n'],
    ['a comma', 'select:a,b'],
    ['a question mark', 'select:sales.?'],
    ['a percent sign', 'select:sales.%'],
    ['a backslash', 'select:a\\b'],
    ['an at sign', 'select:a@b'],
    ['another script', 'select:s\u0430les'],
    ['a full-width asterisk', 'select:\uff0a'],
    ['a full-width colon', 'select\uff1asales'],
    ['a zero-width space', 'select:sales\u200b'],
    ['NUL', 'select:sales\0'],
    ['129 characters', `a:${'b'.repeat(127)}`],
  ])('has not %s: %j', (_, text) => {
    expect(() => checkPattern(text)).toThrow(/^not a permission: "/)
    expect(() => checkPattern(text)).toThrow(
      expect.objectContaining({ kind: 'usage', hint: expect.stringMatching(/^a permission is verb:object/) }),
    )
  })
})

describe('a pattern covers', () => {
  test.each([
    ['select:sales.orders', 'select:sales.orders', true],
    ['select:sales.orders', 'select:sales.order', false],
    ['select:sales.orders', 'select:sales.orders2', false],
    ['select:sales.orders', 'insert:sales.orders', false],
    ['select:sales.*', 'select:sales.orders', true],
    ['select:sales.*', 'select:sales.', true],
    ['select:sales.*', 'select:sales', false],
    ['select:sales.*', 'select:salesx', false],
    ['select:sales.*', 'select:Sales.orders', false],
    ['select:sales.*', 'select:sales.eu.orders', true],
    ['select:*', 'select:sales.orders', true],
    ['select:*', 'insert:sales.orders', false],
    ['*:sales.orders', 'drop:sales.orders', true],
    ['*:sales.orders', 'drop:sales.orders2', false],
    ['sel*:*', 'select:sales', true],
    ['sel*:*', 'insert:sales', false],
    ['*:*', 'drop:everything', true],
    // A pattern is covered when all that it matches is.
    ['select:*', 'select:sales.*', true],
    ['select:sales.*', 'select:*', false],
    ['select:sales.*', 'select:sa*', false],
    ['select:sales.orders', 'select:sales.orders*', false],
    ['select:sales.orders*', 'select:sales.orders', true],
    ['select:*', '*:*', false],
    ['*:*', '*:*', true],
    // No asterisk reaches into tokenctl/ from outside.
    ['*:*', 'disable:tokenctl/token', false],
    ['*:*', '*:tokenctl/*', false],
    ['*:t*', 'disable:tokenctl/token', false],
    ['*:tokenctl*', 'disable:tokenctl/token', false],
    ['disable:*', 'disable:tokenctl/token', false],
    ['*:*', 'select:tokenctl', true],
    ['*:*', 'select:tokenctl.x', true],
    ['*:*', 'select:Tokenctl/token', true],
    ['*:*', '*:tokenctl*', true],
    // Nor out of it.
    ['*:tokenctl/*', '*:tokenctl*', false],
    ['*:tokenctl/*', 'select:sales', false],
    ['*:tokenctl/*', '*:*', false],
    ['*:tokenctl/*', 'disable:tokenctl/token', true],
    ['*:tokenctl/*', '*:tokenctl/token', true],
    ['disable:tokenctl/*', 'disable:tokenctl/token', true],
    ['disable:tokenctl/*', 'delete:tokenctl/token', false],
    ['disable:tokenctl/t*', 'disable:tokenctl/token', true],
    ['disable:tokenctl/token', 'disable:tokenctl/token', true],
    ['disable:tokenctl/token', 'disable:tokenctl/*', false],
    ['*:tokenctl/own-token', 'create:tokenctl/token', false],
  ])('%s, %s: %s', (outer, inner, covers) => {
    expect(patternCovers(outer, inner)).toBe(covers)
  })
})

/** Few words, so that patterns often meet. */
const words = fc.constantFrom(
  'a',
  'ab',
  'abc',
  'b',
  't',
  'tokenctl',
  'tokenctl/',
  'tokenctl/t',
  'tokenctl/token',
)
const part = fc.oneof(
  words,
  words.map((word) => `${word}*`),
  fc.constant('*'),
)
const patterns = fc.oneof(
  fc.tuple(part, part).map(([verb, object]) => `${verb}:${object}`),
  fc.stringMatching(/^[ab./-]{1,3}\*?:[ab./-]{1,3}\*?$/),
)
const permissions = patterns.map((pattern) => pattern.replaceAll('*', ''))
const named = permissions.filter((permission) => !permission.startsWith(':') && !permission.endsWith(':'))
const ownObjects = fc.stringMatching(/^tokenctl\/[a-z*-]{0,5}\*?$/)

/** Every pattern of these parts: near enough to each other for every pair and every three of them. */
const nearObjects = [
  'a',
  'ab',
  'a*',
  't*',
  'tokenctl',
  'tokenctl*',
  'tokenctl/',
  'tokenctl/*',
  'tokenctl/t',
  'tokenctl/t*',
  '*',
]
const near = ['a', 'ab', 'a*', 'ab*', '*'].flatMap((verb) => nearObjects.map((object) => `${verb}:${object}`))

describe('covering, for all patterns', () => {
  test('each covers itself', () => {
    expect(near.filter((a) => !patternCovers(a, a))).toEqual([])
    fc.assert(fc.property(patterns, (a) => expect(patternCovers(a, a)).toBe(true)))
  })

  test('what covers a coverer covers the covered', () => {
    const coveredBy = (a: string) => near.filter((b) => patternCovers(a, b))
    const broken = near.flatMap((a) =>
      coveredBy(a).flatMap((b) =>
        coveredBy(b)
          .filter((c) => !patternCovers(a, c))
          .map((c) => [a, b, c]),
      ),
    )
    expect(broken).toEqual([])
  })

  test('two that cover each other are one', () => {
    const mutual = near.flatMap((a) =>
      near.filter((b) => a !== b && patternCovers(a, b) && patternCovers(b, a)),
    )
    expect(mutual).toEqual([])
  })

  test('one without an asterisk covers itself alone', () => {
    fc.assert(
      fc.property(named, patterns, (a, b) => expect(patternCovers(a, b)).toBe(a === b)),
      { numRuns: 1000 },
    )
  })

  test('none outside tokenctl/ covers anything that begins so', () => {
    const outside = patterns.filter((pattern) => !pattern.includes(':tokenctl/'))
    fc.assert(
      fc.property(outside, part, ownObjects, (outer, verb, object) => {
        expect(patternCovers(outer, `${verb}:${object}`)).toBe(false)
      }),
      { numRuns: 1000 },
    )
  })

  test('none inside tokenctl/ covers anything that does not', () => {
    fc.assert(
      fc.property(part, ownObjects, patterns, (verb, object, inner) => {
        fc.pre(!inner.includes(':tokenctl/'))
        expect(patternCovers(`${verb}:${object}`, inner)).toBe(false)
      }),
      { numRuns: 1000 },
    )
  })

  test('is as a plain reading of the rule says', () => {
    const matches = (pattern: string, text: string): boolean =>
      new RegExp(`^${pattern.replace(/[./-]/g, '\\$&').replaceAll('*', '.*')}$`).test(text)
    fc.assert(
      fc.property(patterns, named, (pattern, permission) => {
        const reaches = pattern.includes(':tokenctl/') === permission.includes(':tokenctl/')
        expect(patternCovers(pattern, permission)).toBe(reaches && matches(pattern, permission))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('a scope covers', () => {
  test.each([
    ['cluster', 'cluster', true],
    ['cluster', 'acme', true],
    ['cluster', 'acme/etl', true],
    ['acme', 'acme', true],
    ['acme', 'acme/etl', true],
    ['acme/etl', 'acme/etl', true],
    ['acme', 'cluster', false],
    ['acme/etl', 'cluster', false],
    ['acme/etl', 'acme', false],
    ['acme/etl', 'acme/bi', false],
    ['acme', 'other', false],
    ['acme', 'other/etl', false],
    ['acme', 'acme2', false],
    ['acme', 'acme2/etl', false],
    ['acme', 'acme-eu/etl', false],
    ['acme/e', 'acme/etl', false],
    ['acme', 'other/acme', false],
    ['etl', 'acme/etl', false],
    ['acme', 'acme/cluster', true],
    ['acme/cluster', 'acme', false],
    ['acme/cluster', 'acme/etl', false],
  ])('%s, %s: %s', (outer, inner, covers) => {
    expect(scopeCovers(outer, inner)).toBe(covers)
  })
})

const names = fc.constantFrom('acme', 'acme2', 'a', 'etl', 'b')
const scopes = fc.oneof(
  fc.constant(CLUSTER),
  names,
  fc.tuple(names, names).map(([organization, group]) => `${organization}/${group}`),
)

/** The scope and all above it. */
function upwards(scope: string): string[] {
  const organization = scope.split('/')[0] ?? ''
  return [...new Set([scope, organization, CLUSTER])]
}

describe('scopes, for all of them', () => {
  test('each covers itself and what is below it, and nothing else', () => {
    fc.assert(
      fc.property(scopes, scopes, (outer, inner) => {
        expect(scopeCovers(outer, inner)).toBe(upwards(inner).includes(outer))
      }),
      { numRuns: 1000 },
    )
  })

  test('what covers a coverer covers the covered, and never both ways', () => {
    fc.assert(
      fc.property(scopes, scopes, scopes, (a, b, c) => {
        fc.pre(scopeCovers(a, b))
        expect(!scopeCovers(b, c) || scopeCovers(a, c)).toBe(true)
        expect(scopeCovers(b, a)).toBe(a === b)
      }),
    )
  })
})

const grant = (scope: string, ...patterns: string[]): Grant => ({ role: 'r', scope, patterns })

describe('grants allow', () => {
  const reader = grant('acme', 'select:sales.*', 'list:tokenctl/token')
  const admin = grant('cluster', '*:*', '*:tokenctl/*')
  const orgAdmin = grant('acme', '*:*', '*:tokenctl/*')
  const table: readonly (readonly [what: string, Grant[], permission: string, scope: string, boolean])[] = [
    ['nothing: nothing', [], 'select:sales.orders', 'acme', false],
    ['a role without patterns: nothing', [grant('cluster')], 'select:sales.orders', 'acme', false],
    ['a role: what it names, at its scope', [reader], 'select:sales.orders', 'acme', true],
    ['a role: what it names, below its scope', [reader], 'select:sales.orders', 'acme/etl', true],
    ['a role: nothing above its scope', [reader], 'select:sales.orders', 'cluster', false],
    ['a role: nothing beside its scope', [reader], 'select:sales.orders', 'other', false],
    ['a role: nothing that it does not name', [reader], 'insert:sales.orders', 'acme', false],
    ['a role: each of its patterns', [reader], 'list:tokenctl/token', 'acme', true],
    ['a role: no more of tokenctl', [reader], 'delete:tokenctl/token', 'acme', false],
    ['the admin: everything, everywhere', [admin], 'drop:x', 'acme/etl', true],
    ['the admin: tokenctl too', [admin], 'delete:tokenctl/client', 'cluster', true],
    ['an organization admin: all of it', [orgAdmin], 'delete:tokenctl/client', 'acme/etl', true],
    ['an organization admin: not the cluster', [orgAdmin], 'delete:tokenctl/client', 'cluster', false],
    ['an organization admin: no other one', [orgAdmin], 'delete:tokenctl/client', 'other', false],
    ['several: what any of them gives', [reader, grant('other', 'insert:*')], 'insert:x', 'other', true],
    [
      'several: no pattern of one at the scope of another',
      [reader, grant('other')],
      'select:sales.x',
      'other',
      false,
    ],
    // A pattern is held when one single held pattern covers it.
    ['two halves: not the whole', [grant('acme', 'select:a*', 'select:b*')], 'select:*', 'acme', false],
    ['everything but tokenctl: not tokenctl', [grant('cluster', '*:*')], '*:tokenctl/*', 'cluster', false],
  ]

  test.each(table)('%s', (_, grants, permission, scope, allowed) => {
    expect(grantsAllow(grants, permission, scope)).toBe(allowed)
  })

  test('no more than one of their patterns gives, at its scope and below', () => {
    const grants = fc.array(
      fc.tuple(scopes, fc.array(patterns, { maxLength: 3 })).map(([scope, held]) => grant(scope, ...held)),
      { maxLength: 3 },
    )
    fc.assert(
      fc.property(grants, patterns, scopes, (grants, asked, scope) => {
        const held = grants
          .filter((grant) => upwards(scope).includes(grant.scope))
          .flatMap(({ patterns }) => patterns)
        expect(grantsAllow(grants, asked, scope)).toBe(held.some((pattern) => patternCovers(pattern, asked)))
      }),
      { numRuns: 1000 },
    )
  })

  test('what a role names exactly, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(named), named, scopes, (held, asked, scope) => {
        expect(grantsAllow([grant(scope, ...held)], asked, scope)).toBe(held.includes(asked))
      }),
      { numRuns: 1000 },
    )
  })

  const grants = fc.array(
    fc.tuple(scopes, fc.array(patterns, { maxLength: 3 })).map(([scope, held]) => grant(scope, ...held)),
    { maxLength: 3 },
  )

  test('no more than what the patterns name, read letter by letter', () => {
    /** Of a part of a pattern; a permission has no asterisk. */
    const reaches = (pattern: string, text: string): boolean => {
      for (const [index, letter] of Array.from(pattern).entries()) {
        if (letter === '*') return true
        if (letter !== text.charAt(index)) return false
      }
      return pattern.length === text.length
    }
    const names = (pattern: string, permission: string): boolean => {
      const [verb = '', object = ''] = pattern.split(':')
      const [askedVerb = '', askedObject = ''] = permission.split(':')
      const isOwn = askedObject.split('/').length > 1 && askedObject.split('/')[0] === 'tokenctl'
      const namesOwn = object.split('/').length > 1 && object.split('/')[0] === 'tokenctl'
      return isOwn === namesOwn && reaches(verb, askedVerb) && reaches(object, askedObject)
    }
    fc.assert(
      fc.property(grants, named, scopes, (grants, asked, scope) => {
        const isGiven = grants.some(
          (grant) =>
            upwards(scope).includes(grant.scope) && grant.patterns.some((each) => names(each, asked)),
        )
        expect(grantsAllow(grants, asked, scope)).toBe(isGiven)
      }),
      { numRuns: 2000 },
    )
  })

  test('what one holds there: each pattern itself, at its scope', () => {
    fc.assert(
      fc.property(patterns, scopes, (pattern, scope) => {
        expect(grantsAllow([grant(scope, pattern)], pattern, scope)).toBe(true)
      }),
    )
  })

  test('who is given what somebody holds may nothing that they may not, over however many hands', () => {
    const places = [CLUSTER, 'acme', 'acme/etl', 'acme/ops', 'other']
    const held = places.flatMap((scope) => near.map((pattern) => ({ scope, pattern })))
    const givenBy = new Map(
      held.map((a) => [a, held.filter((b) => grantsAllow([grant(a.scope, a.pattern)], b.pattern, b.scope))]),
    )
    const broken = [...givenBy].flatMap(([a, given]) => {
      const allowed = new Set(given)
      return given.flatMap((b) => (givenBy.get(b) ?? []).filter((c) => !allowed.has(c)).map((c) => [a, b, c]))
    })
    expect(broken).toEqual([])
  })
})
