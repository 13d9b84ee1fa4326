import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { chainOf } from '../support/audit-chain.ts'
import { ServerWithSmallDisk } from '../support/small-disk.ts'
import { type Ended, type World, worldOn } from '../support/world.ts'

let disk: ServerWithSmallDisk
let world: World
/** The secret of the client BI. */
let first = ''

async function begin(part: string, size: string): Promise<void> {
  disk = await ServerWithSmallDisk.start(part, size)
  world = await worldOn('PostgreSQL', disk.server)
  await world.makeStore()
  first = await world.ok('client', 'create', 'BI', '--role', 'user')
}
afterEach(async () => {
  world.remove()
  await disk.server.remove()
})

const LINES: Readonly<Record<string, (count: number) => string[]>> = {
  'client create': (count) => ['client', 'create', `new-${count}`, '--role', 'user'],
  'token regenerate': () => ['token', 'regenerate', 'busy', '--yes'],
  'client disable': (count) => ['client', count % 2 === 0 ? 'disable' : 'enable', 'switched'],
}

/** There is some room left in what the tables have: so until it fails. @returns how, and what it was */
async function firstFailure(line: (count: number) => string[]): Promise<{ ended: Ended; words: string[] }> {
  for (let count = 0; ; count++) {
    const words = line(count)
    const ended = await world.run(...words)
    if (ended.code !== 0) return { ended, words }
    if (count === 500) throw new Error(`the disk is not full: ${words.join(' ')} goes on and on`)
  }
}

function expectClear({ code, stdout, stderr }: Ended): void {
  // 21 only where the secret had left already.
  expect(stdout === '' ? [8, 9] : [21]).toContain(code)
  expect(stderr).toMatch(/^tokenctl: [^\n]+\n(hint: [^\n]+\n)?$/)
  expect(stderr).not.toMatch(/unexpected|undefined|ECONN/)
}

/** All that failed can be done now; what was given out with an unknown outcome is good. */
async function expectAllWell(failed: readonly { ended: Ended; words: string[] }[]): Promise<void> {
  world.now += 61_000
  expect(await world.verify(first)).toBe(0)
  for (const { ended, words } of failed) {
    const secret = ended.stdout.trim()
    if (secret !== '') expect(await world.verify(secret)).toBe(0)
    else expect(await world.run(...words)).toMatchObject({ code: 0 })
  }
  expect(await world.run('token', 'regenerate', 'BI', '--yes')).toMatchObject({ code: 0 })
  expect(await chainOf(world)).toMatchObject({ isWhole: true })
}

describe('the disk of the tables is full', () => {
  beforeEach(() => begin('base', '64m'))

  test('what does not fit is not done; the earlier secret is good all the time, and everything goes on afterwards', async () => {
    const busy = await world.ok('client', 'create', 'busy', '--role', 'user')
    await world.ok('client', 'create', 'switched', '--role', 'user')
    await disk.fill()
    const failed = []
    for (const line of Object.values(LINES)) {
      const failure = await firstFailure(line)
      expectClear(failure.ended)
      failed.push(failure)
      expect(await world.verify(first)).toBe(0)
    }
    expect(failed.map(({ ended }) => ended.stderr).join('')).toMatch(
      /cannot be used: .*[Nn]o space left on device/,
    )
    expect([0, 11]).toContain(await world.verify(busy))
    expect(await world.run('token', 'list')).toMatchObject({ code: 0 })

    await disk.free()
    await expectAllWell(failed)
  })

  test('a store that does not fit is not made by half', async () => {
    const other = await worldOn('PostgreSQL', disk.server)
    await disk.fill()
    other.stdin = 'correct horse battery\n'
    const ended = await other.run(...other.initLine)
    expect(ended.code).toBe(8)
    expectClear(ended)
    expect(await other.run('client', 'list')).toMatchObject({ code: 3 })
    expect(await other.contents()).toEqual({})
    await disk.free()
    expect(await other.run(...other.initLine)).toMatchObject({ code: 0 })
    other.remove()
  })
})

describe('the disk of the write-ahead log is full, and the server gives up', () => {
  beforeEach(() => begin('pg_wal', '64m'))

  test.each(Object.entries(LINES))(
    'in %s: one clear line, and everything goes on afterwards',
    async (_, line) => {
      await world.ok('client', 'create', 'busy', '--role', 'user')
      await world.ok('client', 'create', 'switched', '--role', 'user')
      await disk.fill()
      await disk.server.query('postgres', 'select pg_switch_wal()')
      const failure = await firstFailure(line)
      expectClear(failure.ended)
      expect(disk.server.log).toMatch(/PANIC: .*No space left on device/)
      await disk.server.ended()
      await disk.server.restart()
      await expectAllWell([failure])
    },
  )

  test('while a secret is on its way: nobody knows, and it works from its first use', async () => {
    let secret = ''
    world.stdout = {
      write: async (text) => {
        secret = text.trim()
        await disk.fill()
        await disk.server.query('postgres', 'select pg_switch_wal()')
      },
    }
    const ended = await world.run('token', 'regenerate', 'BI', '--yes')
    world.stdout = {}
    expect(ended.code).toBe(21)
    expectClear({ ...ended, stdout: secret })
    await disk.server.ended()
    await disk.server.restart()
    expect(await world.verify(first)).toBe(0)
    expect(await world.verify(secret)).toBe(0)
    expect(await world.verify(first)).toBe(11)
    expect(await chainOf(world)).toMatchObject({ isWhole: true })
  })
})
