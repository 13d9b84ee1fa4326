// What a verdict costs, as a multiple of hashing the token and finding the digest with the driver alone:
// node bench/verify.js [tokens] [rounds]
// Floor and product in turn, CPU time: on a busy machine only the ratios of one run mean something.
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { filledStore, sources } from './filled-store.js'

const CALLS = 20_000
const HOT = 1_000
const count = Number(process.argv[2] ?? 100_000)
const rounds = Number(process.argv[3] ?? 15)

const parts = await sources()
const { EVERYTHING, newSecret, openSqlite, storeOn, Verifier } = parts
const folder = mkdtempSync(join(tmpdir(), 'tokenctl-bench-'))
const path = join(folder, 'tokenctl.db')
const tokens = filledStore(path, count, EVERYTHING.now, parts)
const strangers = Array.from({ length: CALLS }, () => newSecret('tkc_000000000000', randomBytes))
const system = {
  holdSignals: () => () => {},
  now: () => EVERYTHING.now,
  elapsed: () => performance.now(),
  fileId: () => null,
}
const verifier = await Verifier.on(storeOn(openSqlite(path, system)), { uid: 0, name: 'tester' })
const another = new Database(path)
const uses = another.prepare('update token_idle set since = since + 1 where token_id = ?')

const database = new Database(path, { readonly: true })
database.pragma('mmap_size = 1073741824')
database.pragma('cache_size = -262144')
const found = database.prepare('select token_id from secret where digest = ?')

const hot = Array.from({ length: CALLS }, (_, i) => tokens[i % HOT])
const SUBJECTS = [
  [
    'floor: SHA-256, SELECT',
    distinct,
    (token) => found.get(createHash('sha256').update(token).digest('base64url')),
  ],
  ['hot set', () => hot, (token) => verifier.verify(token)],
  [
    'hot set, others commit',
    () => hot,
    (token, i) => {
      if (i % 500 === 0) uses.run(token.slice(0, -49))
      return verifier.verify(token)
    },
  ],
  ['distinct', distinct, (token) => verifier.verify(token)],
  ['unknown', () => strangers, (token) => verifier.verify(token)],
  ['malformed', () => strangers.map((token) => `${token.slice(0, -1)}-`), (token) => verifier.verify(token)],
]

const spent = SUBJECTS.map(() => [])
for (let round = 0; round < rounds; round++) {
  for (const [i, [, some, ask]] of SUBJECTS.entries()) spent[i].push(await microseconds(some(), ask))
}
const floor = median(spent[0])
for (const [i, [name]] of SUBJECTS.entries()) {
  const each = median(spent[i])
  console.log(
    `${name.padEnd(26)} ${each.toFixed(2).padStart(7)} us  speed to floor ${(floor / each).toFixed(2)}`,
  )
}
another.close()
database.close()
await verifier.close()
rmSync(folder, { recursive: true })

/** Each time others, so that none of them is remembered. */
function distinct() {
  const from = Math.floor(Math.random() * tokens.length)
  return Array.from({ length: CALLS }, (_, i) => tokens[(from + i * 7919) % tokens.length])
}

async function microseconds(some, ask) {
  const before = process.cpuUsage()
  for (const [i, token] of some.entries()) await ask(token, i)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / some.length
}

function median(times) {
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)]
}
