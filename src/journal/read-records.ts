/** The records of a journal's files, one after another, each checked before it is given. */
import type { EventObject } from 'xstate'
import { corrupt } from './file-errors.ts'
import { isEntry } from './journal.ts'
import type { JournalRecord, StateCheck } from './journal.ts'
import { isWholeLine } from './line.ts'
import { readLines } from './read-lines.ts'
import type { FileLine } from './read-lines.ts'
import { parseRecord, peekSeq } from './record.ts'
import type { JournalHeader } from './record.ts'
import { assertContinues, readHeader } from './segments.ts'

/** A segment, as far as it counts. */
export interface Source {
  readonly file: string
  readonly firstSeq: number
  /** What is behind this offset is not looked at. */
  readonly end: number
}

/**
 * Entries from `fromSeq` on, and the checks of states after them. Constant memory, one file open at a time.
 * Throws JOURNAL_CORRUPT at the first line that is broken, missing, doubled or of another journal.
 */
export function* readRecords<Event extends EventObject>(
  header: JournalHeader,
  sources: readonly Source[],
  fromSeq: number,
): Generator<JournalRecord<Event>, void> {
  let next = sources[0]?.firstSeq ?? 1
  for (const { file, end } of sources) {
    assertContinues(header, readHeader(file, next), file, next)
    for (const line of readLines(file, end)) {
      if (line.line === 1) continue
      const seq = seqOf(file, line, next)
      if (seq !== undefined) next = seq + 1
      if (seq !== undefined && seq < fromSeq) continue
      const record = parseRecord<Event>(line.bytes)
      const problem = record === undefined ? 'is no record' : problemOf(record, seq, next)
      if (record === undefined || problem !== undefined) {
        throw corrupt({ file, line: line.line, seq: seq ?? next, byte: line.byte }, `${problem}`)
      }
      if (isEntry(record) || record.after >= fromSeq) yield record
    }
  }
}

/** The seq of an entry, which must be `next`; undefined for a check. */
function seqOf(file: string, line: FileLine, next: number): number | undefined {
  const seq = line.ended && isWholeLine(line.bytes) ? peekSeq(line.bytes) : Number.NaN
  if (seq === undefined || seq === next) return seq
  throw corrupt(
    { file, line: line.line, seq: next, byte: line.byte },
    Number.isNaN(seq) ? brokenLine(line) : outOfOrder(seq),
  )
}

function problemOf(
  record: JournalRecord,
  seq: number | undefined,
  next: number,
): string | undefined {
  if (isEntry(record)) return record.seq === seq ? undefined : 'is no record'
  return prematureCheck(record, next)
}

export function brokenLine({ ended }: FileLine): string {
  return ended ? 'is broken: its checksum is not that of its bytes' : 'is cut off, or too long'
}

export function outOfOrder(seq: number): string {
  return `is entry ${seq}, which is out of order`
}

/** What is wrong with a check that stands before entry `next`, if anything. */
export function prematureCheck({ after }: StateCheck, next: number): string | undefined {
  return after < next ? undefined : `checks entry ${after}, which comes after it`
}
