// Kills real processes with SIGKILL at random moments of `client create` and `token regenerate`, and asks after each
// what an administrator would: does a secret that somebody holds still work, and does none work that nobody was given?
//
//     node scripts/crash.js [rounds]
import { spawn } from 'node:child_process'
import { hash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import Database from 'better-sqlite3'

const PROGRAM = join(import.meta.dirname, '..', 'bin', 'tokenctl.js')
const { main, realSystem } = createRequire(import.meta.url)('../dist/tokenctl.js')

/** From so many rounds on, it is no luck but a mistake if no kill fell between prepare and activation. */
const FULL = 200

const CREATE = (name) => ['client', 'create', name, '--role', 'user']
const REGENERATE = (name) => ['token', 'regenerate', name, '--yes']
const OVERLAP = (name) => ['token', 'regenerate', name, '--force', '--overlap', '1h']
const TO_FILE = (path) => ['--secret-file', path]
const REPLACING = (path) => ['--secret-file', path, '--replace']
const TO_PIPE = () => []

/** What is killed, on one store that grows old; or on the way to its first client, which makes the store. */
const KINDS = [
  { line: CREATE, sink: TO_PIPE },
  { line: REGENERATE, sink: TO_PIPE },
  { line: OVERLAP, sink: TO_PIPE },
  { line: REGENERATE, sink: REPLACING },
  { line: CREATE, sink: TO_FILE },
  { line: REGENERATE, sink: TO_FILE },
  { line: CREATE, sink: TO_PIPE, first: true },
  { line: OVERLAP, sink: REPLACING },
]

const digestOf = (token) => hash('sha256', token, 'base64url')
const tokenIn = (text) => /^([a-z0-9]+_[0-9A-Za-z]{61})\n$/.exec(text)?.[1] ?? null
const textOf = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '')

/** A store, and every secret of it that anybody was ever given. */
class Store {
  known = new Set()
  /** The client whose token is regenerated, and the last secret of it that is known to work. */
  client = null
  secret = null
  #names = 0

  constructor(home) {
    this.home = home
    mkdirSync(home)
    this.folder = join(home, '.local', 'share', 'tokenctl')
    this.path = join(this.folder, 'tokenctl.db')
    /** What REPLACING replaces: it always holds the present secret. */
    this.secretFile = join(home, 'secret')
  }

  newName() {
    return `client-${++this.#names}`
  }

  /** A command line that nobody kills, in this process. */
  async run(argv, input = '') {
    let stdout = ''
    let stderr = ''
    const system = realSystem()
    const code = await main(argv, {
      ...system,
      environment: {},
      person: { uid: system.effectiveUid, name: null },
      stdin: { isTerminal: false, read: async () => input },
      stdout: {
        ...system.stdout,
        isTerminal: false,
        leadsSomewhere: true,
        write: async (text) => (stdout += text),
      },
      stderr: { ...system.stderr, isTerminal: false, write: async (text) => (stderr += text) },
      files: { ...system.files, dataFolder: async () => this.folder },
      holdSignals: () => () => {},
    })
    return { code, stdout, stderr }
  }

  async ok(argv) {
    const { code, stdout, stderr } = await this.run(argv)
    if (code !== 0) throw new Error(`the store is not usable: ${argv.join(' ')}: exit ${code}: ${stderr}`)
    const token = tokenIn(stdout)
    if (token !== null) this.known.add(token)
    return token
  }

  async verify(token) {
    return (await this.run(['token', 'verify'], `${token}\n`)).code
  }

  /** A client with a secret that works and nothing under way. */
  async renewClient() {
    this.client = this.newName()
    this.keep(await this.ok(CREATE(this.client)))
  }

  keep(secret) {
    this.secret = secret
    writeFileSync(this.secretFile, `${secret}\n`)
  }

  read(work) {
    const database = this.#open({ readonly: true })
    try {
      return work(database)
    } finally {
      database.close()
    }
  }

  #open(options) {
    const database = new Database(this.path, options)
    try {
      database.pragma('user_version')
      return database
    } catch (error) {
      database.close()
      // Killed as it was made: what was half written can be taken back only by one who may write.
      if (error.code === 'SQLITE_READONLY_ROLLBACK') return this.#open({})
      throw error
    }
  }
}

