import { cut, type WidthOf } from './cells.ts'

/** A column with its cells, of which the first is the title. */
export interface Filled {
  readonly cells: readonly string[]
  /** Of the columns that are left, the one with the highest goes first. */
  readonly rank: number
  /** To how many cells it may be cut; without it, it is whole or gone. */
  readonly least?: number
}

/** How many cells there are between two columns. */
export const GAP = 2

type Sized<Column> = Column & {
  readonly width: number
  readonly narrowest: number
}

/**
 * What of a table fits a line of that many cells. Long cells are cut before whole columns go, but for the empty ones,
 * and the last column stays in any case.
 */
export function fitted<Column extends Filled>(
  columns: readonly Column[],
  room: number,
  widthOf: WidthOf,
): Sized<Column>[] {
  const chosen = choose(
    columns.map((column) => sized(column, widthOf)),
    room,
  )
  return narrow(chosen, room).map((column) => {
    const cells = column.cells.map((cell) => cut(cell, column.width, widthOf))
    // Between two wide characters a cut leaves a cell over.
    return sized({ ...column, cells }, widthOf)
  })
}

function sized<Column extends Filled>(column: Column, widthOf: WidthOf): Sized<Column> {
  const widths = column.cells.map(widthOf)
  const width = Math.max(...widths)
  return { ...column, width, narrowest: Math.min(width, Math.max(column.least ?? width, widths[0] ?? 0)) }
}

function choose<Column extends Filled>(columns: Sized<Column>[], room: number): Sized<Column>[] {
  if (columns.length === 1 || widthOfAll(columns, ({ width }) => width) <= room) return columns
  const empty = columns.filter(({ cells: [, ...cells] }) => cells.every((cell) => cell === ''))
  if (empty.length === 0 && widthOfAll(columns, ({ narrowest }) => narrowest) <= room) return columns
  const victim = byRank(empty.length > 0 ? empty : columns)[0]
  return choose(
    columns.filter((column) => column !== victim),
    room,
  )
}

/** No more than needed, the least important one first. One that is alone must do with what there is. */
function narrow<Column extends Filled>(columns: readonly Sized<Column>[], room: number): Sized<Column>[] {
  const widths = new Map(columns.map((column) => [column, column.width]))
  let excess = widthOfAll(columns, ({ width }) => width) - room
  for (const column of byRank(columns)) {
    const isAlone = columns.length === 1 && column.least !== undefined
    const width = Math.min(column.width, Math.max(column.width - excess, isAlone ? 1 : column.narrowest))
    excess -= column.width - width
    widths.set(column, width)
  }
  return columns.map((column) => ({ ...column, width: widths.get(column) ?? column.width }))
}

const byRank = <Column extends Filled>(columns: readonly Column[]): Column[] =>
  columns.toSorted((a, b) => b.rank - a.rank)

const widthOfAll = <Column>(columns: readonly Column[], width: (column: Column) => number): number =>
  columns.reduce((sum, column) => sum + GAP + width(column), -GAP)
