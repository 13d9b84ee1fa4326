import { Problem, quoted } from './problem.ts'
import { holdsSecret } from './token-format.ts'

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/
const ROLE_NAME = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,62}$/
export const NAME_RULE = '1 to 63 of A-Z a-z 0-9 . _ -, starting with a letter or digit'

/**
 * Control, format, unassigned and invisible characters, line separators, and what stands for undecodable bytes; what
 * emoji are made with, the joiner and the variation selectors, is let through.
 */
const UNPRINTABLE = /(?![\u200d\ufe0e\ufe0f])[\p{C}\p{DI}\p{Zl}\p{Zp}\ufffd]/u
const LONGEST_DESCRIPTION = 200

export const isName = (text: string): boolean => NAME.test(text)
export const isRoleName = (text: string): boolean => ROLE_NAME.test(text)

/** @throws Problem `usage`, naming the rule */
export function checkName(what: string, text: string): string {
  if (isName(text)) return text
  throw new Problem(
    'usage',
    `not ${/^[aeiou]/.test(what) ? 'an' : 'a'} ${what} name: ${quoted(text)}`,
    `a name is ${NAME_RULE}`,
  )
}

/** A role's name may be an e-mail address. @throws Problem `usage`, naming the rule */
export function checkRoleName(text: string): string {
  if (isRoleName(text)) return text
  throw new Problem('usage', `not a role name: ${quoted(text)}`, `a role name is ${NAME_RULE}; @ too`)
}

/** Names that differ only in case are one name: this is what the store compares. */
export const nameKey = (name: string): string => name.toLowerCase()

/** @throws Problem `usage`, naming the rule */
export function checkDescription(text: string): string {
  if (holdsSecret(text)) {
    throw new Problem('usage', 'the description has a secret in it', 'an ID is its first part alone')
  }
  const length = Array.from(text).length
  if (text.trim() !== '' && length <= LONGEST_DESCRIPTION && !UNPRINTABLE.test(text)) return text
  throw new Problem(
    'usage',
    `not a description: ${quoted(text)}`,
    `a description is 1 to ${LONGEST_DESCRIPTION} printable characters on one line`,
  )
}
