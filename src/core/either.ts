/** Alternatives, as a sentence has them: `a, b or c`. */
export function either(words: readonly string[]): string {
  const [last = '', ...others] = words.toReversed()
  return others.length === 0 ? last : `${others.reverse().join(', ')} or ${last}`
}
