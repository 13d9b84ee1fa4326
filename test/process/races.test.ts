import { spawn } from 'node:child_process'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { Machine } from '../support/process.ts'
import type { Ended } from '../support/world.ts'

let machine: Machine
beforeEach(() => {
  machine = new Machine()
})
afterEach(() => {
  machine.remove()
})

/** All of them at once, each in a process of its own. */
function together(...lines: string[]): Promise<Ended[]> {
  return Promise.all(lines.map(started))
}

function started(line: string): Promise<Ended> {
  const child = spawn('sh', ['-c', line], { cwd: machine.place, env: machine.allEnvironment })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => (stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (stderr += String(chunk)))
  child.stdin.end()
  return new Promise((resolve) =>
    child.once('close', (code) => resolve({ code: code ?? -1, stdout, stderr })),
  )
}

const SIX = ['a', 'b', 'c', 'd', 'e', 'f']

test('six first runs at once make one store, and six clients in it', async () => {
  const ended = await together(...SIX.map((name) => `tokenctl client create ${name} --role user`))
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0])
  expect(ended.filter(({ stderr }) => stderr.includes('made the store'))).toHaveLength(1)
  expect(ended.map(({ stdout }) => machine.verify(stdout.trim()))).toEqual([0, 0, 0, 0, 0, 0])
}, 60_000)

test('of six who want one name, one gets it', async () => {
  machine.ok('tokenctl init')
  const ended = await together(...SIX.map(() => 'tokenctl client create BI --role user'))
  expect(ended.map(({ code }) => code).sort()).toEqual([0, 4, 4, 4, 4, 4])
  expect(ended.filter(({ stdout }) => stdout !== '')).toHaveLength(1)
}, 60_000)

test('of six who regenerate one token, each gets it or a conflict, and just the last secret works', async () => {
  const first = machine.ok('tokenctl client create BI --role user')
  const ended = await together(...SIX.map(() => 'tokenctl token regenerate BI --yes'))
  expect(ended.filter(({ code }) => code !== 0 && code !== 4)).toEqual([])
  const secrets = ended.map(({ stdout }) => stdout.trim()).filter((secret) => secret !== '')
  expect(secrets.filter((secret) => machine.verify(secret) === 0)).toHaveLength(1)
  expect(machine.verify(first)).toBe(11)
}, 60_000)
