import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { play } from './support/session.ts'
import { World } from './support/world.ts'

const folder = join(import.meta.dirname, 'scripts')

describe('what the program does, as terminal sessions', () => {
  let world: World
  beforeEach(() => {
    world = new World()
    world.environment.NO_COLOR = '1'
  })
  afterEach(() => world.remove())

  test.each(readdirSync(folder).sort())('%s', async (name) => {
    await expect(play(readFileSync(join(folder, name), 'utf8'), world)).resolves.toBeUndefined()
  })
})
