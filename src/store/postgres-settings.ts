import { parametersOf } from '../core/place.ts'
import { isProblem, Problem, quoted, reasonOf } from '../core/problem.ts'
import type { Surroundings } from '../system.ts'
import { passwordFor } from './pgpass.ts'

/** libpq's words (PostgreSQL manual, 34.1.2), each with the environment variable that stands in for it. */
const PARAMETERS = {
  host: 'PGHOST',
  port: 'PGPORT',
  user: 'PGUSER',
  dbname: 'PGDATABASE',
  password: 'PGPASSWORD',
  passfile: 'PGPASSFILE',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  sslcrl: 'PGSSLCRL',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  options: 'PGOPTIONS',
  application_name: 'PGAPPNAME',
} as const

type Parameter = keyof typeof PARAMETERS
type Given = Partial<Record<Parameter, string>>

/** What would make a connection safer than it can be made here must not be passed over. */
const UNMET: Readonly<Record<string, RegExp>> = {
  PGCHANNELBINDING: /^require$/,
  PGGSSENCMODE: /^require$/,
  PGREQUIREAUTH: /./,
}

const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
type Mode = (typeof MODES)[number]

/** A certificate is asked for, and which one will do. */
export interface Tls {
  readonly ca: string | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
  readonly crl: string | undefined
  readonly rejectUnauthorized: boolean
  /** False where a certificate for another host will do. */
  readonly checksHost: boolean
}

export interface Settings {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
  /** Asked for only if the server wants one; empty: there is none. */
  readonly password: () => string
  /** Ways to connect, one after the other; null: without TLS. */
  readonly attempts: readonly (Tls | null)[]
  /** Seconds. */
  readonly timeout: number
  readonly options: string | undefined
  readonly applicationName: string
}

const DEFAULT_TIMEOUT = 10

/** What a URL, the environment and the files in ~/.postgresql say of a connection, as libpq's users know it. @throws Problem */
export function settingsOf(url: URL, system: Surroundings): Settings {
  refuseUnmet(system)
  const given = { ...fromEnvironment(system), ...fromUrl(url) }
  const user = given.user ?? system.person.name ?? ''
  const host = given.host ?? defaultHost(system)
  const port = whole('port', given.port ?? '5432')
  const database = given.dbname ?? user
  if (user === '') throw new Problem('usage', 'no database user is given', 'put it in the URL, or set PGUSER')
  return {
    host,
    port,
    user,
    database,
    password: () => given.password ?? passwordFor(system, { host, port, database, user }, given.passfile),
    attempts: host.startsWith('/') ? [null] : attempts(given, system),
    timeout:
      given.connect_timeout === undefined ? DEFAULT_TIMEOUT : whole('connect_timeout', given.connect_timeout),
    options: given.options,
    applicationName: given.application_name ?? 'tokenctl',
  }
}

function fromEnvironment({ environment }: Surroundings): Given {
  const set = Object.entries(PARAMETERS).filter(([, variable]) => environment[variable])
  return Object.fromEntries(set.map(([name, variable]) => [name, environment[variable]]))
}

function fromUrl(url: URL): Given {
  const parts: Given = {
    host: decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1'),
    port: url.port,
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    dbname: decodeURIComponent(url.pathname.slice(1)),
  }
  const given = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== ''))
  for (const { name, value } of parametersOf(url)) {
    if (!Object.hasOwn(PARAMETERS, name)) {
      throw new Problem('usage', "a word behind the ? of a database's URL is unknown", KNOWN)
    }
    if (value !== '') given[name] = value
  }
  if (given.host?.includes(',')) {
    throw new Problem('usage', 'a store is at one host, and the URL names several', 'name one of them')
  }
  return given
}

const KNOWN = `known are ${Object.keys(PARAMETERS).join(', ')}`

function whole(name: string, text: string): number {
  const number = Number(text)
  if (/^[0-9]+$/.test(text) && number <= 65_535) return number
  throw new Problem(
    'usage',
    `not a ${name} of a database: ${quoted(text)}`,
    'it is a whole number from 0 to 65535',
  )
}

/** Where Debian's server listens, if there is one here. */
function defaultHost({ files }: Surroundings): string {
  const folder = '/var/run/postgresql'
  return files.status(folder) === null ? 'localhost' : folder
}

