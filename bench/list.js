// What a list costs, as a multiple of reading the same rows with the driver alone: node bench/list.js [rounds]
// At 10,000 and at 100,000 clients: what few have must cost no more where there are ten times as many of the others.
// Floor and product in turn: on a busy machine only the ratios of one run mean something.
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { build } from 'esbuild'

const ROOT = join(import.meta.dirname, '..')
const DAY = 86_400_000
const rounds = Number(process.argv[2] ?? 15)

const folder = mkdtempSync(join(tmpdir(), 'tokenctl-bench-'))
const {
  clientListQuery,
  EVERYTHING,
  listingOf,
  manyClients,
  migrations,
  openSqlite,
  storeOn,
  tokenListQuery,
} = await sources()
const { now } = EVERYTHING

const LISTS = [
  ['token list', tokenListQuery, 'tokens', {}],
  ['--sort last-used', tokenListQuery, 'tokens', { sort: 'last-used' }],
  ['--status active', tokenListQuery, 'tokens', { status: 'active' }],
  [
    '--sort created --reverse --limit 10',
    tokenListQuery,
    'tokens',
    { sort: 'created', reverse: true, limit: 10 },
  ],
  ['--client', tokenListQuery, 'tokens', { client: 'Client-77' }],
  ['--role', tokenListQuery, 'tokens', { roleId: 4 }],
  ['--scope', tokenListQuery, 'tokens', { scopes: ['acme/etl'] }],
  ['--jobs', tokenListQuery, 'tokens', { jobs: true }],
  ['--status pending', tokenListQuery, 'tokens', { status: 'pending' }],
  ['--status disabled', tokenListQuery, 'tokens', { status: 'disabled' }],
  ['--status expired', tokenListQuery, 'tokens', { status: 'expired' }],
  ['--status deleted', tokenListQuery, 'tokens', { status: 'deleted', withDeleted: true }],
  ['--expires-within 30d', tokenListQuery, 'tokens', { expiresBy: now + 30 * DAY }],
  ['--unused-for 90d', tokenListQuery, 'tokens', { unusedSince: now - 90 * DAY }],
  ['--search', tokenListQuery, 'tokens', { search: '77' }],
  ['--never-expires', tokenListQuery, 'tokens', { neverExpires: true }],
  ['--never-used', tokenListQuery, 'tokens', { neverUsed: true }],
  ['client list', clientListQuery, 'clients', {}],
  ['--unused-for 90d', clientListQuery, 'clients', { unusedSince: now - 90 * DAY }],
]

console.log(
  'clients  list                                    rows    floor ms   JSON ms   to floor  us a row',
)
for (const count of [10_000, 100_000]) await measure(count)
rmSync(folder, { recursive: true })

async function measure(count) {
  const path = join(folder, `${count}.db`)
  const database = new Database(path)
  for (const migration of migrations) database.exec(migration)
  for (const statement of manyClients(count, now)) database.exec(statement)
  database.pragma(`application_id = ${0x746f6b63}`)
  database.pragma('journal_mode = WAL')
  const store = storeOn(
    openSqlite(path, {
      holdSignals: () => () => {},
      now: Date.now,
      elapsed: () => performance.now(),
      fileId: () => null,
    }),
  )
  for (const [name, queryOf, method, changes] of LISTS) {
    const filter = { ...EVERYTHING, ...changes }
    const { text, values } = queryOf(filter)
    const statement = database.prepare(text)
    const times = { floor: [], product: [] }
    let rows = 0
    for (let round = 0; round < rounds; round++) {
      times.floor.push(await milliseconds(() => (rows = drained(statement.iterate(...values)))))
      times.product.push(await milliseconds(() => printed(store[method](filter), method)))
    }
    report(count, name, rows, median(times.floor), median(times.product))
  }
  database.close()
  await store.close()
}

function drained(rows) {
  let count = 0
  for (const row of rows) if (row) count++
  return count
}

/** As JSON, to nowhere. */
function printed(rows, method) {
  return listingOf({ stdout: { write: async () => {} } }, rows, method, now)
}

async function milliseconds(work) {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

function median(times) {
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)]
}

function report(count, name, rows, floor, product) {
  const figures = [
    floor.toFixed(2),
    product.toFixed(2),
    (product / floor).toFixed(2),
    ((product * 1000) / rows).toFixed(1),
  ]
  console.log(
    `${String(count).padEnd(8)} ${name.padEnd(36)} ${String(rows).padStart(7)}${figures.map((figure) => figure.padStart(10)).join('')}`,
  )
}

/** The program's own parts, which lie inside its bundle. */
async function sources() {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { clientSummaryJson } from './src/cli/client-view.ts'
        import { printListing } from './src/cli/listing.ts'
        import { tokenJson } from './src/cli/token-view.ts'
        export * from './src/store/client-list.ts'
        export * from './src/store/token-list.ts'
        export * from './src/store/store.ts'
        export * from './src/store/sqlite.ts'
        export * from './src/store/migrations/index.ts'
        export * from './test/support/many-clients.ts'
        export * from './test/support/list-filters.ts'
        export const listingOf = (system, rows, method, now) => printListing(system, {
          rows, json: method === 'tokens' ? (row) => tokenJson(row, now) : clientSummaryJson, columns: [],
          jsonLines: false, failIfAny: false,
        }, {}, true)`,
      resolveDir: ROOT,
      loader: 'ts',
    },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    external: ['better-sqlite3', 'chalk', 'cli-table3'],
    alias: { '@commander-js/extra-typings': 'commander' },
    write: false,
    logLevel: 'error',
  })
  const made = { exports: {} }
  new Function('require', 'module', outputFiles[0].text)(createRequire(import.meta.url), made)
  return made.exports
}
