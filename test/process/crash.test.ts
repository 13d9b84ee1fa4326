import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'

const SCRIPT = join(import.meta.dirname, '..', '..', 'scripts', 'crash.js')

test('after a kill at a random moment, a secret that somebody holds works, and none that nobody was given', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, '32'], { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toMatch(/^32 rounds; [^]*\n0 broken promises\n$/)
})
