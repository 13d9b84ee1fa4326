import { checkName, isName, NAME_RULE, nameKey } from './name.ts'
import { Problem, quoted } from './problem.ts'

/** Where something belongs: `cluster`, an organization (`acme`) or a group in one (`acme/etl`). */
export type Scope = string

export const CLUSTER: Scope = 'cluster'

/** A tree: the cluster covers everything, an organization itself and its groups, a group itself. */
export function scopeCovers(outer: Scope, inner: Scope): boolean {
  return outer === CLUSTER || outer === inner || inner.startsWith(`${outer}/`)
}

/** The intersection of two sets of subtrees. */
export function scopesInBoth(some: readonly Scope[], others: readonly Scope[]): Scope[] {
  const within = (inner: readonly Scope[], outer: readonly Scope[]): Scope[] =>
    inner.filter((scope) => outer.some((other) => scopeCovers(other, scope)))
  return [...new Set([...within(some, others), ...within(others, some)])]
}

/** Scopes are told apart without regard to case. */
export const scopeKey = (scope: Scope): string => nameKey(scope)

export const isGroup = (scope: Scope): boolean => scope.includes('/')

/** What would be a scope by its form. */
export function isScope(text: string): boolean {
  const parts = text.split('/')
  const isInTree = parts.length <= 2 && parts.every(isName) && nameKey(parts[0] ?? '') !== CLUSTER
  return text === CLUSTER || isInTree
}

/** @throws Problem `usage`, naming the rule */
export function checkScope(text: string): Scope {
  if (isScope(text)) return text
  throw new Problem(
    'usage',
    `not a scope: ${quoted(text)}`,
    `a scope is cluster, an organization (acme) or a group in one (acme/etl); a name is ${NAME_RULE}`,
  )
}

/** @throws Problem `usage`, naming the rule */
export function checkOrgName(text: string): Scope {
  if (nameKey(checkName('organization', text)) !== CLUSTER) return text
  throw new Problem(
    'usage',
    `not an organization name: ${quoted(text)}`,
    'the cluster is what all organizations lie in',
  )
}

/** A group by its name in its organization, or by the whole of it. @throws Problem `usage`, naming the rule */
export const checkGroupName = (text: string): string =>
  isGroup(text) ? checkScope(text) : checkName('group', text)
