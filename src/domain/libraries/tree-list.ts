/** What an archive unpacks to, as one text: its SHA-256 stands for all of it. */
import { createHash } from 'node:crypto'
import { parseJson } from '../json.ts'

export type TreeEntry = TreeFile | TreeLink

export interface TreeFile {
  readonly path: string
  readonly sha256: string
  readonly isExecutable: boolean
}

/** A symbolic link. */
export interface TreeLink {
  readonly path: string
  readonly target: string
}

/** A line per entry, sorted by path. */
export function formatTree(entries: readonly TreeEntry[]): string {
  return entries
    .toSorted((one, other) => (one.path < other.path ? -1 : 1))
    .map((entry) => `${JSON.stringify(fieldsOf(entry))}\n`)
    .join('')
}

/** Reads a text of `formatTree` with this SHA-256; undefined for any other. */
export function parseTree(text: string, sha256: string): readonly TreeEntry[] | undefined {
  if (digestOfTree(text) !== sha256) return undefined
  return text.split('\n').slice(0, -1).map(parseEntry)
}

export function digestOfTree(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function fieldsOf(entry: TreeEntry): readonly string[] {
  if ('target' in entry) return ['link', entry.path, entry.target]
  return [entry.isExecutable ? 'program' : 'file', entry.path, entry.sha256]
}

function parseEntry(line: string): TreeEntry {
  const [kind, path = '', value = ''] = parseJson(line) as readonly string[]
  if (kind === 'link') return { path, target: value }
  return { path, sha256: value, isExecutable: kind === 'program' }
}
