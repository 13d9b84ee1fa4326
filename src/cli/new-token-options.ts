import { Option } from '@commander-js/extra-typings'
import type { NewTokenInput } from '../core/add-token.ts'
import { parseExpires } from '../core/lifetime.ts'
import type { Millis } from '../core/model.ts'
import { checkDescription } from '../core/name.ts'

/** What is said of a new token: the same for every command that makes one. */
export interface NewTokenOptions {
  readonly expires?: string | undefined
  readonly description?: string | undefined
}

export const expires = new Option(
  '--expires <when>',
  "days, 90d, 24h, a date, or 'never' (default: the setting default-lifetime, 365 days)",
)
export const description = new Option('--description <text>', 'what the token is for')

/** @param now for dates. @throws Problem `usage`, naming the rule */
export const newTokenBy = ({ expires, description }: NewTokenOptions, now: Millis): NewTokenInput => ({
  expires: expires === undefined ? null : parseExpires(expires, now),
  description: description === undefined ? null : checkDescription(description),
})
