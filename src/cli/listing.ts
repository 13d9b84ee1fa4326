import type { System } from '../system.ts'
import { escapedLines, safeJson } from './escape.ts'
import { FINDINGS } from './exit-codes.ts'
import { printAnswer, printNotes, type Style } from './output.ts'
import { Progress } from './progress.ts'
import { type Column, header, line, MOST_ROWS, table } from './table.ts'

/** What a list gives back: rows that are printed as they come, however many there are. */
export interface Listing<Row> {
  readonly rows: AsyncIterable<Row> | Iterable<Row>
  readonly json: (row: Row) => unknown
  readonly columns: readonly Column<Row>[]
  /** Under `--json-lines`: an object a line. */
  readonly jsonLines: boolean
  /** Whether a single row is a finding, and the exit code says so. */
  readonly failIfAny: boolean
}

/** How many rows there is a use for: on a terminal one more than a table has, to know that it was cut. */
export const rowsWanted = (style: Style, limit: number | null, json: boolean): number | null =>
  style.forPeople && !json ? Math.min(limit ?? Infinity, MOST_ROWS + 1) : limit

/** Characters to write at a time: each write waits for the reader, and where it is a file, for the disk. */
const CHUNK = 256 * 1024

/** Rows after which the clock is looked at. */
const LOOK = 64

/** @returns the exit code */
export async function printListing<Row>(
  system: System,
  listing: Listing<Row>,
  style: Style,
  json: boolean,
): Promise<number> {
  const seen = { any: false }
  const progress = new Progress(system, 'rows', LOOK)
  const watched = { ...listing, rows: eachOf(listing.rows, seen, progress) }
  try {
    const isWhole = await printRows(system, watched, style, json)
    if (isWhole) await progress.end()
  } finally {
    await progress.clear()
  }
  return listing.failIfAny && seen.any ? FINDINGS : 0
}

/** @returns whether all of it was wanted */
async function printRows<Row>(
  system: System,
  listing: Listing<Row>,
  style: Style,
  json: boolean,
): Promise<boolean> {
  if (listing.jsonLines) return printPieces(system, jsonLines(listing))
  if (json) return printPieces(system, jsonArray(listing))
  if (!style.forPeople) return printPieces(system, tabbed(listing, style))
  await printTable(system, listing, style)
  return true
}

async function* eachOf<Row>(
  rows: Listing<Row>['rows'],
  seen: { any: boolean },
  progress: Progress,
): AsyncGenerator<Row> {
  for await (const row of rows) {
    seen.any = true
    if (progress.add()) await progress.show()
    yield row
  }
}

/** Just as `safeJson` prints an array of them. */
async function* jsonArray<Row>({ rows, json }: Listing<Row>): AsyncGenerator<string> {
  let end = '[]\n'
  for await (const row of rows) {
    yield (end === '[]\n' ? '[\n  ' : ',\n  ') + safeJson(json(row)).replaceAll('\n', '\n  ')
    end = '\n]\n'
  }
  yield end
}

async function* jsonLines<Row>({ rows, json }: Listing<Row>): AsyncGenerator<string> {
  for await (const row of rows) yield `${safeJson(json(row), 0)}\n`
}

async function* tabbed<Row>({ rows, columns }: Listing<Row>, style: Style): AsyncGenerator<string> {
  yield `${header(columns)}\n`
  for await (const row of rows) yield `${line(style, columns, row)}\n`
}

/** A reader that has had enough ends it, and with it the reading of the rows. @returns whether it had not */
async function printPieces(system: System, pieces: AsyncIterable<string>): Promise<boolean> {
  let text = ''
  for await (const piece of pieces) {
    text += piece
    if (text.length < CHUNK) continue
    if (!(await printAnswer(system, text))) return false
    text = ''
  }
  return text === '' || printAnswer(system, text)
}

/** Of rows that are no more than `rowsWanted` of them. */
async function printTable<Row>(system: System, { rows, columns }: Listing<Row>, style: Style): Promise<void> {
  const wanted: Row[] = []
  for await (const row of rows) wanted.push(row)
  await printAnswer(system, `${escapedLines(await table(style, columns, wanted))}\n`)
  if (wanted.length > MOST_ROWS) {
    await printNotes(system, [
      `only the first ${MOST_ROWS} are shown: --json or a pipe gives all, a filter fewer`,
    ])
  }
}
