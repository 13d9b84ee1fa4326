import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { isFor, play } from './support/session.ts'
import { ENGINES } from './support/world.ts'

const folder = join(import.meta.dirname, 'scripts')
const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8')

describe.each(ENGINES)('what the program does, as terminal sessions, on %s', (engine) => {
  const names = readdirSync(folder).filter((name) => isFor(textOf(name), engine))

  test.each(names.sort())('%s', async (name) => {
    await expect(play(textOf(name), engine)).resolves.toBeUndefined()
  })
})
