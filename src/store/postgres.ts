import pg from 'pg'
import type { Millis } from '../core/model.ts'
import { codeOf, Problem } from '../core/problem.ts'
import { REVOCATION_BOUND } from '../core/store.ts'
import type { Engine, Query, Value } from './engine.ts'
import { Mutex } from './mutex.ts'
import { isLost, isSilent, translate, translateRefusal } from './postgres-errors.ts'
import { guard, hangUp } from './postgres-line.ts'
import type { Settings, Tls } from './postgres-settings.ts'
import { watchPostgres } from './postgres-watch.ts'

/** Everything of ours is in here: it is no guest among somebody else's tables. */
const SCHEMA = 'tokenctl'
/** 'tokc' as a number: writes wait for one another on this lock. */
const LOCK = 0x746f6b63
/** Milliseconds to wait for another process to end its write. */
const PATIENCE = 5_000
const LITTLE_PATIENCE = 100
/** Milliseconds. */
const SILENCE = 60_000
/** The same for a list, all of whose rows the server gathers first. */
const GATHERING = 10 * SILENCE
/** The same where nothing is lost by trying again. */
const LITTLE_SILENCE = 2_000
/** Seconds, of a server that is to answer within one. */
const CONNECTING = 2
/** Rows fetched at a time. */
const CHUNK = 500

export interface PostgresOptions {
  /** For people, without a password. */
  readonly shown: string
  /** Makes signals wait from the first write on; the function returned lets them through again. */
  readonly holdSignals: () => () => void
  /** Of this machine: the database's clock is measured against it. */
  readonly now: () => Millis
  /** Of a clock that nobody sets. */
  readonly elapsed: () => Millis
  /** After how long a server that says nothing at all is given up. */
  readonly silence?: Millis
}

/** @throws Problem `unavailable`, `not-found` for a database that does not exist */
export async function openPostgres(settings: Settings, options: PostgresOptions): Promise<Engine> {
  const { shown, holdSignals } = options
  const mutex = new Mutex()
  let session = await connected(settings, options)
  let lists = 0
  let isClosed = false

  const translated = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      // An answer may still come, to a question that nobody asks any more: this line is of no use.
      if (isSilent(error)) hangUp(session.client)
      throw translate(error, shown)
    }
  }

  /** What may be done again is done again, once, if the server has gone away since it was last heard of. */
  const again = <T>(work: () => Promise<T>): Promise<T> =>
    translated(async () => {
      try {
        return await work()
      } catch (error) {
        if (!isLost(error) || isClosed) throw error
        hangUp(session.client)
        session = await connected(settings, options)
        return work()
      }
    })

  const rows = async <Row>(sql: string, values: readonly Value[]): Promise<Row[]> =>
    (await session.client.query<Row & pg.QueryResultRow>(numbered(sql), [...values])).rows

  /** Inside a write: what fails here is over. */
  const direct: Query = {
    all: (sql, ...values) => translated(() => rows(sql, values)),
    get: <Row>(sql: string, ...values: Value[]) =>
      translated(async () => (await rows<Row>(sql, values))[0] ?? null),
    run: (sql, ...values) =>
      translated(async () => (await session.client.query(numbered(sql), [...values])).rowCount ?? 0),
  }
  const casual: Query = {
    ...direct,
    run: (sql, ...values) =>
      translated(async () => (await session.client.query(hasty(numbered(sql), values))).rowCount ?? 0),
  }
  const alone: Query = {
    all: (sql, ...values) => mutex.run(() => again(() => rows(sql, values))),
    get: <Row>(sql: string, ...values: Value[]) =>
      mutex.run(() => again(async () => (await rows<Row>(sql, values))[0] ?? null)),
    run: (sql, ...values) => mutex.run(() => direct.run(sql, ...values)),
  }

  return {
    ...alone,
    now: () => options.now() + session.ahead,

    // It holds its rows on the server, and neither a snapshot nor a lock: its reader may take as long as it likes.
    async *each<Row>(sql: string, ...values: readonly Value[]) {
      const list = `list_${++lists}`
      const text = numbered(`declare ${list} no scroll cursor with hold for ${sql}`)
      await mutex.run(() => again(() => session.client.query(patient(text, values))))
      try {
        for (;;) {
          const chunk = await mutex.run(() => direct.all<Row>(`fetch ${CHUNK} from ${list}`))
          if (chunk.length === 0) return
          yield* chunk
        }
      } finally {
        await mutex.run(() => direct.run(`close ${list}`)).catch(() => {})
      }
    },

    write: (work, manner) =>
      mutex.run(async () => {
        const release = holdSignals()
        try {
          const isCasual = manner === 'casual'
          await again(() => session.client.query<never>(isCasual ? hasty(BEGIN_CASUAL) : BEGIN))
          const result = await work(isCasual ? casual : direct)
          await commit(session.client, shown, isCasual ? hasty('commit') : 'commit')
          return result
        } catch (error) {
          // Where it cannot be rolled back it must not be gone on with: it ends with the connection.
          await session.client.query('rollback').catch(() => hangUp(session.client))
          release()
          throw error
        }
      }),

    async schemaVersion(query = alone) {
      const there = await query.get<{ ours: boolean; strange: boolean }>(WHAT_IS_THERE)
      if (there?.ours) {
        const row = await query.get<{ version: number }>(`select version from ${SCHEMA}.schema_version`)
        return row?.version ?? 0
      }
      if (!there?.strange) return 0
      throw new Problem(
        'not-found',
        `the schema ${SCHEMA} of ${shown} is not a tokenctl store`,
        'name another database with --store',
      )
    },

    migrate: (_query, sql, version) =>
      translated(async () => {
        if (version === 1) await session.client.query(await makingSchema(direct))
        await session.client.query(bytewise(sql))
        await session.client.query(`update ${SCHEMA}.schema_version set version = ${version}`)
      }),

    async watch() {
      const quick = { ...settings, timeout: Math.min(settings.timeout, CONNECTING) }
      const open = (): Promise<Engine> => openPostgres(quick, { ...options, silence: REVOCATION_BOUND })
      const poller = await open()
      return watchPostgres(poller, await open(), options)
    },

    async close() {
      isClosed = true
      hangUp(session.client)
    },
  }
}

