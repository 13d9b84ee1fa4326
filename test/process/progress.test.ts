import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import { manyClients } from '../support/many-clients.ts'
import { Machine, Terminal } from '../support/process.ts'

const MANY = 20_000
const LIVING = MANY - Math.floor(MANY / 991)

describe('a long list at a real terminal', () => {
  const machine = new Machine()
  beforeAll(() => {
    machine.ok('tokenctl init')
    const database = new Database(machine.storePath)
    for (const statement of manyClients(MANY, Date.now())) database.exec(statement)
    database.close()
    // However fast the machine is, a look at the clock takes 50 ms by this one.
    const clock = join(machine.folder, 'clock.cjs')
    writeFileSync(clock, 'let now = Date.now(); Date.now = () => (now += 50)\n')
    machine.environment = { NODE_OPTIONS: `--require ${clock}` }
  })
  afterAll(() => machine.remove())

  const sum = `${LIVING.toLocaleString('en')} rows in `

  test('rewrites one line of standard error, and leaves the sum', async () => {
    const terminal = new Terminal(machine, 'tokenctl token list --json > list.json')
    const { code, lines, isRestored } = await terminal.end()
    expect({ code, isRestored }).toEqual({ code: 0, isRestored: true })
    expect(lines).toEqual([expect.stringMatching(`^${sum}[0-9.]+ s \\([0-9,]+/s\\)$`)])
    expect(terminal.stream).toMatch(/\r[0-9,]+ rows, [0-9,]+\/s\u001b\[K\r/)
    expect(JSON.parse(readFileSync(join(machine.place, 'list.json'), 'utf8'))).toHaveLength(LIVING)
  })

  test.each([
    ['in a pipe', 'tokenctl token list --json | wc -l > count'],
    ['where standard error is a file', 'tokenctl token list --json > list.json 2> errors'],
    ['on a dumb terminal', 'TERM=dumb tokenctl token list --json > list.json'],
    ['of few rows', 'tokenctl token list --json --limit 64 > list.json'],
  ])('shows nothing %s', async (_, line) => {
    const terminal = new Terminal(machine, line)
    expect(await terminal.end()).toMatchObject({ code: 0, lines: [] })
    expect(terminal.stream).not.toContain('\u001b[K')
  })

  test('makes room for an error', async () => {
    const terminal = new Terminal(machine, 'tokenctl token list > /dev/full')
    const { code, lines } = await terminal.end()
    expect({ code, lines }).toEqual({
      code: 1,
      lines: ['tokenctl: done, but the answer could not be written: no space left on device'],
    })
    expect(terminal.stream).toMatch(/ rows, [0-9,]+\/s\u001b\[K\r\u001b\[Ktokenctl: /)
  })
})