/** Runs a command line in a process of its own, and kills it after so many milliseconds. */
function killed(store, argv, milliseconds) {
  const began = performance.now()
  const child = spawn(process.execPath, [PROGRAM, ...argv], {
    cwd: store.home,
    env: { HOME: store.home, PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds)
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code, signal, stdout, stderr, took: performance.now() - began })
    })
  })
}

/** Complaints about what must hold of every store at any time. */
function complaints(store) {
  return store.read((database) => {
    const found = []
    const integrity = database.pragma('integrity_check', { simple: true })
    if (integrity !== 'ok') found.push(`integrity_check: ${integrity}`)
    if (database.pragma('foreign_key_check').length > 0) found.push('foreign_key_check')
    if (database.pragma('user_version', { simple: true }) === 0) return found

    const given = new Set([...store.known].map(digestOf))
    const active = database
      .prepare("select digest, token_id from secret where state in ('current', 'former')")
      .all()
    for (const { digest, token_id: id } of active) {
      if (!given.has(digest)) found.push(`a secret of token ${id} is active that nobody was given`)
    }
    return [...found, ...auditComplaints(database)]
  })
}

function auditComplaints(database) {
  const found = []
  let sequence = 0
  let previous = database.prepare('select id from store').pluck().get()
  for (const row of database.prepare('select * from audit order by sequence').iterate()) {
    sequence++
    const { at, actor_kind: kind, actor, os_uid: uid, os_name: name, action, scope, outcome } = row
    const [targets, details] = [JSON.parse(row.targets), JSON.parse(row.details)]
    const said = [previous, sequence, at, kind, actor, uid, name, action, targets, scope, outcome, details]
    if (row.sequence !== sequence) found.push(`audit: ${row.sequence} where ${sequence} belongs`)
    if (row.previous_hash !== previous) found.push(`audit: ${sequence} does not continue ${sequence - 1}`)
    if (row.hash !== hash('sha256', JSON.stringify(said)))
      found.push(`audit: ${sequence} is not what was written`)
    previous = row.hash
  }
  return found
}

/** How far a killed command line came: `before` it prepared anything, `between` prepare and activation, or `after`. */
function stageOf(store, clientName, earlier) {
  if (!existsSync(store.path)) return 'before'
  return store.read((database) => {
    if (database.pragma('user_version', { simple: true }) === 0) return 'before'
    const states = database
      .prepare(
        `select secret.state, secret.digest from secret join token on token.id = secret.token_id
         join client on client.id = token.client_id where client.name = ?`,
      )
      .all(clientName)
    if (states.some(({ state }) => state === 'pending')) return 'between'
    const current = states.find(({ state }) => state === 'current')
    return current === undefined || current.digest === (earlier && digestOf(earlier)) ? 'before' : 'after'
  })
}

/**
 * One kill, and what came of it.
 * @returns the stage, whether a new secret had arrived, and everything that is not as promised
 */
async function round(store, kind, milliseconds) {
  const isCreate = kind.line === CREATE
  if (!isCreate && store.client === null) await store.renewClient()
  const name = isCreate ? store.newName() : store.client
  const earlier = isCreate ? null : store.secret
  const path = kind.sink === REPLACING ? store.secretFile : join(store.home, `secret-of-${name}`)
  if (kind.sink === TO_FILE) rmSync(path, { force: true })

  const argv = [...kind.line(name), ...kind.sink(path)]
  const { code, signal, stdout, stderr, took } = await killed(store, argv, milliseconds)
  const written = tokenIn(kind.sink === TO_PIPE ? stdout : textOf(path))
  const arrived = written === earlier ? null : written
  if (arrived !== null) store.known.add(arrived)

  const stage = stageOf(store, name, earlier)
  const wrong = existsSync(store.path) ? complaints(store) : []
  const expect = (what, value, expected) => {
    if (!isDeepStrictEqual(value, expected)) wrong.push(`${what}: ${value}, not ${expected}`)
  }
  if (signal === null) expect('exit', code === 0 ? 0 : `${code} ${stderr}`, 0)
  if (kind.sink === REPLACING) expect('the file has a secret', written !== null, true)
  if (stage === 'before') expect('a secret arrived that was not prepared', arrived, null)
  if (stage === 'after') expect('the secret in force has arrived', arrived !== null, true)
  // Before the new one is used: its first use may end the earlier one.
  if (earlier !== null) {
    const lives = stage !== 'after' || kind.line === OVERLAP
    expect('the earlier secret', await store.verify(earlier), lives ? 0 : 11)
  }
  if (arrived !== null) expect('the secret that arrived', await store.verify(arrived), 0)
  if (arrived !== null && earlier !== null)
    expect('after its use the earlier secret', await store.verify(earlier), kind.line === OVERLAP ? 0 : 11)

  // The store goes on. What is under way is left alone: within a minute it is somebody's at work.
  await store.ok(CREATE(store.newName()))
  if (stage === 'between' && arrived === null && !isCreate) await store.renewClient()
  else if (!isCreate) store.keep(arrived ?? earlier)
  return {
    stage,
    arrived: arrived !== null,
    ended: signal === null,
    took,
    wrong: [...wrong, ...complaints(store)],
  }
}

