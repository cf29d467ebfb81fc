/** Library sets for people: a table per set. */
import Table from 'cli-table3'
import type { LibsReport, ReportedLibrary, ReportedSet } from './libs-report.ts'
import { count, formatBytes, printable } from '../output/printable.ts'
import { borderless } from '../report/results-table.ts'
import type { Terminal } from '../output/terminal.ts'

type Look = Pick<Terminal, 'isInteractive' | 'colours'>

const digestLength = 12
const maxNamedHosts = 4

export function libsTable({ sets }: LibsReport, look: Look): string {
  if (sets.length === 0) return 'no libraries'
  return sets.map((set) => setText(set, look)).join('\n\n')
}

function setText({ id, isCurrent, libraries }: ReportedSet, { isInteractive, colours }: Look) {
  const table = new Table({
    head: ['library', 'kind', 'size', 'sha256', 'held by'].map((head) => colours.bold(head)),
    colAligns: ['left', 'left', 'right', 'left', 'left'],
    ...(isInteractive ? { style: { head: [], border: [] } } : borderless),
  })
  for (const library of libraries) table.push([...cellsOf(library)])
  const bytes = libraries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const use = isCurrent ? 'current' : 'of tasks submitted before'
  const what = `${count(libraries.length, 'library', 'libraries')}, ${formatBytes(bytes)}`
  const lines = table.toString().split('\n')
  return [`set ${id.slice(0, digestLength)}, ${use}: ${what}`, ...lines]
    .map((line) => line.trimEnd())
    .join('\n')
}

function cellsOf({ name, kind, sizeBytes, sha256, hosts }: ReportedLibrary): readonly string[] {
  const named = hosts.slice(0, maxNamedHosts).map(printable)
  const others = hosts.length - named.length
  const more = others > 0 ? [`and ${others} more`] : []
  const held = hosts.length === 0 ? 'nobody yet' : [...named, ...more].join(', ')
  return [printable(name), kind, formatBytes(sizeBytes), sha256.slice(0, digestLength), held]
}
