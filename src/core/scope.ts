/** Where something belongs: `cluster`, an organization (`acme`) or a group in one (`acme/etl`). */
export type Scope = string

export const CLUSTER: Scope = 'cluster'

/** A tree: the cluster covers everything, an organization itself and its groups, a group itself. */
export function scopeCovers(outer: Scope, inner: Scope): boolean {
  return outer === CLUSTER || outer === inner || inner.startsWith(`${outer}/`)
}
