/** Tables for people: framed on a terminal, else columns padded with blanks. */
import CliTable from 'cli-table3'
import type { Table } from 'cli-table3'
import type { Terminal } from './terminal.ts'

const borders =
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle'
const borderless = {
  chars: Object.fromEntries(borders.split(' ').map((name) => [name, ''])),
  style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
}
const framed = { style: { head: [], border: [] } }

/** An empty table. `isRight` says which columns have numbers. */
export function createTable(
  heads: readonly string[],
  { isInteractive, colours }: Pick<Terminal, 'isInteractive' | 'colours'>,
  isRight: (head: string) => boolean = () => false,
): Table {
  return new CliTable({
    head: heads.map((head) => colours.bold(head)),
    colAligns: heads.map((head) => (isRight(head) ? 'right' : 'left')),
    ...(isInteractive ? framed : borderless),
  })
}

/** The lines of a table, without blanks at their ends. */
export function tableLines(table: Table): readonly string[] {
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
}
