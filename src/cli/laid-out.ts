import type { Style } from './output.ts'
import { type Column, table } from './table.ts'

export async function laidOut<Row>(
  style: Style,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Promise<{ header: string; lines: string[] }> {
  const [header = '', ...lines] = (await table(style, columns, rows)).split('\n')
  return { header, lines }
}
