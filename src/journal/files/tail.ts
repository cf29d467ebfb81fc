/** The end of a segment: its last whole batch, found by reading backwards. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { timeProblem } from '../entry-times.ts'
import { isEntry } from '../journal.ts'
import { corrupt, readFailure } from './file-errors.ts'
import { batchEndOf, crcOf, isWholeLine, maxLineBytes, parseCrc } from './line.ts'
import { readRecords } from './read-records.ts'
import { parseLink, parseRecord, peekSeq } from './record.ts'
import type { JournalHeader } from './record.ts'
import { assertContinues, readHeader } from './segments.ts'
import type { Segment } from './segments.ts'

export interface Tail {
  /** Size of the file. */
  readonly sizeBytes: number
  /** Offset after the last line that ends a batch, or after the header. */
  readonly end: number
  /** The bytes after it, if they are few. */
  readonly rest: string
  readonly lastSeq: number
  /** Time of the last entry; undefined while there is none. */
  readonly lastNow: number | undefined
  /** The `crc` of the last line of the last batch. */
  readonly chain: number
  /** First seq of the next segment; undefined if this one has no link. */
  readonly link: number | undefined
}

const firstWindowBytes = 64 * 1024
const lastWindowBytes = 4 * maxLineBytes
/** Longer than any link. */
const maxRestBytes = 200

/**
 * Reads the tail of a segment of the journal that `first` is a header of. Throws JOURNAL_CORRUPT if
 * the end is neither complete nor the beginning of one batch, and what `readHeader` throws.
 */
export function readTail(first: JournalHeader, { file, firstSeq }: Segment): Tail {
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

/** Reads the end of a file, more and more until it finds a batch. Undefined if it is damaged. */
function findTail(file: string, header: JournalHeader): Tail | undefined {
  try {
    const descriptor = openSync(file, 'r')
    try {
      const { size } = fstatSync(descriptor)
      for (let windowBytes = firstWindowBytes; ; windowBytes *= 2) {
        const start = Math.max(0, size - windowBytes)
        const bytes = Buffer.allocUnsafe(size - start)
        const count = readSync(descriptor, bytes, 0, bytes.length, start)
        const found = tailIn(bytes.subarray(0, count), start, header)
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

/** Finds the tail in the last bytes of a file, from offset `start`. Undefined if one is broken. */
function tailIn(bytes: Buffer, start: number, header: JournalHeader): Tail | 'more' | undefined {
  const isWholeFile = start === 0
  // The first line has begun before the window, or is the header.
  const first = bytes.indexOf(10) + 1
  let at = first
  let previous = isWholeFile
    ? parseCrc(header.chain)
    : crcOf(bytes.subarray(0, Math.max(0, at - 1)))
  let end = isWholeFile ? at : undefined
  let chain = previous
  let seq = isWholeFile ? header.firstSeq - 1 : undefined
  let lastSeq = seq
  let entry: Buffer | undefined
  let lastEntry: Buffer | undefined
  let link: number | undefined
  for (let stop = bytes.indexOf(10, at); stop !== -1; stop = bytes.indexOf(10, at)) {
    const line = bytes.subarray(at, stop)
    if (previous === undefined) return 'more'
    if (link !== undefined) return undefined
    if (!isWholeLine(line, previous)) {
      // Behind a header that has begun before the window, the chain is not that of its seal.
      return isWholeFile || at > first ? undefined : 'more'
    }
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
  const sizeBytes = start + bytes.length
  if (sizeBytes - end > maxLineBytes || !isBeginning(bytes.subarray(at), previous)) return undefined
  const rest = sizeBytes - end > maxRestBytes ? '' : bytes.toString('latin1', end - start)
  const lastNow = lastEntry === undefined ? undefined : timeOf(lastEntry)
  if (lastNow !== undefined && timeProblem(lastNow) !== undefined) return undefined
  return { sizeBytes, end, rest, lastSeq, lastNow, chain, link }
}

function timeOf(line: Buffer): number {
  const record = parseRecord(line)
  return record !== undefined && isEntry(record) ? record.now : Number.NaN
}

const lineStarts = ['{"seq":', '{"after":', '{"next":']

/**
 * True if bytes without a newline can be the beginning of a line, up to all of it. In a damaged
 * line that was whole, bytes follow its end, or its beginning is another.
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