/** If the connection breaks just then, or falls silent, nobody here knows what has become of the change. */
async function commit(client: pg.Client, shown: string, words: string | pg.QueryConfig): Promise<void> {
  try {
    await client.query(words)
  } catch (error) {
    if (!isLost(error) && !isSilent(error)) throw translate(error, shown)
    hangUp(client)
    throw new Problem(
      'unavailable',
      `the connection to the store at ${shown} was lost while the change was being committed`,
      'check whether it was made; if not, try again',
    )
  }
}

/** A connection, and by how many milliseconds its clock is ahead of ours. */
interface Session {
  readonly client: pg.Client
  readonly ahead: number
}

/** Whatever this server begins by default, one that waited for the lock must then see what the others did. */
const BEGIN = `begin isolation level read committed; set local lock_timeout = ${PATIENCE}; select pg_advisory_xact_lock(${LOCK})`
/** A use touches a row of its own: it waits for nobody, not even for the disk. */
const BEGIN_CASUAL = `begin isolation level read committed; set local lock_timeout = ${LITTLE_PATIENCE}; set local synchronous_commit = off`

const WHAT_IS_THERE = `
  select exists (
      select 1 from pg_attribute where attrelid = to_regclass('${SCHEMA}.schema_version') and attname = 'one'
    ) as ours,
    exists (select 1 from pg_class where relnamespace = to_regnamespace('${SCHEMA}')) as strange`

/** An acknowledged revoke must survive a power cut, whatever this server does by default. */
const SETUP = `
  set search_path = ${SCHEMA}, pg_temp;
  set client_min_messages = error;
  select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') in ('off', 'local');
  select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`

