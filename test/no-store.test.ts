import { existsSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { World } from './support/world.ts'

/** Every command but init and client create. */
const COMMANDS = [
  'whoami',
  'client list',
  'client show BI',
  'client disable BI',
  'client enable BI',
  'client delete BI --yes',
  'token list',
  'token show BI',
  'token regenerate BI --yes',
  'token disable BI',
  'token enable BI',
  'token delete BI --yes',
  'token verify',
  'role create r --allow a:b',
  'role list',
  'role show user',
  'jobs set-connection BI',
  'jobs show-connection',
  'jobs clear-connection',
  'store info',
]

test.each(COMMANDS)(
  '%s wants a store to be there, names the path it looked at, and makes none',
  async (line) => {
    const world = new World()
    world.stdin = 'tkc_nothing'
    const { code, stdout, stderr } = await world.run(...line.split(' '))
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toContain(`tokenctl: no store at ${world.storePath}\n`)
    expect(existsSync(world.storePath)).toBe(false)
    world.remove()
  },
)
