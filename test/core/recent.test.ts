import { expect, test } from '@jest/globals'
import { Recent } from '../../src/core/recent.ts'

const filled = (keys: readonly string[], most = 4): Recent<string> => {
  const recent = new Recent<string>(most)
  for (const key of keys) recent.set(key, key.toUpperCase())
  return recent
}

const kept = (recent: Recent<string>): string =>
  'a b c d e f g h'
    .split(' ')
    .filter((key) => recent.get(key) === key.toUpperCase())
    .join('')

test('what came last is there, and never more than was said', () => {
  expect(kept(filled(['a', 'b', 'c', 'd', 'e', 'f', 'g']))).toBe('efg')
  for (let count = 0; count <= 100; count++) {
    const keys = Array.from({ length: count }, (_, i) => String(i))
    const recent = filled(keys)
    expect(recent.size).toBeLessThanOrEqual(4)
    expect(recent.get(keys.at(-1) ?? '')).toBe(keys.at(-1))
  }
})

test('what is wanted again and again stays', () => {
  const recent = filled(['hot'], 100)
  const seen = Array.from({ length: 1_000 }, (_, i) => {
    recent.set(`cold ${i}`, 'COLD')
    return i % 40 === 0 ? recent.get('hot') : 'HOT'
  })
  expect(new Set(seen)).toEqual(new Set(['HOT']))
  expect(recent.get('cold 0')).toBeUndefined()
})

test('what was deleted or cleared is not', () => {
  const recent = filled(['a', 'b', 'c', 'd'])
  recent.delete('a')
  recent.delete('d')
  expect(kept(recent)).toBe('bc')
  recent.clear()
  expect(kept(recent)).toBe('')
  expect(recent.size).toBe(0)
})
