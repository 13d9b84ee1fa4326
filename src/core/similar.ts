import { nameKey } from './name.ts'

/** How many may be suggested. */
const MOST = 3

/** Up to how many edits away a name may lie: one, or in a name of four characters and more two. */
export const editsAllowed = (name: string): number => Math.min(2, Math.ceil(name.length / 3))

/** Which of the names may have been meant, the nearest first, without regard to case. An edit is a character more, less or another. */
export async function similar(name: string, names: readonly string[]): Promise<string[]> {
  const key = nameKey(name)
  const most = editsAllowed(name)
  const near = [...new Set(names)].filter((each) => Math.abs(each.length - name.length) <= most)
  if (near.length === 0) return []
  const { distance } = await import('fastest-levenshtein')
  return near
    .map((each) => ({ each, edits: distance(key, nameKey(each)) }))
    .filter(({ each, edits }) => edits <= most && edits < Math.max(each.length, name.length))
    .sort((a, b) => a.edits - b.edits || (a.each < b.each ? -1 : 1))
    .slice(0, MOST)
    .map(({ each }) => each)
}
