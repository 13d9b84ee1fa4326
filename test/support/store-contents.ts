import { existsSync, readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import pg from 'pg'

/** Rows by table. */
export type StoreContents = Record<string, unknown[]>

/** What was read last. */
let last: { readonly bytes: Buffer; readonly contents: StoreContents } | null = null

/** Every row of every table: what must be the same when nothing changed. */
export function storeContents(path: string): StoreContents {
  // Some of it is not in the file yet.
  if (existsSync(`${path}-wal`)) return rowsOf(path)
  // Mostly it is as it was when it was last looked at.
  const bytes = readFileSync(path)
  if (last?.bytes.equals(bytes) !== true) last = { bytes, contents: rowsOf(path) }
  return last.contents
}

function rowsOf(path: string): StoreContents {
  const database = new Database(path, { readonly: true })
  try {
    const tables = database
      .prepare("select name from sqlite_master where type = 'table' order by name")
      .pluck()
      .all()
    return Object.fromEntries(
      (tables as string[]).map((table) => [table, database.prepare(`select * from ${table}`).all()]),
    )
  } finally {
    database.close()
  }
}

/**
 * The same of a database, and whatever else is asked of it, over a connection that is kept: what a new one has to find
 * out about the tables takes longer than to read them.
 */
export class DatabaseContents {
  readonly #url: () => string
  #client: pg.Client | null = null

  /** @param url where it is when it is asked */
  constructor(url: () => string) {
    this.#url = url
  }

  /** No tables at all where no store was made. */
  async read(): Promise<StoreContents> {
    const tables = await this.query(
      "select tablename as name from pg_tables where schemaname = 'tokenctl' order by tablename",
    )
    const names = tables.map(({ name }) => String(name))
    const all = await this.#all(names.map((name) => `select * from ${name} order by ${name}`))
    return Object.fromEntries(names.map((name, i) => [name, all[i] ?? []]))
  }

  async query(sql: string): Promise<Record<string, unknown>[]> {
    const [rows = []] = await this.#all([sql])
    return rows
  }

  /** What each of them gives, in one turn. */
  async #all(statements: readonly string[]): Promise<Record<string, unknown>[][]> {
    this.#client ??= await this.#connected()
    const results: unknown = await this.#client.query(statements.join(';'))
    return [results].flat().map((result) => (result as pg.QueryResult<Record<string, unknown>>).rows)
  }

  /** Until it is asked again. */
  async close(): Promise<void> {
    const client = this.#client
    this.#client = null
    await client?.end()
  }

  async #connected(): Promise<pg.Client> {
    const client = await connected(this.#url())
    // Its server was killed, or the database removed.
    client.on('error', () => (this.#client = null))
    return client
  }
}

/** As a client of its own, in the store's schema. */
export async function connectedTo<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connected(url)
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    types: { getTypeParser },
    application_name: 'tests',
    options: '-c search_path=tokenctl',
  })
  await client.connect()
  return client
}

/** As numbers, as SQLite has them. */
const getTypeParser: pg.CustomTypesConfig['getTypeParser'] = (oid, format) =>
  (oid as number) === 20 ? Number : (pg.types.getTypeParser(oid, format) as unknown)
