/** Surveys a journal on disk by file names, headers and the tail of the last segment. */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { timeProblem } from '../entry-times.ts'
import { corrupt, lostEntries, notFound, readFailure } from './file-errors.ts'
import { isEntry } from '../journal.ts'
import { batchEndOf, crcOf, isWholeLine, maxLineBytes, parseCrc, sealBatch } from './line.ts'
import { readRecords } from './read-records.ts'
import type { Source } from './read-records.ts'
import { openLink, parseLink, parseRecord, peekSeq } from './record.ts'
import type { JournalHeader } from './record.ts'
import { assertContinues, listSegments, readHeader } from './segments.ts'
import type { Segment } from './segments.ts'
import { listSnapshots } from './snapshot-store.ts'

/**
 * The beginning of a batch without its end, left by an interrupted write: nothing in it was
 * acknowledged.
 */
export interface TornTail {
  readonly file: string
  /** Where it begins. */
  readonly byte: number
  readonly cutBytes: number
}

export interface Survey {
  /** Of the first segment. */
  readonly header: JournalHeader
  readonly sources: readonly [Source, ...Source[]]
  /** Seq of the last entry whose batch is whole; `header.firstSeq - 1` when there is none. */
  readonly lastSeq: number
  /** Time of that entry, or of the start of the journal. */
  readonly lastNow: number
  /** The `crc` that the next line continues. */
  readonly chain: number
  readonly torn: TornTail | undefined
  /** A segment before an empty one, without its link yet. */
  readonly unlinked: UnlinkedSegment | undefined
}

export interface UnlinkedSegment {
  readonly file: string
  /** Offset for its link; bytes there are a part of the link. */
  readonly end: number
  readonly link: string
}

const firstWindowBytes = 64 * 1024
const lastWindowBytes = 4 * maxLineBytes

/** Throws JOURNAL_NOT_FOUND, JOURNAL_UNREADABLE, JOURNAL_CORRUPT, JOURNAL_UNSUPPORTED. */
export function surveyJournal(path: string): Survey {
  const survey = isFolder(path) ? surveyFolder(path) : surveyFile(path)
  if (survey === undefined) throw notFound(path)
  return survey
}

/**
 * The same for a folder; undefined when it has no segment. A snapshot of an entry that is not there means that the end of
 * the journal is lost, and so does a segment that names a next one.
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
      // A writer has started a segment meanwhile.
      if (isDeepStrictEqual(listSegments(folder), segments)) throw error
    }
  }
}

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
  const last = others.at(-1) ?? first
  const header = readHeader(first.file, first.firstSeq)
  const { size, end, lastSeq, lastNow, chain, link } = readTail(header, last)
  if (isWholeJournal && link !== undefined) {
    throw corrupt(
      { file: last.file, line: 0, seq: link, byte: end },
      'is followed by a file that is missing',
    )
  }
  const before =
    lastSeq < last.firstSeq ? (others.at(-2) ?? (others.length > 0 ? first : undefined)) : undefined
  const tail = before === undefined ? undefined : readTail(header, before)
  const unlinked =
    before === undefined || tail === undefined ? undefined : unlinkedEnd(before, tail, last)
  const endOf = ({ file }: Segment) =>
    file === last.file ? end : file === unlinked?.file ? unlinked.end : Infinity
  const sourceOf = (segment: Segment) => ({ ...segment, end: endOf(segment) })
  return {
    header,
    sources: [sourceOf(first), ...others.map(sourceOf)],
    lastSeq,
    // After a change of segments, the last entry is in the previous segment.
    lastNow: lastNow ?? tail?.lastNow ?? header.createdAt,
    chain,
    torn: size > end ? { file: last.file, byte: end, cutBytes: size - end } : undefined,
    unlinked,
  }
}

/**
 * A segment is created before the previous one links to it: a crash between the two is not damage.
 */
function unlinkedEnd(
  segment: Segment,
  { size, end, lastSeq, chain, link, rest }: Tail,
  next: Segment,
): UnlinkedSegment | undefined {
  if (link !== undefined) return undefined
  const expected = sealBatch([openLink(next.firstSeq)], chain).text
  if (lastSeq + 1 === next.firstSeq && expected.startsWith(rest)) {
    return { file: segment.file, end, link: expected }
  }
  throw corrupt(
    { file: segment.file, line: 0, seq: lastSeq + 1, byte: end },
    `ends in ${size - end} bytes that are no link to the next file`,
  )
}

interface Tail {
  readonly size: number
  /** Offset after the last line that ends a batch, or after the header. */
  readonly end: number
  /** The bytes after it, if they are few. */
  readonly rest: string
  readonly lastSeq: number
  /** Undefined while there is no entry. */
  readonly lastNow: number | undefined
  readonly chain: number
  /** First seq of the next segment; undefined if this one has no link. */
  readonly link: number | undefined
}

