import { measure, wrapped } from './cells.ts'
import { escaped } from './escape.ts'
import { fitted, GAP } from './fitting.ts'
import type { Style } from './output.ts'
import { type Paint, painter } from './paint.ts'

/** What there is to say of one thing. */
export interface Property<Row> {
  readonly title: string
  readonly cell: (row: Row, style: Style) => string
  /** Colour for what the cell says already. */
  readonly paint?: Paint
  /** A path or the like: never broken into lines, so that it can be copied. */
  readonly whole?: true
}

export interface Column<Row> extends Property<Row> {
  /** How soon it goes where the terminal is too narrow: the highest first, 0 never. */
  readonly rank: number
  /** To how many cells a long one is cut before any column goes; without it, it is never cut. */
  readonly least?: number
}

/** Lines that fit the terminal, in the order of the rows. */
export interface LaidOut {
  readonly header: string
  readonly lines: readonly string[]
}

/** cli-table3 takes quadratic time: a list for people ends here, and says so. */
export const MOST_ROWS = 200

/** For people an aligned table; in a pipe one header line and tab-separated lines, all of them. */
export async function table<Row>(
  style: Style,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Promise<string> {
  if (!style.forPeople) return [header(columns), ...rows.map((row) => line(style, columns, row))].join('\n')
  const { header: titles, lines } = await laidOut(style, columns, rows.slice(0, MOST_ROWS))
  return [titles, ...lines].join('\n')
}

/** The header line of a table in a pipe. */
export const header = (columns: readonly Pick<Property<never>, 'title'>[]): string =>
  columns.map(({ title }) => title).join('\t')

/** A row of it. */
export const line = <Row>(style: Style, columns: readonly Property<Row>[], row: Row): string =>
  columns.map(({ cell }) => escaped(cell(row, style))).join('\t')

/**
 * A table for people, line by line.
 * @param rows `MOST_ROWS` or fewer
 * @param indent how many cells of each line are taken already, by what somebody else puts before it
 */
export async function laidOut<Row>(
  style: Style,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  indent = 0,
): Promise<LaidOut> {
  const filled = columns.map(({ title, cell, ...column }) => ({
    ...column,
    cells: [title, ...rows.map((row) => escaped(cell(row, style)))],
  }))
  const fitting = fitted(filled, style.columns - indent, await measure())
  const painted = await painter(style)
  const grid = (fitting[0]?.cells ?? []).map((_, i) =>
    fitting.map(({ cells, paint }) => painted(cells[i] ?? '', paint)),
  )
  const starts = fitting.map((_, i) =>
    fitting.slice(0, i).reduce((start, { width }) => start + width + GAP, indent),
  )
  const drawn = await padded(grid)
  const [titles = '', ...lines] = drawn.map((cells) => joined(cells, style.color ? starts : null))
  return { header: titles, lines }
}

/** One thing's properties, a line each, from the same kind of columns as a table. People are spared the empty ones. */
export async function properties<Row>(
  style: Style,
  columns: readonly Property<Row>[],
  row: Row,
): Promise<string> {
  const all = columns.map(({ cell, ...column }) => ({ ...column, value: escaped(cell(row, style)) }))
  if (!style.forPeople) return all.map(({ title, value }) => `${title}\t${value}`).join('\n')
  const said = all.filter(({ value }) => value !== '')
  const room = style.columns - Math.max(...said.map(({ title }) => title.length)) - GAP
  const widthOf = await measure()
  const painted = await painter(style)
  const lines = said.flatMap(({ title, value, paint, whole }) => {
    const text = whole ? value : wrapped(value, Math.max(room, NARROWEST), widthOf).join('\n')
    return (whole ? text : painted(text, paint)).split('\n').map((line, i) => [i === 0 ? title : '', line])
  })
  return (await padded(lines)).map((cells) => joined(cells, null)).join('\n')
}

/** In less there is nothing to be read: rather the terminal breaks the lines. */
const NARROWEST = 10

/** Stands between drawn cells. They cannot hold it, as what is in them is escaped. */
const BETWEEN = '\t'

const NO_BORDERS = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'])
    .map((name) => [name, '']),
)

/** Lines of cells that are as wide as their column. No cell has a newline in it: on those cli-table3 takes quadratic time. */
async function padded(lines: readonly (readonly string[])[]): Promise<string[][]> {
  const { default: Table } = await import('cli-table3')
  const grid = new Table({
    chars: { ...NO_BORDERS, middle: BETWEEN },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  })
  grid.push(...lines.map((line) => [...line]))
  return grid
    .toString()
    .split('\n')
    .map((line) => line.split(BETWEEN))
}

/**
 * Terminals disagree about the width of emoji and of some letters. Behind what is not ASCII a cell begins with a move to its
 * column, for those that take it: so it stands straight whatever the terminal thinks.
 * @param starts at which column each cell begins, the first being 0; null: no moves
 */
function joined(cells: readonly string[], starts: readonly number[] | null): string {
  const said = cells.slice(0, cells.findLastIndex((cell) => cell.trim() !== '') + 1)
  const first = said.findIndex((cell) => !/^\p{ASCII}*$/u.test(cell))
  const isAstray = (i: number): boolean => first !== -1 && i > first
  return said
    .map((cell, i) => (starts !== null && isAstray(i) ? `\u001b[${(starts[i] ?? 0) + 1}G${cell}` : cell))
    .join(' '.repeat(GAP))
    .trimEnd()
}
