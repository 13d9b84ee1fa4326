import type { TokenFilter } from '../../src/core/list-filter.ts'
import { CLUSTER } from '../../src/core/scope.ts'

/** Everything that is not deleted, for who may see it all; a filter is this with some changes. */
export const EVERYTHING: TokenFilter = {
  now: Date.UTC(2026, 2, 1, 12),
  client: null,
  roleId: null,
  ownedBy: null,
  scopes: [CLUSTER],
  status: null,
  jobs: false,
  search: null,
  at: null,
  expiresBy: null,
  unusedSince: null,
  neverExpires: false,
  neverUsed: false,
  mine: false,
  areOff: false,
  withDeleted: false,
  sort: 'client',
  reverse: false,
  limit: null,
}
