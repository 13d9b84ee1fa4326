// A store as SQL, for test/store/dumps: node scripts/dump.js <path> [token] > test/store/dumps/001.sql
// The token is one of that store's, for the test to try; the store is a made-up one.
import Database from 'better-sqlite3'

const [path, token = ''] = process.argv.slice(2)
const database = new Database(path, { readonly: true })
const objects = database
  .prepare("select name, type, sql from sqlite_master where sql is not null order by type = 'index'")
  .all()

const lines = [
  `-- token: ${token}`,
  `pragma application_id = ${database.pragma('application_id', { simple: true })};`,
  `pragma user_version = ${database.pragma('user_version', { simple: true })};`,
]
for (const { sql } of objects) lines.push(`${sql};`)
for (const { name } of objects.filter(({ type }) => type === 'table')) {
  for (const row of database.prepare(`select * from ${name}`).raw().all()) {
    lines.push(`insert into ${name} values (${row.map(literal).join(', ')});`)
  }
}
process.stdout.write(`${lines.join('\n')}\n`)

function literal(value) {
  if (value === null) return 'null'
  return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`
}
