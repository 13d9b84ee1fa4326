import type { Millis, Token, TokenSummary } from './model.ts'

export const TOKEN_STATUSES = ['pending', 'disabled', 'expired', 'active', 'deleted'] as const

export type TokenStatus = (typeof TOKEN_STATUSES)[number]

/** Derived, never stored as a word; the first that applies. */
export function tokenStatus(token: TokenSummary, now: Millis): TokenStatus {
  if (token.deletedAt !== null) return 'deleted'
  if (token.current === null) return 'pending'
  if (token.disabledAt !== null || token.client.disabledAt !== null) return 'disabled'
  if (token.offBy !== null) return 'disabled'
  return isLiving(token.current.expiresAt, now) ? 'active' : 'expired'
}

/** The current secret, unless it has expired. */
export function hasLivingSecret({ current }: Token, now: Millis): boolean {
  return current !== null && isLiving(current.expiresAt, now)
}

/** A former secret whose overlap has not ended. */
export function hasLivingFormer({ former }: Token, now: Millis): boolean {
  return former !== null && isLiving(former.formerUntil, now)
}

/** Whether what ends then, or never, has not ended. */
const isLiving = (end: Millis | null, now: Millis): boolean => end === null || now < end
