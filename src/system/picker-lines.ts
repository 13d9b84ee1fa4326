import { bold, dim, inverse } from './emphasis.ts'
import type { Choice, Page, Picker } from './prompts.ts'

const POINTER = '❯ '
const NO_POINTER = '  '

/** Of a terminal. */
export interface Size {
  readonly columns: number
  readonly rows: number
}

export const sizeOf = ({ columns, rows }: Size): Size => ({ columns: columns || 80, rows: rows || 24 })

/** Title, blank, question, header; blank, remark, keys. */
const OTHER_LINES = 7
/** In a low window there is the question, the header and the choices. */
const LOW = 12
const FEWEST_LINES = 2

const isLow = ({ rows }: Size): boolean => rows < LOW

/** How many of the choices there is room for. */
export const heightOf = ({ fixed }: Page<unknown>, size: Size): number =>
  Math.max(1, size.rows - (isLow(size) ? FEWEST_LINES : OTHER_LINES) - fixed.length)

export const above = ({ title }: Page<unknown>, size: Size): string[] =>
  title === '' || isLow(size) ? [] : [bold(title), '']

export function below({ keys }: Picker<unknown>, page: Page<unknown>, active: number, size: Size): string {
  const { header, choices, fixed, remark } = page
  const height = heightOf(page, size)
  const first = Math.max(0, Math.min(active - Math.floor(height / 2), choices.length - height))
  const line = ({ line }: Choice<unknown>, index: number): string =>
    index === active ? inverse(POINTER + line) : NO_POINTER + line
  return [
    ...(header === '' ? [] : [NO_POINTER + dim(header)]),
    ...choices.slice(first, first + height).map((choice, i) => line(choice, first + i)),
    ...fixed.map((choice, i) => line(choice, choices.length + i)),
    ...(isLow(size) ? [] : footer(remark, help(keys).slice(0, size.columns - 1))),
  ].join('\n')
}

const footer = (remark: string, help: string): string[] =>
  ['', ...(remark === '' ? [] : [remark]), help].map(dim)

const help = ({ enter, escape }: Picker['keys']): string =>
  `type a part of a name to search, ↑↓ move, Enter ${enter}, Esc ${escape}`
