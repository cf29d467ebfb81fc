/** A table per library set. */
import type { LibsReport, ReportedLibrary, ReportedSet } from './libs-report.ts'
import { count, formatBytes, printable } from '../output/printable.ts'
import { tableLines } from '../output/table.ts'
import type { TableLook } from '../output/table.ts'

const heads = ['library', 'kind', 'size', 'sha256', 'held by']
const digestLength = 12
const maxNamedHosts = 4

export function libsTable({ sets }: LibsReport, look: TableLook): string {
  if (sets.length === 0) return 'no libraries'
  return sets.map((set) => setText(set, look)).join('\n\n')
}

function setText({ id, isCurrent, libraries }: ReportedSet, look: TableLook): string {
  const rows = libraries.map(cellsOf)
  const lines = tableLines({ heads, rows, isRight: (head) => head === 'size' }, look)
  const bytes = libraries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const use = isCurrent ? 'current' : 'of earlier tasks'
  const sum = `${count(libraries.length, 'library', 'libraries')}, ${formatBytes(bytes)}`
  return [`set ${id.slice(0, digestLength)}, ${use}: ${sum}`, ...lines].join('\n')
}

function cellsOf({ name, kind, sizeBytes, sha256, hosts }: ReportedLibrary): readonly string[] {
  const named = hosts.slice(0, maxNamedHosts).map(printable)
  const others = hosts.length - named.length
  const more = others > 0 ? [`and ${others} more`] : []
  const held = hosts.length === 0 ? 'no host yet' : [...named, ...more].join(', ')
  return [printable(name), kind, formatBytes(sizeBytes), sha256.slice(0, digestLength), held]
}