/** Milliseconds that a whole run takes, the middle one of a few. */
async function lengthOf(kind, storeFor) {
  const lengths = []
  for (let i = 0; i < 3; i++) lengths.push((await round(storeFor(kind), kind, 60_000)).took)
  return lengths.sort((a, b) => a - b)[1]
}

/** When to kill a kind: anywhere in its run, and every second time about where it is between prepare and activation. */
class Aim {
  #length
  #middle
  #tries = 0

  constructor(length) {
    this.#length = length
    this.#middle = 0.9 * length
  }

  get moment() {
    return Math.random() * this.#length
  }

  get closeMoment() {
    return this.#middle + (Math.random() - 0.5) * 0.1 * this.#length
  }

  /** Later after a kill that came too early, and the other way round; less and less so. */
  learn(stage) {
    const direction = { before: 1, between: 0, after: -1 }[stage]
    this.#middle += direction * (0.01 + 0.06 / ++this.#tries) * this.#length
  }
}

/** @returns whether everything held */
async function crash(rounds) {
  const folder = mkdtempSync(join(tmpdir(), 'tokenctl-crash-'))
  const old = new Store(join(folder, 'old'))
  let stores = 0
  const storeFor = (kind) => (kind.first ? new Store(join(folder, `new-${++stores}`)) : old)

  const lengths = []
  for (const kind of KINDS) lengths.push(await lengthOf(kind, storeFor))
  const aims = lengths.map((length) => new Aim(length))

  const seen = { before: 0, between: 0, after: 0, arrived: 0, ended: 0 }
  let failures = 0
  for (let number = 0; number < rounds; number++) {
    const index = Math.floor(number / 2) % KINDS.length
    const [kind, aim, isClose] = [KINDS[index], aims[index], number % 2 === 1]
    const moment = isClose ? aim.closeMoment : aim.moment
    const { stage, arrived, ended, wrong } = await round(storeFor(kind), kind, moment)
    if (isClose) aim.learn(stage)
    seen[stage]++
    if (stage === 'between' && arrived) seen.arrived++
    if (ended) seen.ended++
    if (wrong.length === 0) continue
    failures++
    const line = [...kind.line('NAME'), ...kind.sink('PATH')].join(' ')
    console.error(`killed after ${moment.toFixed(1)} ms: ${line}\n  ${wrong.join('\n  ')}`)
  }

  const all = [...lengths.values()].map((length) => Math.round(length))
  console.log(
    `${rounds} rounds; a whole run takes ${Math.min(...all)} to ${Math.max(...all)} ms; the kill fell`,
  )
  console.log(`  ${seen.before} times before anything was prepared`)
  console.log(
    `  ${seen.between} times between prepare and activation (${seen.arrived} of the secrets had arrived)`,
  )
  console.log(`  ${seen.after} times after activation (${seen.ended} of them after the end)`)
  console.log(`${failures} broken promises`)
  const isMeaningful = rounds < FULL || seen.between > 0
  if (!isMeaningful) console.error('no kill fell between prepare and activation: this has shown nothing')
  if (failures > 0) console.error(`what is left of it is in ${folder}`)
  else rmSync(folder, { recursive: true })
  return failures === 0 && isMeaningful
}

const rounds = Number(process.argv[2] ?? 300)
if (!Number.isInteger(rounds) || rounds < 1) throw new Error('usage: node scripts/crash.js [rounds]')
process.exitCode = (await crash(rounds)) ? 0 : 1
