/** The records of a journal's files, in order, each verified before it is returned. */
import type { EventObject } from 'xstate'
import { timeProblem } from '../entry-times.ts'
import { isEntry } from '../journal.ts'
import type { JournalRecord, StateCheck } from '../journal.ts'
import { corrupt } from './file-errors.ts'
import type { JournalPlace } from './file-errors.ts'
import { batchEndOf, crcOf, isWholeLine, parseCrc } from './line.ts'
import { readLines } from './read-lines.ts'
import type { FileLine, LineStart } from './read-lines.ts'
import { parseLink, parseRecord, peekSeq } from './record.ts'
import type { JournalHeader } from './record.ts'
import { assertContinues, readHeader } from './segments.ts'

/** A segment and the part of it to read. */
export interface Source {
  readonly file: string
  readonly firstSeq: number
  /** Bytes after this offset are ignored. */
  readonly end: number
}

/** A record with its place. */
export interface RecordLine<Event extends EventObject> {
  readonly record: JournalRecord<Event>
  readonly place: JournalPlace
  /** The `crc` that the line continues. */
  readonly previous: number
  /** Number of lines in its batch, up to this one. */
  readonly batchLines: number
  /** Where reading continues after it. */
  readonly after: ReadPosition
}

/** A place between two lines of a journal, and what the next one must continue. */
export interface ReadPosition extends LineStart {
  readonly file: string
  readonly chain: number
  /** Of the next entry. */
  readonly seq: number
  /** Time of the last entry, if it is known. */
  readonly before: number | undefined
  readonly batchLines: number
}

/**
 * Reads entries from `fromSeq` on, and the checks of states after them. Constant memory, one file
 * open at a time. Throws JOURNAL_CORRUPT at the first line that is broken, missing, doubled or of
 * another journal.
 */
export function* readRecords<Event extends EventObject>(
  header: JournalHeader,
  sources: readonly Source[],
  fromSeq: number,
): Generator<JournalRecord<Event>, void> {
  for (const { record } of readRecordLines<Event>(header, sources, fromSeq)) yield record
}

/** Reads the same records with their places, from a place on. Throws as `readRecords`. */
export function* readRecordLines<Event extends EventObject>(
  header: JournalHeader,
  sources: readonly Source[],
  fromSeq: number,
  position?: ReadPosition,
): Generator<RecordLine<Event>, void> {
  const first = sources.findIndex(({ file }) => file === position?.file)
  // The file may be gone since: then all is read anew.
  const from = first === -1 ? undefined : position
  let next = from?.seq ?? sources[0]?.firstSeq ?? 1
  let chain = from?.chain
  // After skipped entries, the first time has no previous one to compare with.
  let before = next === 1 && fromSeq <= 1 ? header.createdAt : from?.before
  for (const { file, end } of sources.slice(Math.max(0, first))) {
    const start = file === from?.file ? from : undefined
    if (start === undefined) {
      const found = readHeader(file, next)
      assertContinues(header, found, file, next, chain)
      chain = parseCrc(found.chain)
    }
    let batchLines = start?.batchLines ?? 0
    let isLinked = false
    let place = { file, line: 2, seq: next, byte: 0 }
    for (const line of readLines(file, end, start)) {
      if (line.line === 1) continue
      const { bytes } = line
      place = { file, line: line.line, seq: next, byte: line.byte }
      if (isLinked) throw corrupt(place, behindLink)
      if (!line.ended || !isWholeLine(bytes, chain)) throw corrupt(place, misfit(line, next))
      const previous: number = chain ?? 0
      chain = crcOf(bytes) ?? 0
      batchLines += 1
      const lines = batchLines
      const ended = batchEndOf(bytes)
      if (ended !== undefined && ended !== lines) throw corrupt(place, wrongEnd(ended, lines))
      if (ended !== undefined) batchLines = 0
      // The chain of the next segment continues from the line before the link.
      if (parseLink(bytes) === next) {
        chain = previous
        isLinked = true
        continue
      }
      const seq = peekSeq(bytes)
      if (seq !== undefined && seq !== next) throw corrupt(place, outOfOrder(seq))
      if (seq !== undefined) next = seq + 1
      if (seq !== undefined && seq < fromSeq) continue
      const record = parseRecord<Event>(bytes)
      const problem = record === undefined ? 'is no record' : problemOf(record, seq, next, before)
      if (record === undefined || problem !== undefined) throw corrupt(place, `${problem}`)
      if (isEntry(record)) before = record.now
      if (!isEntry(record) && record.after < fromSeq) continue
      const byte = line.byte + bytes.length + 1
      const after = { file, line: line.line + 1, byte, chain, seq: next, before, batchLines }
      yield { record, place, previous, batchLines: lines, after }
    }
    if (batchLines > 0) throw corrupt(place, withoutEnd)
  }
}
function problemOf(
  record: JournalRecord,
  seq: number | undefined,
  next: number,
  before: number | undefined,
): string | undefined {
  if (isEntry(record)) {
    return record.seq === seq ? timeProblem(record.now, before) : 'is no record'
  }
  return prematureCheck(record, next)
}

/** Returns what is wrong with a line that does not continue the one before. */
export function misfit(line: FileLine, next: number): string {
  const record = line.ended ? parseRecord(line.bytes) : undefined
  return record !== undefined && isEntry(record) && record.seq !== next
    ? outOfOrder(record.seq)
    : brokenLine(line)
}

function brokenLine({ ended }: FileLine): string {
  return ended
    ? 'is broken: its checksum is not that of its bytes and the lines before'
    : 'is cut off, or too long'
}

export function outOfOrder(seq: number): string {
  return `is entry ${seq}, which is out of order`
}

/** Returns what is wrong with a check before entry `next`; undefined if nothing is. */
export function prematureCheck({ after }: StateCheck, next: number): string | undefined {
  return after < next ? undefined : `checks entry ${after}, which comes after it`
}

/** Returns what is wrong with the last line of a file whose batch has no end. */
export const withoutEnd = 'is the last line, but lines of the same write are missing'

/** Returns what is wrong with a line after the one that names the next file. */
export const behindLink = 'is after the last line of its file'

/** Returns what is wrong with a line that gives another number of lines for its batch. */
export function wrongEnd(stated: number, found: number): string {
  return `ends a write of ${stated} lines, but ${found} are there`
}
