/** What a journal on disk consists of, found out from file names, two headers and the tail of the last segment. */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { notFound, readFailure } from './file-errors.ts'
import { isEntry } from './journal.ts'
import { isWholeLine, maxLineBytes } from './line.ts'
import { readLines } from './read-lines.ts'
import { readRecords } from './read-records.ts'
import type { Source } from './read-records.ts'
import { peekSeq } from './record.ts'
import type { JournalHeader } from './record.ts'
import { assertContinues, listSegments, readHeader } from './segments.ts'
import type { Segment } from './segments.ts'

/** What a write left behind that was never finished: nothing in it was acknowledged. */
export interface TornTail {
  readonly file: string
  /** Where it begins. 0: the segment has not even a header. */
  readonly byte: number
  readonly cutBytes: number
}

export interface Survey {
  /** Of the first segment. */
  readonly header: JournalHeader
  readonly sources: readonly [Source, ...Source[]]
  /** Seq of the last whole entry; `header.firstSeq - 1` when there is none. */
  readonly lastSeq: number
  readonly torn: TornTail | undefined
}

const firstWindowBytes = 64 * 1024
const lastWindowBytes = 4 * maxLineBytes

/** Throws JOURNAL_NOT_FOUND, JOURNAL_UNREADABLE, JOURNAL_CORRUPT, JOURNAL_UNSUPPORTED. */
export function surveyJournal(path: string): Survey {
  const survey = isFolder(path) ? surveyFolder(path) : surveyFile(path)
  if (survey === undefined) throw notFound(path)
  return survey
}

/** The same for a folder; undefined when it has no segment. */
export function surveyFolder(folder: string): Survey | undefined {
  const segments = listSegments(folder)
  const last = segments.at(-1)
  const headless = segments.length > 1 && last !== undefined ? tornHeader(last.file) : undefined
  return surveySegments(headless === undefined ? segments : segments.slice(0, -1), headless)
}

export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch (error) {
    throw readFailure(path, error)
  }
}

function surveyFile(file: string): Survey | undefined {
  return surveySegments([{ file, firstSeq: readHeader(file).firstSeq }], undefined)
}

function surveySegments(
  segments: readonly Segment[],
  headless: TornTail | undefined,
): Survey | undefined {
  const [first, ...others] = segments
  if (first === undefined) return undefined
  const last = others.at(-1) ?? first
  const header = readHeader(first.file, first.firstSeq)
  assertContinues(header, readHeader(last.file, last.firstSeq), last.file, last.firstSeq)
  const { lastSeq, end, torn } = readTail(header, last, headless === undefined)
  const sourceOf = (segment: Segment) => ({ ...segment, end: segment === last ? end : Infinity })
  const sources = [sourceOf(first), ...others.map(sourceOf)] as const
  return { header, sources, lastSeq, torn: headless ?? torn }
}

/** Throws JOURNAL_CORRUPT when what is broken at the end cannot be one write that was not finished. */
function readTail(header: JournalHeader, segment: Segment, mayBeTorn: boolean) {
  const { file, firstSeq } = segment
  const { size, end = 0, lastSeq = firstSeq - 1, isDamaged } = findTail(file)
  const cutBytes = size - end
  if (isDamaged || cutBytes > maxLineBytes + 1 || (cutBytes > 0 && !mayBeTorn)) {
    return { end: size, lastSeq: lastSeqOf(header, segment), torn: undefined }
  }
  return { end, lastSeq, torn: cutBytes > 0 ? { file, byte: end, cutBytes } : undefined }
}

/** Read from its beginning, a segment tells which line is broken. */
function lastSeqOf(header: JournalHeader, { file, firstSeq }: Segment): number {
  let lastSeq = firstSeq - 1
  for (const record of readRecords(header, [{ file, firstSeq, end: Infinity }], firstSeq)) {
    if (isEntry(record)) lastSeq = record.seq
  }
  return lastSeq
}

interface Found {
  /** Offset behind the last whole line. */
  readonly end?: number
  readonly lastSeq?: number
  /** Before that line, one is broken or out of order. */
  readonly isDamaged: boolean
}

/** Looks at the end of a file, and further back until an entry is found. */
function findTail(file: string): Found & { readonly size: number } {
  try {
    const descriptor = openSync(file, 'r')
    try {
      const { size } = fstatSync(descriptor)
      for (let windowBytes = firstWindowBytes; ; windowBytes *= 2) {
        const start = Math.max(0, size - windowBytes)
        const bytes = Buffer.allocUnsafe(size - start)
        const count = readSync(descriptor, bytes, 0, bytes.length, start)
        const found = lookThrough(bytes.subarray(0, count), start)
        if (found.lastSeq !== undefined || start === 0) return { ...found, size: start + count }
        if (windowBytes >= lastWindowBytes) return { isDamaged: true, size: start + count }
      }
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    throw readFailure(file, error)
  }
}

function lookThrough(bytes: Buffer, start: number): Found {
  let end: number | undefined
  let lastSeq: number | undefined
  let following: number | undefined
  let isDamaged = false
  let stop = bytes.lastIndexOf(10)
  while (stop !== -1) {
    const before = stop === 0 ? -1 : bytes.lastIndexOf(10, stop - 1)
    // The first line of the window may have begun before it.
    if (before === -1 && start > 0) break
    const line = bytes.subarray(before + 1, stop)
    if (isWholeLine(line)) {
      end ??= start + stop + 1
      const seq = peekSeq(line)
      isDamaged ||= seq !== undefined && following !== undefined && seq !== following - 1
      following = seq ?? following
      lastSeq ??= seq
    } else {
      isDamaged ||= end !== undefined
    }
    stop = before
  }
  return {
    isDamaged,
    ...(end === undefined ? {} : { end }),
    ...(lastSeq === undefined ? {} : { lastSeq }),
  }
}

/** A last segment that holds no whole line at all, and is small enough to be a write that was not finished. */
function tornHeader(file: string): TornTail | undefined {
  let cutBytes = 0
  for (const { bytes, byte, ended } of readLines(file)) {
    if (ended && isWholeLine(bytes)) return undefined
    cutBytes = byte + bytes.length + (ended ? 1 : 0)
  }
  return cutBytes > maxLineBytes ? undefined : { file, byte: 0, cutBytes }
}
