import fc from 'fast-check'
import { afterAll, describe, expect, test } from '@jest/globals'
import { safeJson } from '../../src/cli/escape.ts'
import { type Listing, printListing } from '../../src/cli/listing.ts'
import { Problem } from '../../src/core/problem.ts'
import { World } from '../support/world.ts'

const PIPE = { forPeople: false, color: false, columns: 80, now: 0 }

const world = new World()
afterAll(() => world.remove())

const listingOf = <Row>(rows: Listing<Row>['rows'], changes: Partial<Listing<Row>> = {}): Listing<Row> => ({
  rows,
  json: (row) => row,
  columns: [{ title: 'ROW', rank: 0, cell: (row) => JSON.stringify(row) }],
  jsonLines: false,
  failIfAny: false,
  ...changes,
})

async function printed<Row>(listing: Listing<Row>, json = false): Promise<{ code: number; stdout: string }> {
  const written = { stdout: '', stderr: '' }
  const code = await printListing(world.system(written), listing, PIPE, json)
  return { code, stdout: written.stdout }
}

/** Rows without an end, and how many of them were read. */
function endless(): { rows: AsyncIterable<string>; read: () => number } {
  let read = 0
  async function* rows(): AsyncGenerator<string> {
    for (;;) {
      read++
      yield 'x'.repeat(1000)
    }
  }
  return { rows: rows(), read: () => read }
}

describe('a list printed row by row', () => {
  test('is the JSON that all rows at once would be', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 5 }), async (rows) => {
        expect(await printed(listingOf(rows), true)).toEqual({ code: 0, stdout: `${safeJson(rows)}\n` })
      }),
    )
  })

  test('has an object a line under --json-lines, and of none nothing', async () => {
    const rows = [{ name: 'a\nb\u2028' }, { name: '\u001b' }]
    const { stdout } = await printed(listingOf(rows, { jsonLines: true }), true)
    expect(stdout).toBe('{"name":"a\\nb\\u2028"}\n{"name":"\\u001b"}\n')
    expect((await printed(listingOf([], { jsonLines: true }))).stdout).toBe('')
  })

  test('is written a piece at a time, whatever its length', async () => {
    const rows = Array.from({ length: 3000 }, () => 'x'.repeat(1000))
    const lengths: number[] = []
    world.stdout = { write: async (text) => void lengths.push(text.length) }
    await printed(listingOf(rows), true)
    world.stdout = {}
    expect(Math.max(...lengths)).toBeLessThan(300_000)
    expect(lengths.length).toBeGreaterThan(3)
  })

  test('is read no further once its reader has had enough', async () => {
    const { rows, read } = endless()
    let writes = 0
    world.stdout = {
      write: async () => {
        if (++writes === 2) throw Object.assign(new Error('EPIPE'), { code: 'EPIPE' })
      },
    }
    expect((await printed(listingOf(rows))).code).toBe(0)
    world.stdout = {}
    expect({ writes, isSoon: read() < 1000 }).toEqual({ writes: 2, isSoon: true })
  })

  test('fails as its rows do, in the middle', async () => {
    const lost = new Problem('unavailable', 'the store is gone')
    async function* rows(): AsyncGenerator<number> {
      yield 1
      throw lost
    }
    await expect(printed(listingOf(rows()), true)).rejects.toBe(lost)
  })

  test.each([
    [[], false, 0],
    [[], true, 0],
    [[1], false, 0],
    [[1], true, 20],
  ])('%j under --fail-if-any %s ends with %d', async (rows, failIfAny, code) => {
    for (const json of [false, true]) {
      expect((await printed(listingOf(rows, { failIfAny }), json)).code).toBe(code)
    }
  })
})
