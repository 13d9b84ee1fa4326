import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { Machine } from '../support/process.ts'

let machine: Machine
beforeEach(() => {
  machine = new Machine()
})
afterEach(() => machine.remove())

test('Ctrl-C between two names ends it there, though nothing but the disk is waited for', async () => {
  machine.ok('tokenctl client create first --role user')
  const names = Array.from({ length: 20_000 }, (_, i) => `n${i}`)
  const child = spawn('tokenctl', ['client', 'disable', 'first', ...names], {
    cwd: machine.place,
    env: machine.allEnvironment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (data) => (stderr += String(data)))
  await once(child.stdout, 'data')
  child.kill('SIGINT')
  expect(await once(child, 'close')).toEqual([130, null])
  expect(stderr).toMatch(/tokenctl: interrupted; n[0-9]+ and the names after it stay as they are\n$/)
})
