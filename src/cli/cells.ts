import { escaped } from './escape.ts'

/** How many cells of a terminal a text takes. */
export type WidthOf = (text: string) => number

/** By the same package that cli-table3 pads with. */
export async function measure(): Promise<WidthOf> {
  const { default: widthOf } = await import('string-width')
  // Nearly all that there is to measure, and a hundred times faster.
  return (text) => (PLAIN.test(text) ? text.length : widthOf(text))
}

const PLAIN = /^[ -~]*$/

/** As much of a text as that many cells hold, with `…` behind it if it is not all; nothing that is one to the eye is halved. */
export function cut(text: string, room: number, widthOf: WidthOf): string {
  if (widthOf(text) <= room) return text
  const kept = graphemes(text).slice(0, room)
  while (kept.length > 0 && widthOf(`${kept.join('')}…`) > room) kept.pop()
  return `${kept.join('').trimEnd()}…`
}

/** What may come from outside, on one line of so many cells. */
export const cutTo = async (columns: number, text: string): Promise<string> =>
  cut(escaped(text), columns, await measure())

/**
 * A text in lines of that many cells, broken at spaces. A longer word of ASCII may be a path and stays whole; any other may
 * be of a script that has no spaces, and is broken anywhere.
 */
export function wrapped(text: string, room: number, widthOf: WidthOf): string[] {
  const fits = (line: string): boolean => widthOf(line.trimEnd()) <= room
  const pieces = text
    .split(/(?<= )/)
    .flatMap((word) => (fits(word) || /^\p{ASCII}*$/u.test(word) ? [word] : graphemes(word)))
  const lines = ['']
  for (const piece of pieces) {
    const longer = `${lines.at(-1) ?? ''}${piece}`
    if (lines.at(-1) === '' || fits(longer)) lines[lines.length - 1] = longer
    else lines.push(piece)
  }
  return lines.map((line) => line.trimEnd())
}

/** What the eye takes for one character each. */
const graphemes = (text: string): string[] =>
  Array.from(new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text), ({ segment }) => segment)
