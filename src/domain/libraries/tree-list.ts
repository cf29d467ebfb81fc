/** What an archive unpacks to, as one text: its SHA-256 stands for all of it. */
import { createHash } from 'node:crypto'
import { parseJson } from '../json.ts'

export type TreeEntry = TreeFile | TreeLink

export interface TreeFile {
  readonly path: string
  readonly sha256: string
  readonly sizeBytes: number
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

/** Bytes of all files. */
export function sizeOfEntries(entries: readonly TreeEntry[]): number {
  return entries.reduce((sum, entry) => sum + ('target' in entry ? 0 : entry.sizeBytes), 0)
}

function fieldsOf(entry: TreeEntry): readonly (string | number)[] {
  if ('target' in entry) return ['link', entry.path, entry.target]
  const { path, sha256, sizeBytes, isExecutable } = entry
  return [isExecutable ? 'program' : 'file', path, sha256, sizeBytes]
}

function parseEntry(line: string): TreeEntry {
  const fields = parseJson(line) as readonly [string, string, string, number?]
  const [kind, path, value, sizeBytes = 0] = fields
  if (kind === 'link') return { path, target: value }
  return { path, sha256: value, sizeBytes, isExecutable: kind === 'program' }
}
