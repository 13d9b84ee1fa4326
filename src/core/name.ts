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
const LONGEST_TEXT = 200

/** What is being typed, fit for a terminal: one character for each that no text may have, so that the cursor stays right. */
export const printable = (typed: string): string => typed.replace(RegExp(UNPRINTABLE, 'gu'), '\ufffd')

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

/** What begins a personal client's name, before its operator's. */
const PERSONAL = '@'

export const isPersonal = (name: string): boolean => name.startsWith(PERSONAL)
export const personalName = (operator: string): string => PERSONAL + operator
/** The operator's, of a personal client's name. */
export const operatorOf = (name: string): string => name.slice(PERSONAL.length)

/** The name of a client that there may be. @throws Problem `usage`, naming the rule */
export const checkClientName = (text: string): string =>
  isClientName(text) ? text : checkName('client', text)

export const isClientName = (text: string): boolean => isName(isPersonal(text) ? operatorOf(text) : text)

/** A role's name may be an e-mail address. @throws Problem `usage`, naming the rule */
export function checkRoleName(text: string): string {
  if (isRoleName(text)) return text
  throw new Problem('usage', `not a role name: ${quoted(text)}`, `a role name is ${NAME_RULE}; @ too`)
}

/** Names that differ only in case are one name: this is what the store compares. */
export const nameKey = (name: string): string => name.toLowerCase()

/** @throws Problem `usage`, naming the rule */
export const checkDescription = (text: string): string => checkText('description', text)

/** What lists are searched for: as long as a description may be. @throws Problem `usage`, naming the rule */
export const checkSearch = (text: string): string => checkText('search text', text)

/** What `checkSearch` lets through. */
export const isSearch = (text: string): boolean => !holdsSecret(text) && isOneLine(text)

function checkText(what: string, text: string): string {
  if (holdsSecret(text)) {
    throw new Problem('usage', `the ${what} has a secret in it`, 'an ID is its first part alone')
  }
  if (isOneLine(text)) return text
  throw new Problem(
    'usage',
    `not a ${what}: ${quoted(text)}`,
    `a ${what} is 1 to ${LONGEST_TEXT} printable characters on one line`,
  )
}

const isOneLine = (text: string): boolean =>
  text.trim() !== '' && Array.from(text).length <= LONGEST_TEXT && !UNPRINTABLE.test(text)
