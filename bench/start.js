// What it costs to start, in CPU time, as a multiple of the least that node can do: node bench/start.js [rounds]
// Floor, product and a peer in turn: on a busy machine only the ratios of one run mean something. Linux only.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PROGRAM = join(import.meta.dirname, '..', 'bin', 'tokenctl.js')
const NPM = realpathSync(join(process.execPath, '..', 'npm'))
const TICK = 10 // milliseconds, of the times in /proc

const home = mkdtempSync(join(tmpdir(), 'tokenctl-bench-'))
const run = (argv, input = '') =>
  spawnSync(process.execPath, argv, { env: { HOME: home, PATH: process.env.PATH }, input }).stdout

const token = run([PROGRAM, 'client', 'create', 'BI', '--role', 'user'])
const SUBJECTS = [
  ['node -e 0', ['-e', '0']],
  ['tokenctl --version', [PROGRAM, '--version']],
  ['tokenctl --help', [PROGRAM, '--help']],
  ['tokenctl token verify', [PROGRAM, 'token', 'verify']],
  ['tokenctl token list', [PROGRAM, 'token', 'list']],
  ['npm --version', [NPM, '--version']],
]

const rounds = Number(process.argv[2] ?? 40)
const spent = SUBJECTS.map(() => 0)
for (let round = 0; round < rounds; round++) {
  for (const [i, [, argv]] of SUBJECTS.entries()) {
    const before = ticksOfChildren()
    run(argv, token)
    spent[i] += ticksOfChildren() - before
  }
}
rmSync(home, { recursive: true })

for (const [i, [name]] of SUBJECTS.entries()) {
  const each = ((spent[i] * TICK) / rounds).toFixed(1)
  console.log(`${name.padEnd(22)} ${each.padStart(6)} ms  ${(spent[i] / spent[0]).toFixed(2)}`)
}

/** User and system time of all children that have ended: fields 16 and 17 of proc(5). */
function ticksOfChildren() {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ')
  return Number(fields[13]) + Number(fields[14])
}
