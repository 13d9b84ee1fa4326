// What a request costs the server, as a multiple of node's own server that answers 204: node bench/serve.js [tokens] [rounds]
// Floor and product in turn, CPU time of the server alone: on a busy machine only the ratios of one run mean something.
// Over 64 connections, one request at a time on each. Linux only; needs `npm run build`.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { filledStore, sources } from './filled-store.js'

const PROGRAM = join(import.meta.dirname, '..', 'bin', 'tokenctl.js')
const CONNECTIONS = 64
const REQUESTS = 20_000
const HOT = 1_000
const COMMITS = 200 // a second
const BATCH = 1_100 // milliseconds, until the uses are written: they are part of the price
const count = Number(process.argv[2] ?? 100_000)
const rounds = Number(process.argv[3] ?? 10)

const FLOOR = `
  const server = require('node:http').createServer((_, response) => response.writeHead(204).end())
  server.listen(0, '127.0.0.1', () => {
    console.error(JSON.stringify({ address: 'http://127.0.0.1:' + server.address().port }))
  })`

const parts = await sources()
const folder = mkdtempSync(join(tmpdir(), 'tokenctl-bench-'))
const path = join(folder, 'tokenctl.db')
const known = filledStore(path, count, Date.now(), parts).map(requestWith)
chmodSync(path, 0o600)
const NO_TOKEN = Buffer.from('GET /verify HTTP/1.1\r\nHost: localhost\r\n\r\n')
const hot = known.slice(0, HOT)
const strangers = Array.from({ length: REQUESTS }, () =>
  requestWith(parts.newSecret(parts.newTokenId('tkc', randomBytes), randomBytes)),
)
const another = new Database(path)
another.pragma('synchronous = off')
const uses = another.prepare(
  'update token_idle set since = since + 1 where token_id = (select min(id) from token)',
)

const bare = await started(['-e', FLOOR])
const product = await started([PROGRAM, 'serve', '--listen', '127.0.0.1:0'])
let asked = 0
const SUBJECTS = [
  ['floor: node:http, 204', bare, 204, (i) => hot[i % HOT]],
  ['hot set', product, 200, (i) => hot[i % HOT]],
  ['hot set, others commit', product, 200, (i) => hot[i % HOT]],
  // Others each time, so that none of them is remembered.
  ['distinct', product, 200, () => known[asked++ % known.length]],
  ['unknown', product, 401, (i) => strangers[i]],
  ['no token', product, 401, () => NO_TOKEN],
]

const cost = SUBJECTS.map(() => [])
const rate = SUBJECTS.map(() => [])
for (let round = 0; round < rounds; round++) {
  for (const [i, [name, server, status, request]] of SUBJECTS.entries()) {
    const before = server.cpu()
    const began = performance.now()
    const stop = name.endsWith('commit') ? committing() : () => {}
    await load(server.port, status, request)
    stop()
    rate[i].push((REQUESTS * 1000) / (performance.now() - began))
    await sleep(BATCH)
    cost[i].push((server.cpu() - before) / REQUESTS)
  }
}
for (const server of [bare, product]) await server.end()
another.close()
rmSync(folder, { recursive: true })

console.log('                         us a request  CPU to floor  rate to floor')
for (const [i, [name]] of SUBJECTS.entries()) {
  const figures = [
    median(cost[i]).toFixed(1).padStart(13),
    (median(cost[i]) / median(cost[0])).toFixed(2).padStart(14),
    (median(rate[i]) / median(rate[0])).toFixed(2).padStart(15),
  ]
  console.log(name.padEnd(24) + figures.join(''))
}

function requestWith(token) {
  return Buffer.from(`GET /verify HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`)
}

/** Asks so often, and sees to it that each answer is the one expected. */
async function load(port, status, request) {
  const expected = Buffer.from(`HTTP/1.1 ${status} `)
  let sent = 0
  const connections = Array.from({ length: CONNECTIONS }, async () => {
    const socket = connect(port, '127.0.0.1')
    socket.setNoDelay(true)
    const next = () => (sent < REQUESTS ? socket.write(request(sent++)) : socket.end())
    socket.on('connect', next)
    // Answers are short, and come in one piece each.
    socket.on('data', (answer) => {
      if (expected.compare(answer, 0, expected.length) === 0) next()
      else socket.destroy(new Error(`not ${status}: ${answer}`))
    })
    await once(socket, 'close')
  })
  await Promise.all(connections)
}

/** Others use tokens meanwhile. @returns what ends it */
function committing() {
  const began = performance.now()
  let committed = 0
  const timer = setInterval(() => {
    for (; committed < ((performance.now() - began) * COMMITS) / 1000; committed++) uses.run()
  }, 1000 / COMMITS)
  return () => clearInterval(timer)
}

async function started(argv) {
  const child = spawn(process.execPath, argv, {
    env: { HOME: folder, PATH: process.env.PATH, TOKENCTL_STORE: path },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [line] = await once(createInterface({ input: child.stderr }), 'line')
  // Somebody has to read what it says of those it refuses.
  child.stderr.removeAllListeners('data').resume()
  return {
    port: Number(new URL(JSON.parse(line).address).port),
    cpu: () => microseconds(child.pid),
    end: () => (child.kill(), once(child, 'exit')),
  }
}

/** That all of its threads have had of a processor. */
function microseconds(pid) {
  const threads = `/proc/${pid}/task`
  return readdirSync(threads)
    .map((thread) => Number(readFileSync(join(threads, thread, 'schedstat'), 'utf8').split(' ')[0]) / 1000)
    .reduce((sum, each) => sum + each)
}

function median(figures) {
  return figures.sort((a, b) => a - b)[Math.floor(figures.length / 2)]
}
