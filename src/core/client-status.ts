import type { Client } from './model.ts'

export const CLIENT_STATUSES = ['pending', 'disabled', 'active', 'deleted'] as const

export type ClientStatus = (typeof CLIENT_STATUSES)[number]

/** Derived, never stored as a word; the first that applies. `pending`: its first token is not known to be delivered. */
export function clientStatus({ deletedAt, disabledAt, provisionalSince }: Client): ClientStatus {
  if (deletedAt !== null) return 'deleted'
  if (disabledAt !== null) return 'disabled'
  return provisionalSince === null ? 'active' : 'pending'
}
