/** The lowest is for nothing at all; what is there is higher. */
const MARKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const

/** A mark for each amount, as high as it is beside the largest. */
export function sparkline(amounts: readonly number[]): string {
  const most = Math.max(1, ...amounts)
  return amounts.map((amount) => MARKS[Math.ceil((amount * (MARKS.length - 1)) / most)]).join('')
}
