/** Surveys a journal on disk by file names, headers and the tail of the last segment. */
import { statSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { corrupt, lostEntries, notFound, readFailure } from './file-errors.ts'
import { sealBatch } from './line.ts'
import type { Source } from './read-records.ts'
import { openLink } from './record.ts'
import type { JournalHeader } from './record.ts'
import { listSegments, readHeader } from './segments.ts'
import type { Segment } from './segments.ts'
import { listSnapshots } from './snapshot-store.ts'
import { readTail } from './tail.ts'
import type { Tail } from './tail.ts'

/** The beginning of a batch that an interrupted write left. Nothing in it was acknowledged. */
export interface TornTail {
  readonly file: string
  /** Offset of its first byte. */
  readonly byte: number
  readonly cutBytes: number
}

export interface Survey {
  /** Of the first segment. */
  readonly header: JournalHeader
  readonly sources: readonly [Source, ...Source[]]
  /** Seq of the last entry whose batch is whole; `header.firstSeq - 1` if there is none. */
  readonly lastSeq: number
  /** Time of that entry, or of the start of the journal. */
  readonly lastNow: number
  /** The `crc` that the next line continues. */
  readonly chain: number
  readonly torn: TornTail | undefined
  /** A segment before an empty one, still without its link. */
  readonly unlinked: UnlinkedSegment | undefined
}

export interface UnlinkedSegment {
  readonly file: string
  /** Offset for its link; bytes there are a part of the link. */
  readonly end: number
  readonly link: string
}

/** Throws JOURNAL_NOT_FOUND, JOURNAL_UNREADABLE, JOURNAL_CORRUPT, JOURNAL_UNSUPPORTED. */
export function surveyJournal(path: string): Survey {
  const survey = isFolder(path) ? surveyFolder(path) : surveyFile(path)
  if (survey === undefined) throw notFound(path)
  return survey
}

/**
 * Surveys a folder; undefined if it has no segment. Throws as `surveyJournal`: JOURNAL_CORRUPT also
 * for lost entries, if a snapshot is of a later entry or the last segment names a next one.
 */
export function surveyFolder(folder: string): Survey | undefined {
  for (;;) {
    // Before the entries are read: a writer may be adding both.
    const [snapshot] = listSnapshots(folder)
    const segments = listSegments(folder)
    try {
      const survey = surveySegments(segments, true)
      const lastSeq = survey?.lastSeq ?? 0
      if (snapshot !== undefined && snapshot.seq > lastSeq) {
        throw lostEntries(snapshot.file, lastSeq, snapshot.seq)
      }
      return survey
    } catch (error) {
      // If a writer has started a segment meanwhile, this is not damage.
      if (isDeepStrictEqual(listSegments(folder), segments)) throw error
    }
  }
}

/** Throws JOURNAL_NOT_FOUND, JOURNAL_UNREADABLE. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch (error) {
    throw readFailure(path, error)
  }
}

function surveyFile(file: string): Survey | undefined {
  return surveySegments([{ file, firstSeq: readHeader(file).firstSeq }], false)
}

function surveySegments(segments: readonly Segment[], isWholeJournal: boolean): Survey | undefined {
  const [first, ...others] = segments
  if (first === undefined) return undefined
  const header = readHeader(first.file, first.firstSeq)
  const last = others.at(-1) ?? first
  const tail = readTail(header, last)
  const { sizeBytes, end, lastSeq, chain } = tail
  if (isWholeJournal) assertLast(last, tail)
  // An empty segment: the last entry, and perhaps the missing link, are in the one before.
  const before = lastSeq < last.firstSeq ? segments.at(-2) : undefined
  const beforeTail = before && readTail(header, before)
  const unlinked = before && beforeTail && unlinkedEnd(before, beforeTail, last)
  const endOf = ({ file }: Segment) =>
    file === last.file ? end : file === unlinked?.file ? unlinked.end : Infinity
  const sourceOf = (segment: Segment) => ({ ...segment, end: endOf(segment) })
  return {
    header,
    sources: [sourceOf(first), ...others.map(sourceOf)],
    lastSeq,
    lastNow: tail.lastNow ?? beforeTail?.lastNow ?? header.createdAt,
    chain,
    torn: sizeBytes > end ? { file: last.file, byte: end, cutBytes: sizeBytes - end } : undefined,
    unlinked,
  }
}

/** The last segment of a whole journal must not name a next one. */
function assertLast({ file }: Segment, { link, end }: Tail): void {
  if (link === undefined) return
  throw corrupt({ file, line: 0, seq: link, byte: end }, 'is followed by a file that is missing')
}

/**
 * A segment is created before the previous one links to it: a crash between the two is not damage.
 */
function unlinkedEnd(
  { file }: Segment,
  { sizeBytes, end, lastSeq, chain, link, rest }: Tail,
  next: Segment,
): UnlinkedSegment | undefined {
  if (link !== undefined) return undefined
  const expected = sealBatch([openLink(next.firstSeq)], chain).text
  if (lastSeq + 1 === next.firstSeq && expected.startsWith(rest))
    return { file, end, link: expected }
  throw corrupt(
    { file, line: 0, seq: lastSeq + 1, byte: end },
    `ends in ${sizeBytes - end} bytes that are no link to the next file`,
  )
}
