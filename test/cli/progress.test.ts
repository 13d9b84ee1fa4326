import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type Listing, printListing } from '../../src/cli/listing.ts'
import { Progress } from '../../src/cli/progress.ts'
import { Problem } from '../../src/core/problem.ts'
import { World } from '../support/world.ts'

const CLEARED = '\r\u001b[K'

let world: World
let written: { stdout: string; stderr: string }
beforeEach(() => {
  world = new World()
  written = { stdout: '', stderr: '' }
  world.stdout = { isTerminal: false, isPipe: false }
  world.stderr = { isTerminal: true }
})
afterEach(() => world.remove())

/** So many rows, each of which takes so many milliseconds. */
function* rows(count: number, each: number): Generator<number> {
  for (let i = 1; i <= count; i++) {
    world.now += each
    yield i
  }
}

const listingOf = (rows: Listing<number>['rows']): Listing<number> => ({
  rows,
  json: (row) => row,
  columns: [{ rank: 0, title: 'ROW', cell: String }],
  jsonLines: true,
  failIfAny: false,
})

const print = (rows: Listing<number>['rows']): Promise<number> =>
  printListing(
    world.system(written),
    listingOf(rows),
    { forPeople: false, color: false, columns: 80, now: 0 },
    true,
  )

/** Each state of the line, one after the other. */
const states = (): string[] => written.stderr.split('\r').slice(1)

describe('a list that takes long says how far it is', () => {
  test('not before half a second, then ten times a second, and at the end in one line that stays', async () => {
    await print(rows(1280, 1))
    expect(states()).toEqual([
      '512 rows, 1,000/s\u001b[K',
      '640 rows, 1,000/s\u001b[K',
      '768 rows, 1,000/s\u001b[K',
      '896 rows, 1,000/s\u001b[K',
      '1,024 rows, 1,000/s\u001b[K',
      '1,152 rows, 1,000/s\u001b[K',
      '1,280 rows, 1,000/s\u001b[K',
      '\u001b[K1,280 rows in 1.3 s (1,000/s)\n',
    ])
    expect(written.stdout.split('\n')).toHaveLength(1281)
  })

  test.each([
    [64, 200, '64 rows in 12.8 s (5/s)'],
    [640, 100, '640 rows in 1 min 4 s (10/s)'],
    [123_456, 0.02, '123,456 rows in 2.5 s (50,000/s)'],
  ])('%d rows, each of %d ms: %s', async (count, each, sum) => {
    await print(rows(count, each))
    expect(written.stderr.endsWith(`${CLEARED}${sum}\n`)).toBe(true)
  })

  test('nothing, where it is done in less', async () => {
    await print(rows(499, 1))
    expect(written.stderr).toBe('')
  })

  test.each<[string, () => void]>([
    ['standard error is no terminal', () => (world.stderr = { isTerminal: false })],
    ['standard output is the terminal', () => (world.stdout = { isTerminal: true })],
    ['standard output is a pipe', () => (world.stdout = { isTerminal: false, isPipe: true })],
    ['the terminal is dumb', () => (world.environment.TERM = 'dumb')],
  ])('nothing, where %s', async (_, change) => {
    change()
    await print(rows(2000, 1))
    expect(written.stderr).toBe('')
  })

  test('no more than the terminal has room for', async () => {
    world.columns = 11
    await print(rows(640, 1))
    expect(states()).toEqual(['512 rows, \u001b[K', '640 rows, \u001b[K', '\u001b[K640 rows i\n'])
  })

  test('and is gone where it fails, or is left in the middle', async () => {
    const lost = new Problem('unavailable', 'the store is gone')
    function* failing(): Generator<number> {
      yield* rows(640, 1)
      throw lost
    }
    await expect(print(failing())).rejects.toBe(lost)
    expect(states().at(-1)).toBe('\u001b[K')

    written.stderr = ''
    const gone = Object.assign(new Error('EPIPE'), { code: 'EPIPE' })
    world.stdout = { ...world.stdout, write: () => Promise.reject(gone) }
    await print(rows(100_000, 1))
    expect(states().at(-1)).toBe('\u001b[K')
  })

  test('whatever becomes of standard error', async () => {
    world.stderr = { isTerminal: true, write: () => Promise.reject(new Error('EIO')) }
    expect(await print(rows(640, 1))).toBe(0)
    expect(written.stdout.split('\n')).toHaveLength(641)
  })
})

describe('what else is said', () => {
  test('has the line to itself', async () => {
    const system = world.system(written)
    const progress = new Progress(system, 'names', 1)
    const { stderr, prompts, stdout } = progress.yielding()
    world.answers = ['yes']
    world.now += 600
    expect(progress.add()).toBe(true)
    await progress.show()
    await stdout.write('an answer')
    await stderr.write('an error\n')
    await stderr.write('a hint\n')
    await progress.show()
    expect(await prompts.confirm('Go on?')).toBe(true)
    expect(stderr.columns).toBe(120)
    expect(written).toEqual({
      stdout: 'an answer',
      stderr: `\r1 name, 1.7/s\u001b[K${CLEARED}an error\na hint\n\r1 name, 1.7/s\u001b[K${CLEARED}`,
    })
  })

  test('of several names: the errors stand, then the sum', async () => {
    world.stdout = {}
    world.stderr = {}
    for (const name of ['a', 'b']) await world.ok('client', 'create', name, '--role', 'user', '--no-token')
    world.stdout = { isTerminal: false, isPipe: false }
    world.stderr = { isTerminal: true }
    const { now } = world
    let looks = 0
    world.changes = { now: () => now + 100 * looks++ }
    const { code, stdout, stderr } = await world.run('client', 'disable', 'a', 'x', 'nobody', 'b', 'a')
    expect({ code, stdout }).toEqual({ code: 3, stdout: 'disabled client a\ndisabled client b\n' })
    const shown = stderr.replace(/\r[^\n]*\r/g, '\r').replaceAll(/\r[^\u001b]*\u001b\[K/g, '')
    expect(shown.replace(/ in .*/, ' in …').split('\n')).toEqual([
      'tokenctl: no client x at cluster',
      'hint: tokenctl client list shows them all',
      'tokenctl: no client nobody at cluster',
      'hint: tokenctl client list shows them all',
      'client a is disabled already',
      '5 names in …',
      '',
    ])
    expect(stderr).toMatch(/\r[1-5] names, [0-9]+\/s\u001b\[K/)
  })
})
