import { escaped } from './escape.ts'
import type { Style } from './output.ts'
import { type Paint, painter } from './paint.ts'

export interface Column<Row> {
  readonly title: string
  readonly cell: (row: Row, style: Style) => string
  /** Left out where the terminal is too narrow, the last such column first. */
  readonly spare?: true
  /** Colour for what the cell says already. */
  readonly paint?: Paint
}

/** cli-table3 takes quadratic time: a list for people ends here, and says so. */
export const MOST_ROWS = 200

const NO_BORDERS = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'])
    .map((name) => [name, '']),
)

/** For people an aligned table; in a pipe one header line and tab-separated lines, all of them. */
export async function table<Row>(
  style: Style,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Promise<string> {
  if (!style.forPeople) return [header(columns), ...rows.map((row) => line(style, columns, row))].join('\n')
  const body = rows.slice(0, MOST_ROWS)
  const filled = columns.map(({ title, cell, ...column }) => {
    const cells = body.map((row) => escaped(cell(row, style)))
    return { ...column, cells: [title, ...cells], isEmpty: cells.every((text) => text === '') }
  })
  const painted = await painter(style)
  return aligned(
    linesOf(
      fitting(filled, style.columns).map(({ cells, paint }) => ({
        cells: cells.map((text) => painted(text, paint)),
      })),
    ),
  )
}

/** The header line of a table in a pipe. */
export const header = (columns: readonly Pick<Column<never>, 'title'>[]): string =>
  columns.map(({ title }) => title).join('\t')

/** A row of it. */
export const line = <Row>(style: Style, columns: readonly Column<Row>[], row: Row): string =>
  columns.map(({ cell }) => escaped(cell(row, style))).join('\t')

/** One thing's properties, a line each, from the same kind of columns as a table. People are spared the empty ones. */
export async function properties<Row>(
  style: Style,
  columns: readonly Column<Row>[],
  row: Row,
): Promise<string> {
  const lines = columns.map(({ title, cell, paint }) => ({ title, value: escaped(cell(row, style)), paint }))
  if (!style.forPeople) return lines.map(({ title, value }) => `${title}\t${value}`).join('\n')
  const painted = await painter(style)
  const said = lines.filter(({ value }) => value !== '')
  return aligned(said.map(({ title, value, paint }) => [title, painted(value, paint)]))
}

interface Filled {
  readonly cells: readonly string[]
  readonly isEmpty: boolean
  readonly spare?: true
  readonly paint?: Paint
}

const linesOf = (columns: readonly Pick<Filled, 'cells'>[]): string[][] =>
  (columns[0]?.cells ?? []).map((_, line) => columns.map(({ cells }) => cells[line] ?? ''))

/** The columns that fit the terminal: without the empty ones, and without the spare ones where it is too narrow. */
function fitting(columns: readonly Filled[], width: number): readonly Filled[] {
  const needed = columns.reduce(
    (sum, { cells }) => sum + 2 + Math.max(...cells.map((cell) => cell.length)),
    -2,
  )
  const victim = columns.find(({ isEmpty }) => isEmpty) ?? columns.findLast(({ spare }) => spare)
  if (needed <= width || victim === undefined) return columns
  return fitting(
    columns.filter((column) => column !== victim),
    width,
  )
}

async function aligned(lines: readonly (readonly string[])[]): Promise<string> {
  const { default: Table } = await import('cli-table3')
  const grid = new Table({
    chars: { ...NO_BORDERS, middle: '  ' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  })
  grid.push(...lines.map((line) => [...line]))
  const drawn = grid.toString().split('\n')
  return drawn.map((line) => line.trimEnd()).join('\n')
}
