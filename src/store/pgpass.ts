import { isProblem, Problem, reasonOf } from '../core/problem.ts'
import type { Surroundings } from '../system.ts'

interface Account {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
}

const LARGEST = 1024 * 1024

/**
 * The password for that account in ~/.pgpass (PostgreSQL manual, 34.16); empty: there is none.
 * @throws Problem `unavailable` for a file that others can read, which libpq passes over with a warning
 */
export function passwordFor(system: Surroundings, account: Account, file?: string): string {
  const path = file ?? `${system.environment.HOME ?? ''}/.pgpass`
  try {
    return passwordIn(privateText(system, path), account)
  } catch (error) {
    if (isProblem(error)) throw error
    throw new Problem('unavailable', `cannot read ${path}: ${reasonOf(error)}`)
  }
}

function privateText({ files }: Surroundings, path: string): string {
  const status = files.status(path)
  if (status?.kind !== 'file') return ''
  if ((status.mode & 0o077) === 0) return files.read(path, LARGEST)
  throw new Problem('unavailable', `others can read the passwords in ${path}`, `chmod 600 ${path}`)
}

/** The folders whose sockets go by the name of localhost: where libpq looks for one unasked, as it was built or as Debian builds it. */
const USUAL_SOCKETS: readonly string[] = ['/tmp', '/var/run/postgresql']

/** Of the first line that fits: host:port:database:user:password, where a * fits all. */
export function passwordIn(text: string, { host, port, database, user }: Account): string {
  const hosts = USUAL_SOCKETS.includes(host) ? [host, 'localhost'] : [host]
  const wanted = [hosts, [String(port)], [database], [user]]
  const line = text
    .split(/\r*(?:\n|$)/)
    .filter((line) => !line.startsWith('#'))
    .map(fieldsOf)
    .find((fields) =>
      wanted.every((some, i) => fields[i] === '*' || some.includes(unescaped(fields[i] ?? ''))),
    )
  return unescaped(line?.[4] ?? '')
}

/** Split at the colons that no backslash stands before; what follows the password's is passed over. */
function fieldsOf(line: string): string[] {
  const [, ...fields] =
    /^((?:\\.|[^\\:])*):((?:\\.|[^\\:])*):((?:\\.|[^\\:])*):((?:\\.|[^\\:])*):((?:\\.|[^:])*)/s.exec(line) ??
    []
  return fields
}

const unescaped = (field: string): string => field.replace(/\\(.)/gs, '$1')