/** What comes second is for a server that has no TLS, or refuses the login by the first: never after a handshake that failed. */
function attempts(given: Given, system: Surroundings): (Tls | null)[] {
  const mode = modeOf(given)
  if (mode === 'disable') return [null]
  const tls = tlsOf(given, mode, system)
  if (mode === 'allow') return [null, tls]
  return mode === 'prefer' ? [tls, null] : [tls]
}

function modeOf({ sslmode, sslrootcert }: Given): Mode {
  const mode = sslmode ?? (sslrootcert === 'system' ? 'verify-full' : 'prefer')
  if (!isMode(mode)) {
    throw new Problem('usage', `not an sslmode: ${quoted(mode)}`, `it is one of ${MODES.join(', ')}`)
  }
  if (sslrootcert !== 'system' || mode === 'verify-full') return mode
  throw new Problem(
    'usage',
    `sslrootcert=system needs sslmode=verify-full, and it is ${mode}`,
    'add sslmode=verify-full',
  )
}

const isMode = (text: string): text is Mode => (MODES as readonly string[]).includes(text)

/** A root certificate that is there is used, whatever the mode (34.19.1). */
function tlsOf(given: Given, mode: Mode, system: Surroundings): Tls {
  const file = (name: 'sslrootcert' | 'sslcert' | 'sslkey' | 'sslcrl', usual: string): string | undefined =>
    certificateFile(system, given[name], usual)
  const ca = given.sslrootcert === 'system' ? authorities(system) : file('sslrootcert', 'root.crt')
  const cert = file('sslcert', 'postgresql.crt')
  const verifies = mode.startsWith('verify')
  if (verifies && ca === undefined && given.sslrootcert !== 'system') {
    throw new Problem(
      'unavailable',
      `sslmode=${mode} needs a root certificate, and there is none`,
      'name its file with sslrootcert, or sslrootcert=system for the usual authorities',
    )
  }
  return {
    ca,
    cert,
    key: cert && file('sslkey', 'postgresql.key'),
    crl: ca && file('sslcrl', 'root.crl'),
    rejectUnauthorized: verifies || ca !== undefined,
    checksHost: mode === 'verify-full',
  }
}

/** Those that this system trusts; undefined: those that Node comes with. */
function authorities(system: Surroundings): string | undefined {
  const { files, environment } = system
  const places = environment.SSL_CERT_FILE ? [environment.SSL_CERT_FILE] : AUTHORITIES
  const path = places.find((path) => files.status(path) !== null)
  return path && certificateFile(system, path, 'root.crt')
}

/** As one file: of Debian, Red Hat, SUSE, Alpine and the BSDs. SSL_CERT_FILE is OpenSSL's own word for another. */
const AUTHORITIES: readonly string[] = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

/** What is in a file that is named, or in the usual one in ~/.postgresql if there is one. */
function certificateFile(system: Surroundings, named: string | undefined, usual: string): string | undefined {
  const { files, environment } = system
  const path = named ?? `${environment.HOME ?? ''}/.postgresql/${usual}`
  try {
    if (named === undefined && files.status(path) === null) return undefined
    if (usual.endsWith('.key')) refuseReadableKey(system, path)
    return files.read(path, LARGEST_CERTIFICATE)
  } catch (error) {
    if (isProblem(error)) throw error
    throw new Problem('unavailable', `cannot read ${path}: ${reasonOf(error)}`)
  }
}

const LARGEST_CERTIFICATE = 1024 * 1024

/** The administrator's may be read by its group, as libpq has it. */
function refuseReadableKey({ files }: Surroundings, path: string): void {
  const status = files.status(path)
  if (status === null || (status.mode & (status.uid === 0 ? 0o037 : 0o077)) === 0) return
  throw new Problem('unavailable', `others can read the private key ${path}`, `chmod 600 ${path}`)
}

function refuseUnmet({ environment }: Surroundings): void {
  const [unmet] = Object.entries(UNMET).find(([name, asked]) => asked.test(environment[name] ?? '')) ?? []
  if (unmet === undefined) return
  throw new Problem(
    'usage',
    `tokenctl cannot do what ${unmet} asks for`,
    'sslmode=verify-full protects as well',
  )
}
