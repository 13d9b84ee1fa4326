import { first } from './001-first.ts'
import { listsAndPasswords } from './002-lists-and-passwords.ts'
import { operators } from './003-operators.ts'
import { untilUsed } from './004-until-used.ts'

/** In order; a store's schema version is the number of those it has been through. */
export const migrations: readonly string[] = [first, listsAndPasswords, operators, untilUsed]
