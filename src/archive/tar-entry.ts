/** Makes an entry from a header and the extended headers before it. */
import { decodeName } from './archive-names.ts'
import { readPaxRecords } from './pax-records.ts'
import type { TarHeader } from './tar-header.ts'

export type TarEntryKind = 'file' | 'folder' | 'symbolic link' | 'hard link' | 'device'

export interface TarEntry {
  /** As in the archive, not checked; see `archive-names.ts` for other encodings than UTF-8. */
  readonly path: string
  readonly kind: TarEntryKind
  readonly mode: number
  /** Size of a file with its holes; 0 for other entries. */
  readonly sizeBytes: number
  /** Target of a link. */
  readonly target: string
}

/** Records of extended headers, for one entry or for all that follow. */
export interface PaxValues {
  readonly values: ReadonlyMap<string, Buffer>
  /** Values of `GNU.sparse.offset` and `GNU.sparse.numbytes`, alternating. */
  readonly sparsePairs: readonly string[]
}

export const noValues: PaxValues = { values: new Map(), sparsePairs: [] }

const kinds: Readonly<Record<string, TarEntryKind>> = {
  '0': 'file',
  '1': 'hard link',
  '2': 'symbolic link',
  '3': 'device',
  '4': 'device',
  '5': 'folder',
  '6': 'device',
  '7': 'file',
  // A folder in an incremental dump of GNU tar; its content is a list of names.
  D: 'folder',
  S: 'file',
}
const kept = /^(?:path|linkpath|size|GNU\.sparse\..*)$/
/** Keywords for sparse files of other programs, and for parts of files. */
const unreadable =
  /^(?:SUN\.holesdata|SCHILY\.(?:realsize|offset)|GNU\.volume\.(?:filename|offset|size))$/

/** Adds the records of an extended header. An empty value removes an earlier one. */
export function addRecords(before: PaxValues, body: Buffer): PaxValues {
  const values = new Map(before.values)
  const sparsePairs: string[] = []
  for (const [keyword, value] of readPaxRecords(body)) {
    if (keyword === 'GNU.sparse.offset' || keyword === 'GNU.sparse.numbytes') {
      const isOffset = keyword === 'GNU.sparse.offset'
      if (isOffset !== (sparsePairs.length % 2 === 0))
        throw new Error('a sparse file with a damaged map')
      sparsePairs.push(value.toString('latin1'))
    } else if (value.length === 0) values.delete(keyword)
    else if (kept.test(keyword) || unreadable.test(keyword)) values.set(keyword, value)
  }
  return { values, sparsePairs: sparsePairs.length > 0 ? sparsePairs : before.sparsePairs }
}

/**
 * Makes the entry of a header; `storedBytes` of content follow it in the archive. The size of a
 * sparse file is not known yet. Throws for unknown types and for parts of files.
 */
export function toTarEntry(
  header: TarHeader,
  { values }: PaxValues,
): TarEntry & { readonly storedBytes: number } {
  const text = (keyword: string, otherwise: string): string => {
    const value = values.get(keyword)
    return value === undefined ? otherwise : decodeName(value)
  }
  const path = text('GNU.sparse.name', text('path', header.name))
  const foreign = [...values.keys()].find((keyword) => unreadable.test(keyword))
  const stated = kinds[header.typeFlag]
  if (header.typeFlag === 'M' || foreign?.startsWith('GNU.volume') === true)
    throw new Error(`a part of a file, the rest of which is in another volume: ${path}`)
  if (foreign !== undefined || stated === undefined)
    throw new Error(
      `an entry that cannot be unpacked (${foreign ?? `type ${header.typeFlag}`}): ${path}`,
    )
  if (path === '') throw new Error('an entry without a name')
  const size = values.get('size')
  const sizeBytes = size === undefined ? header.sizeBytes : toSize(size.toString('latin1'))
  if (!(Number.isSafeInteger(sizeBytes) && sizeBytes >= 0))
    throw new Error(`a size that cannot be read: ${path}`)
  // In very old archives, a folder is a file whose name ends with a slash.
  const kind = stated === 'file' && path.endsWith('/') ? 'folder' : stated
  if (kind !== stated && sizeBytes > 0) throw new Error(`a folder with content: ${path}`)
  return {
    path,
    kind,
    mode: header.mode & 0o7777,
    sizeBytes: kind === 'file' ? sizeBytes : 0,
    target: text('linkpath', header.linkName),
    // Other types have no content, also if their size field is not 0.
    storedBytes: kind === 'file' || header.typeFlag === 'D' ? sizeBytes : 0,
  }
}

function toSize(text: string): number {
  return /^\d{1,16}$/.test(text) ? Number(text) : NaN
}
