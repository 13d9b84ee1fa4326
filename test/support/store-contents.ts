import Database from 'better-sqlite3'

/** Every row of every table: what must be the same when nothing changed. */
export function storeContents(path: string): Record<string, unknown[]> {
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
