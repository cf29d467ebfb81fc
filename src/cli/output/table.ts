/** Tables for people: framed on a terminal, else columns padded with blanks. */
import CliTable from 'cli-table3'
import { fitColumns } from './fit-columns.ts'
import { shorten } from './printable.ts'
import type { Terminal } from './terminal.ts'

export interface TableOptions {
  readonly heads: readonly string[]
  /** Texts, a list per row; each becomes one line. */
  readonly rows: readonly (readonly string[])[]
  /** Which columns have numbers. Default none. */
  readonly isRight?: (head: string) => boolean
  /** Colours the text of a cell. */
  readonly paint?: (text: string, row: number, column: number) => string
  /** Default: on a terminal. */
  readonly isFramed?: boolean
}

export type TableLook = Pick<Terminal, 'isInteractive' | 'colours' | 'columns'>

const borders =
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle'
const borderless = {
  chars: Object.fromEntries(borders.split(' ').map((name) => [name, ''])),
  style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
}
const framed = { style: { head: [], border: [] } }

/** The lines of a table that fits the terminal: its widest columns are cut, with `…`. */
export function tableLines(
  { heads, rows, isRight = () => false, paint = (text) => text, ...options }: TableOptions,
  { isInteractive, colours, columns }: TableLook,
): readonly string[] {
  const { isFramed = isInteractive } = options
  const table = new CliTable({
    head: heads.map((head) => colours.bold(head)),
    colAligns: heads.map((head) => (isRight(head) ? 'right' : 'left')),
    ...(isFramed ? framed : borderless),
  })
  const gaps = isFramed ? heads.length * 3 + 1 : (heads.length - 1) * 2
  const room = columns - gaps
  const widths = fitColumns(widthsOf(heads, rows), room)
  for (const [index, row] of rows.entries())
    table.push(row.map((text, column) => paint(shorten(text, widths[column] ?? 0), index, column)))
  return withoutRules(table.toString().split('\n')).map((line) => line.trimEnd())
}

function widthsOf(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): readonly number[] {
  const longest = heads.map((head) => head.length)
  for (const row of rows)
    for (const [column, text] of row.entries())
      longest[column] = Math.max(longest[column] ?? 0, Array.from(text).length)
  return longest
}

/** Without the rules between the rows, but for the one below the heads. */
function withoutRules(lines: readonly string[]): readonly string[] {
  const headLine = lines.findIndex((line) => line.startsWith('├'))
  return lines.filter((line, index) => !line.startsWith('├') || index === headLine)
}
