import { Problem } from './problem.ts'

/** Where a store is: a file of this machine, or a PostgreSQL database. */
export type Place =
  { readonly kind: 'file'; readonly path: string } | { readonly kind: 'database'; readonly url: URL }

const RULE = 'postgres://user@host:port/database, with sslmode and the like behind a ?'

/** Whether the text means a database; any other URL means nothing. */
export const isUrl = (text: string): boolean => /^\s*[a-z][a-z0-9+.-]*:\/\//i.test(text)

/**
 * A database by its URL, as libpq takes it (PostgreSQL manual, 32.1.1.2).
 * @param name of what holds it; the text is never repeated, for it may hold a password
 * @throws Problem `usage`
 */
export function databaseAt(name: string, text: string): Place {
  const url = parsed(text)
  if (url !== null && /^postgres(ql)?:$/.test(url.protocol) && url.hash === '') {
    return { kind: 'database', url }
  }
  throw new Problem('usage', `${name} is not the URL of a PostgreSQL database`, RULE)
}

/** Where a store is, for people: a path, or a URL without what is secret in it. */
export function shown(place: Place): string {
  if (place.kind === 'file') return place.path
  const url = new URL(place.url)
  url.password = ''
  for (const secret of SECRET_PARAMETERS) url.searchParams.delete(secret)
  return url.href
}

const SECRET_PARAMETERS = ['password', 'sslpassword']

export function holdsPassword(url: URL): boolean {
  return url.password !== '' || SECRET_PARAMETERS.some((name) => url.searchParams.has(name))
}

function parsed(text: string): URL | null {
  return URL.canParse(text) && !/\s/.test(text) ? new URL(text) : null
}
