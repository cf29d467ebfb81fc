/**
 * Prepares records for the disk: checks them, turns them into JSON, and splits them into pieces
 * that each fit one write.
 */
import { timeProblem } from '../entry-times.ts'
import { entryInvalid } from '../files/file-errors.ts'
import type { Chunk } from './group-commit.ts'
import { isEntry } from '../journal.ts'
import type { Entry, JournalRecord } from '../journal.ts'
import { maxLineBytes, maxSealBytes } from '../files/line.ts'
import { isRecord, openRecord } from '../files/record.ts'

/** The last entry, or the beginning of a journal with seq 0. */
export type LastEntry = Pick<Entry, 'seq' | 'now'>

/**
 * Turns records after the entry `last` into lines, in chunks of at most `maxBytes`; a longer line
 * has a chunk of its own. Throws JOURNAL_ENTRY_INVALID.
 */
export function toChunks(
  records: readonly JournalRecord[],
  last: LastEntry,
  maxBytes: number,
): readonly Chunk[] {
  const chunks: Chunk[] = []
  let { seq, now } = last
  let lines: string[] = []
  let sizeBytes = 0
  for (const record of records) {
    assertFollows(record, { seq, now })
    const line = openRecord(record)
    const lineBytes = Buffer.byteLength(line) + maxSealBytes
    if (lineBytes > maxLineBytes) {
      throw entryInvalid(`the record after entry ${seq} is longer than ${maxLineBytes} bytes`)
    }
    if (sizeBytes > 0 && sizeBytes + lineBytes > maxBytes) {
      chunks.push({ lines, sizeBytes, lastSeq: seq })
      lines = []
      sizeBytes = 0
    }
    lines.push(line)
    sizeBytes += lineBytes
    if (isEntry(record)) ({ seq, now } = record)
  }
  if (sizeBytes > 0) chunks.push({ lines, sizeBytes, lastSeq: seq })
  return chunks
}

function assertFollows(record: JournalRecord, last: LastEntry): void {
  if (!isRecord(record)) {
    throw entryInvalid('a record is neither an entry {seq, now, event} nor a check {after, hash}')
  }
  if (isEntry(record) ? record.seq !== last.seq + 1 : record.after > last.seq) {
    const seq = isEntry(record) ? `entry ${record.seq}` : `a check of entry ${record.after}`
    throw entryInvalid(`${seq} cannot follow entry ${last.seq}`)
  }
  const problem = isEntry(record) ? timeProblem(record.now, last.now) : undefined
  if (problem !== undefined) throw entryInvalid(`the record after entry ${last.seq} ${problem}`)
}
