import { existsSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { COMMAND_LINES } from './support/command-lines.ts'
import { World } from './support/world.ts'

const lines = Object.entries(COMMAND_LINES).filter(
  ([command]) => !['init', 'client create'].includes(command) && !command.startsWith('completion '),
)

test.each(lines)(
  '%s wants a store to be there, names the path it looked at, and makes none',
  async (_, line) => {
    const world = new World()
    world.stdin = 'tkc_nothing'
    const { code, stdout, stderr } = await world.run(...line.split(' '))
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toContain(`tokenctl: no store at ${world.storePath}\n`)
    expect(existsSync(world.storePath)).toBe(false)
    world.remove()
  },
)