/** The schema may have been made beforehand, for a user who may not make one. */
async function makingSchema(query: Query): Promise<string> {
  const there = await query.get(`select 1 from pg_namespace where nspname = '${SCHEMA}'`)
  const encoding = await query.get<{ server_encoding: string }>('show server_encoding')
  if (encoding?.server_encoding !== 'UTF8') {
    throw new Problem(
      'unavailable',
      'the database is not in UTF-8',
      'createdb --encoding UTF8 --template template0 …',
    )
  }
  return `
    ${there === null ? `create schema ${SCHEMA};` : ''}
    create table ${SCHEMA}.schema_version (one integer primary key check (one = 1), version integer not null);
    insert into ${SCHEMA}.schema_version (one, version) values (1, 0)`
}

/** Texts compare and sort as they do on SQLite, whatever the language of the database. */
const bytewise = (sql: string): string => sql.replace(/\btext\b/g, 'text collate "C"')

const patient = (text: string, values: readonly Value[]): pg.QueryConfig => within(GATHERING, text, values)
const hasty = (text: string, values: readonly Value[] = []): pg.QueryConfig =>
  within(LITTLE_SILENCE, text, values)

/** The driver knows this, and its types do not. */
function within(silence: Millis, text: string, values: readonly Value[]): pg.QueryConfig {
  const query = { text, values: [...values], query_timeout: silence }
  return query
}

/** `?` in PostgreSQL's own way: `$1`, `$2`… No statement of ours has a question mark of another kind. */
export function numbered(sql: string): string {
  let count = 0
  return sql.replace(/\?/g, () => `$${++count}`)
}

async function connected(settings: Settings, options: PostgresOptions): Promise<Session> {
  try {
    const client = await firstThatConnects(settings, options)
    return { client, ahead: await hangingUpOnFailure(client, () => setUp(client, options.now)) }
  } catch (error) {
    throw translateRefusal(error, options.shown)
  }
}

/** @returns by how much its clock is ahead */
async function setUp(client: pg.Client, now: () => Millis): Promise<Millis> {
  const before = now()
  const results = (await client.query(SETUP)) as unknown as readonly pg.QueryResult<{ now: number }>[]
  const there = results.at(-1)?.rows[0]?.now ?? before
  return there - Math.round((before + now()) / 2)
}

async function firstThatConnects(settings: Settings, options: PostgresOptions): Promise<pg.Client> {
  const [first, second] = settings.attempts
  try {
    return await connect(settings, first ?? null, options)
  } catch (error) {
    if (second === undefined || !(isRefused(error) || isWithoutTls(error))) throw error
    return connect(settings, second, options).catch((another: unknown) => {
      // What it says of a connection without TLS is mostly that it has none.
      throw second === null && isRefused(error) && isRefused(another) ? error : another
    })
  }
}

const isRefused = (error: unknown): boolean => codeOf(error) === '28000'
const isWithoutTls = (error: unknown): boolean => (error as Error).message.includes('does not support SSL')

async function connect(
  settings: Settings,
  tls: Tls | null,
  { silence = SILENCE }: PostgresOptions,
): Promise<pg.Client> {
  const { host, port, user, database, password, timeout, options, applicationName } = settings
  const client = new pg.Client({
    host,
    port,
    user,
    database,
    // As a function, or the driver would look for one in the environment, and in files of its own.
    password,
    ssl: tls === null ? false : secured(tls),
    enableChannelBinding: true,
    connectionTimeoutMillis: timeout * 1000,
    query_timeout: silence,
    keepAlive: true,
    application_name: applicationName,
    ...(options !== undefined && { options }),
    types: { getTypeParser },
    // Or the driver would look for it in the environment.
    sslnegotiation: 'postgres',
  })
  guard(client)
  // What ends a connection that is doing nothing is heard of by the next statement.
  client.on('error', () => {})
  await hangingUpOnFailure(client, () => client.connect())
  return client
}

async function hangingUpOnFailure<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    hangUp(client)
    throw error
  }
}

function secured({ checksHost, ...tls }: Tls): pg.ClientConfig['ssl'] {
  return checksHost ? tls : { ...tls, checkServerIdentity: () => undefined }
}

/** Times and counts are `bigint` (int8, by the number of its type), and small enough for a number. */
const INT8 = 20
const getTypeParser: pg.CustomTypesConfig['getTypeParser'] = (oid, format) =>
  (oid as number) === INT8 ? Number : (pg.types.getTypeParser(oid, format) as unknown)
