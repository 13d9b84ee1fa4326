// Plays the tour of docs/tour.md in a real terminal, and writes that page; with --check it only says whether the page is
// still true. Of what is seen there, token IDs, secrets, the clock and who is asking are made up.
//
//     node scripts/tour.js [--check]
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Machine } from './tour/machine.js'
import { Page } from './tour/page.js'
import { play } from './tour/stations.js'

const PATH = join(import.meta.dirname, '..', 'docs', 'tour.md')

const machine = new Machine()
try {
  const page = new Page(machine)
  await play(machine, page)
  process.exitCode = process.argv.includes('--check') ? check(page.text) : write(page.text)
} finally {
  machine.remove()
}

function write(text) {
  writeFileSync(PATH, text)
  return 0
}

function check(text) {
  const compare = ['-u', '-L', 'docs/tour.md', '-L', 'seen', PATH, '-']
  const { status, stdout, stderr } = spawnSync('diff', compare, { input: text, encoding: 'utf8' })
  if (status === 0) return 0
  console.error(`docs/tour.md is not what is seen (npm run tour writes it anew):\n${stdout}${stderr}`)
  return 1
}
