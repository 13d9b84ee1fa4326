import { Problem, quoted } from './problem.ts'
import { type Scope, scopeCovers } from './scope.ts'

/**
 * A permission is `verb:object`; a pattern is one whose parts may end in `*`, which matches the rest.
 * tokenctl's own objects begin with `tokenctl/`, and no wildcard reaches into them from outside.
 */
const OWN = 'tokenctl/'
const PATTERN = /^[A-Za-z0-9._/-]*\*?:[A-Za-z0-9._/-]*\*?$/
const LONGEST = 128

/** What every store has from its beginning, the least powerful first. */
export const BUILT_IN_ROLES: readonly string[] = ['user', 'auditor', 'admin']

/** A role's patterns held at a scope. */
export interface Grant {
  readonly role: string
  readonly patterns: readonly string[]
  readonly scope: Scope
}

/** @throws Problem `usage`, naming the rule */
export function checkPattern(text: string): string {
  const [verb, object] = text.split(':', 2)
  if (text.length > LONGEST || !PATTERN.test(text) || !verb || !object) {
    throw new Problem(
      'usage',
      `not a permission: ${quoted(text)}`,
      `a permission is verb:object of letters, digits and . _ / -, up to ${LONGEST} characters; a * may end either part, as in 'select:sales.*'`,
    )
  }
  return text
}

/** Whether everything that the inner pattern matches is matched by the outer one. A permission is a pattern without `*`. Both are as `checkPattern` lets them through. */
export function patternCovers(outer: string, inner: string): boolean {
  const [outerVerb = '', outerObject = ''] = outer.split(':', 2)
  const [innerVerb = '', innerObject = ''] = inner.split(':', 2)
  return (
    partCovers(outerVerb, innerVerb) &&
    outerObject.startsWith(OWN) === innerObject.startsWith(OWN) &&
    partCovers(outerObject, innerObject)
  )
}

/** The one rule: a role held at a scope gives its permissions there and below. */
export function grantsAllow(grants: readonly Grant[], pattern: string, scope: Scope): boolean {
  return grants.some(
    (grant) => scopeCovers(grant.scope, scope) && grant.patterns.some((held) => patternCovers(held, pattern)),
  )
}

/** At and below which scopes the grants give it. */
export function scopesAllowing(grants: readonly Grant[], pattern: string): Scope[] {
  const scopes = new Set(grants.map(({ scope }) => scope))
  return [...scopes].filter((scope) => grantsAllow(grants, pattern, scope))
}

function partCovers(outer: string, inner: string): boolean {
  return outer.endsWith('*') ? inner.startsWith(outer.slice(0, -1)) : outer === inner
}
