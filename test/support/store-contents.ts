import Database from 'better-sqlite3'
import pg from 'pg'

/** Rows by table. */
export type StoreContents = Record<string, unknown[]>

/** Every row of every table: what must be the same when nothing changed. */
export function storeContents(path: string): StoreContents {
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

/** The same of a database; no tables at all where no store was made. */
export function databaseContents(url: string): Promise<StoreContents> {
  return connectedTo(url, async (client) => {
    const tables = await client.query<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = 'tokenctl' order by tablename",
    )
    const contents: StoreContents = {}
    for (const { name } of tables.rows) {
      const { rows } = await client.query<Record<string, unknown>>(`select * from ${name} order by ${name}`)
      contents[name] = rows
    }
    return contents
  })
}

/** As a client of its own, in the store's schema. */
export async function connectedTo<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, types: { getTypeParser } })
  await client.connect()
  try {
    await client.query('set search_path = tokenctl')
    return await work(client)
  } finally {
    await client.end()
  }
}

/** As numbers, as SQLite has them. */
const getTypeParser: pg.CustomTypesConfig['getTypeParser'] = (oid, format) =>
  (oid as number) === 20 ? Number : (pg.types.getTypeParser(oid, format) as unknown)
