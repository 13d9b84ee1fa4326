import fc from 'fast-check'
import { describe, expect, test } from '@jest/globals'
import { either } from '../../src/core/either.ts'
import { similar } from '../../src/core/similar.ts'

describe('which names may have been meant', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['BU', ['BI'], ['BI']],
    ['bi', ['BI'], ['BI']],
    ['BUX', ['BI'], []],
    ['B', ['BI', 'C'], ['BI']],
    ['', ['BI', 'C'], []],
    ['lsit', ['list'], ['list']],
    ['regenrate', ['regenerate', 'create'], ['regenerate']],
    ['nightly', ['Nightly-1', 'nightly2', 'night'], ['nightly2', 'Nightly-1', 'night']],
    ['JDBC', ['JDBC-1', 'JDB', 'Jobs', 'JDBC2', 'ETL'], ['JDB', 'JDBC2', 'JDBC-1']],
    ['sales', ['payroll', 'backup'], []],
  ])('%s of %j: %j', async (name, names, expected) => {
    expect(await similar(name, names)).toEqual(expected)
  })

  const names = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '-'), minLength: 1, maxLength: 6 })

  test('each of them is there, near enough, and no nearer one is left out', async () => {
    await fc.assert(
      fc.asyncProperty(names, fc.array(names, { maxLength: 8 }), async (name, all) => {
        const found = await similar(name, all)
        const edits = (other: string): number => editsBetween(name.toLowerCase(), other.toLowerCase())
        const most = name.length < 4 ? 1 : 2
        const near = [...new Set(all)].filter(
          (other) => edits(other) <= most && edits(other) < Math.max(name.length, other.length),
        )
        expect(near).toEqual(expect.arrayContaining(found))
        expect(found).toHaveLength(Math.min(3, near.length))
        expect(new Set(found).size).toBe(found.length)
        const inOrder = near.map(edits).sort((a, b) => a - b)
        expect(found.map(edits)).toEqual(inOrder.slice(0, 3))
      }),
    )
  })
})

/** By the definition, without a thought to speed. */
function editsBetween(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length
  if (a.startsWith(b.charAt(0))) return editsBetween(a.slice(1), b.slice(1))
  return (
    1 +
    Math.min(editsBetween(a.slice(1), b), editsBetween(a, b.slice(1)), editsBetween(a.slice(1), b.slice(1)))
  )
}

test.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a or b'],
  [['a', 'b', 'c'], 'a, b or c'],
])('either of %j: %s', (words, expected) => {
  expect(either(words)).toBe(expected)
})
