import type { WidthOf } from './cells.ts'

export interface Bar {
  readonly label: string
  /** Where the terminal is too narrow for it and a bar. */
  readonly shortLabel: string
  readonly amount: number
}

/** What a bar is drawn with. */
export type Block = '█' | '#'

export interface DrawnBar {
  readonly label: string
  readonly blocks: string
  readonly amount: string
}

/** The least that is worth drawing. */
const SHORTEST = 8

/** Bars that fit a line: a block is one, or as many as it takes. What is there at all has a block at least. */
export function drawBars(bars: readonly Bar[], room: number, block: Block, widthOf: WidthOf): DrawnBar[] {
  const most = Math.max(0, ...bars.map(({ amount }) => amount))
  const long = bars.map(({ label }) => label)
  const besides = (labels: readonly string[]): number =>
    Math.max(0, ...labels.map(widthOf)) + GAPS + String(most).length
  const labels = room - besides(long) < SHORTEST ? bars.map(({ shortLabel }) => shortLabel) : long
  const longest = Math.max(0, room - besides(labels))
  const lengthOf = (amount: number): number =>
    most <= longest
      ? amount
      : Math.min(longest, Math.max(Math.sign(amount), Math.round((amount * longest) / most)))
  return bars.map(({ amount }, i) => ({
    label: labels[i] ?? '',
    blocks: block.repeat(lengthOf(amount)),
    amount: String(amount),
  }))
}

/** Two cells behind the label, and one before the number. */
const GAPS = 3
