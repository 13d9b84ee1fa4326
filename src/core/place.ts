import { Problem } from './problem.ts'

/** Where a store is: a file of this machine, or a PostgreSQL database. */
export type Place =
  { readonly kind: 'file'; readonly path: string } | { readonly kind: 'database'; readonly url: URL }

const RULE = 'postgres://user@host:port/database, with sslmode and the like behind a ?'

/**
 * Whether the text is meant for a URL, or for libpq's words (`host=… password=…`), however wrongly: a path it is not, and
 * as it may hold a password, no message repeats it.
 */
export const isUrl = (text: string): boolean =>
  /:\/\/|^["'\s]*postgres(ql)?(:|\/\/)|^[^/]*:[^/]*@|password\s*=/i.test(text)

/**
 * A database by its URL, as libpq takes it (PostgreSQL manual, 32.1.1.2).
 * @param name of what holds it; the text is never repeated, for it may hold a password
 * @throws Problem `usage`
 */
export function databaseAt(name: string, text: string): Place {
  refuseMisread(name, text)
  const url = parsed(text)
  if (url === null || !/^postgres(ql)?:\/\//.test(url.href) || url.hash !== '' || url.search.includes(';')) {
    throw new Problem('usage', `${name} is not the URL of a PostgreSQL database`, RULE)
  }
  if (!isDecodable(url.href)) {
    throw new Problem('usage', "a database's URL has a % that stands for nothing", 'write it as %25')
  }
  return { kind: 'database', url }
}

/** Where a store is, for people: a path, or a URL without what is secret in it. */
export function shown(place: Place): string {
  if (place.kind === 'file') return place.path
  const url = new URL(place.url)
  url.password = ''
  url.search = partsOf(url)
    .filter((part) => !SECRET_PARAMETERS.includes(parameterOf(part).name))
    .join('&')
  return url.href
}

const SECRET_PARAMETERS = ['password', 'sslpassword']

export function holdsPassword(url: URL): boolean {
  return url.password !== '' || parametersOf(url).some(({ name }) => SECRET_PARAMETERS.includes(name))
}

export interface Parameter {
  readonly name: string
  readonly value: string
}

/** What stands behind the `?`: a + is a plus, not a space as in a form. */
export const parametersOf = (url: URL): Parameter[] => partsOf(url).map(parameterOf)

const partsOf = ({ search }: URL): string[] => search.slice(1).split('&').filter(Boolean)

function parameterOf(part: string): Parameter {
  const [name = '', value = ''] = part.split(/=(.*)/s)
  return { name: decodeURIComponent(name), value: decodeURIComponent(value) }
}

/** A password with a / in it that is not escaped would be taken for a port and a database, and shown. */
function refuseMisread(name: string, text: string): void {
  if (!/:\/\/[^/?]*[/?].*@/s.test(text)) return
  throw new Problem(
    'usage',
    `${name} is not the URL of a PostgreSQL database: there is an @ behind its host`,
    'in a password / is written %2F, ? %3F, @ %40 and % %25',
  )
}

function parsed(text: string): URL | null {
  const url = withUserBehind(text)
  return URL.canParse(url) && !/\s/.test(url) ? new URL(url) : null
}

/** No URL has a user without a host, but a database's may, whose host is the usual one or behind the `?`: so the user goes there too. */
function withUserBehind(text: string): string {
  return text.replace(USER_WITHOUT_HOST, (_, scheme: string, user: string, password = '', path = '') => {
    const parts = [`user=${asParameter(user)}`]
    if (password !== '') parts.push(`password=${asParameter(password as string)}`)
    return `${scheme}${path as string}?${parts.join('&')}&`
  })
}

const USER_WITHOUT_HOST = /^([a-z]+:\/\/)([^/?:@]+)(?::([^/?@]*))?@(\/[^?]*)?(?:\?|$)/i
const asParameter = (text: string): string => text.replaceAll('&', '%26')

/** Each % stands for something, and none for the end of a text. */
function isDecodable(text: string): boolean {
  try {
    return !decodeURIComponent(text).includes('\0')
  } catch {
    return false
  }
}
