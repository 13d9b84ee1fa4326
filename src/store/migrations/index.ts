import { first } from './001-first.ts'

/** In order; a store's schema version is the number of those it has been through. */
export const migrations: readonly string[] = [first]