/** Throws JOURNAL_CORRUPT if the end is neither complete nor the beginning of one batch. */
function readTail(first: JournalHeader, { file, firstSeq }: Segment): Tail {
  const header = readHeader(file, firstSeq)
  assertContinues(first, header, file, firstSeq)
  const tail = findTail(file, header)
  if (tail !== undefined) return tail
  // Reading the segment from its start finds the broken line.
  let seq = firstSeq
  for (const record of readRecords(header, [{ file, firstSeq, end: Infinity }], firstSeq)) {
    if (isEntry(record)) seq = record.seq + 1
  }
  throw corrupt({ file, line: 0, seq, byte: 0 }, 'has no end that could be a batch')
}

/**
 * Reads the end of a file, and further back until it finds a batch and an entry. Undefined if it is
 * damaged.
 */
function findTail(file: string, header: JournalHeader): Tail | undefined {
  try {
    const descriptor = openSync(file, 'r')
    try {
      const { size } = fstatSync(descriptor)
      for (let windowBytes = firstWindowBytes; ; windowBytes *= 2) {
        const start = Math.max(0, size - windowBytes)
        const bytes = Buffer.allocUnsafe(size - start)
        const count = readSync(descriptor, bytes, 0, bytes.length, start)
        const found = lookThrough(bytes.subarray(0, count), start, header)
        if (found !== 'more') return found
        if (windowBytes >= lastWindowBytes) return undefined
      }
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    throw readFailure(file, error)
  }
}

/**
 * Finds the tail in the last bytes of a file, from offset `start`. Undefined if a line in them is
 * broken.
 */
function lookThrough(
  bytes: Buffer,
  start: number,
  header: JournalHeader,
): Tail | 'more' | undefined {
  // The first line of the window has begun before it, or is the header.
  let at = bytes.indexOf(10) + 1
  let previous =
    start === 0 ? parseCrc(header.chain) : crcOf(bytes.subarray(0, Math.max(0, at - 1)))
  let end = start === 0 ? at : undefined
  let chain = previous
  let seq = start === 0 ? header.firstSeq - 1 : undefined
  let lastSeq = seq
  let entry: Buffer | undefined
  let lastEntry: Buffer | undefined
  let link: number | undefined
  for (let stop = bytes.indexOf(10, at); stop !== -1; stop = bytes.indexOf(10, at)) {
    const line = bytes.subarray(at, stop)
    if (previous === undefined) return 'more'
    if (link !== undefined || !isWholeLine(line, previous)) return undefined
    previous = crcOf(line)
    const found = peekSeq(line)
    if (found !== undefined) {
      seq = found
      entry = line
    }
    at = stop + 1
    if (batchEndOf(line) === undefined) continue
    end = start + at
    chain = previous
    lastSeq = seq
    lastEntry = entry
    link = parseLink(line)
  }
  if (end === undefined || chain === undefined || lastSeq === undefined) return 'more'
  const size = start + bytes.length
  if (size - end > maxLineBytes || !isBeginning(bytes.subarray(at), previous)) return undefined
  const rest = size - end > maxRestBytes ? '' : bytes.toString('latin1', end - start)
  const lastNow = lastEntry === undefined ? undefined : timeOf(lastEntry)
  if (lastNow !== undefined && timeProblem(lastNow) !== undefined) return undefined
  return { size, end, rest, lastSeq, lastNow, chain, link }
}

function timeOf(line: Buffer): number {
  const record = parseRecord(line)
  return record !== undefined && isEntry(record) ? record.now : Number.NaN
}

const lineStarts = ['{"seq":', '{"after":', '{"next":']

/** Longer than any link. */
const maxRestBytes = 200

/**
 * Whether bytes without a newline can be the beginning of a line, with all of it but the newline at most. Damage of a line
 * that was whole would show in them, or behind it.
 */
function isBeginning(bytes: Buffer, previous = 0): boolean {
  const start = bytes.toString('latin1', 0, 9)
  if (!lineStarts.some((text) => text.startsWith(start) || start.startsWith(text))) return false
  if (bytes.some((byte) => byte < 0x20)) return false
  const ending = bytes.toString('latin1', Math.max(0, bytes.length - 128))
  if (/,"end":\d+,"crc":"[\da-f]{8}"\}./s.test(ending)) return false
  for (let behind = 1; behind <= 64 && behind < bytes.length; behind++) {
    if (isWholeLine(bytes.subarray(0, bytes.length - behind), previous)) return false
  }
  return true
}
