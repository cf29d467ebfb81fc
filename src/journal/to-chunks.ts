/** Records on their way to the disk: checked, written as JSON, cut into pieces of which each fits one write. */
import { entryInvalid } from './file-errors.ts'
import type { Chunk } from './group-commit.ts'
import { isEntry } from './journal.ts'
import type { JournalRecord } from './journal.ts'
import { maxLineBytes, maxSealBytes } from './line.ts'
import { isRecord, openRecord } from './record.ts'

/**
 * The lines of records that follow entry `lastSeq`, in pieces of `maxBytes` at most (a longer line has one alone).
 * Throws JOURNAL_ENTRY_INVALID.
 */
export function toChunks(
  records: readonly JournalRecord[],
  lastSeq: number,
  maxBytes: number,
): readonly Chunk[] {
  const chunks: Chunk[] = []
  let seq = lastSeq
  let lines: string[] = []
  let sizeBytes = 0
  for (const record of records) {
    assertFollows(record, seq)
    const line = openRecord(record)
    const lineBytes = Buffer.byteLength(line) + maxSealBytes
    if (lineBytes > maxLineBytes) {
      throw entryInvalid(`what follows entry ${seq} is longer than ${maxLineBytes} bytes`)
    }
    if (sizeBytes > 0 && sizeBytes + lineBytes > maxBytes) {
      chunks.push({ lines, sizeBytes, lastSeq: seq })
      lines = []
      sizeBytes = 0
    }
    lines.push(line)
    sizeBytes += lineBytes
    if (isEntry(record)) seq = record.seq
  }
  if (sizeBytes > 0) chunks.push({ lines, sizeBytes, lastSeq: seq })
  return chunks
}

function assertFollows(record: JournalRecord, lastSeq: number): void {
  if (!isRecord(record)) {
    throw entryInvalid('a record is neither an entry {seq, now, event} nor a check {after, hash}')
  }
  if (isEntry(record) ? record.seq !== lastSeq + 1 : record.after > lastSeq) {
    const seq = isEntry(record) ? `entry ${record.seq}` : `a check of entry ${record.after}`
    throw entryInvalid(`${seq} cannot follow entry ${lastSeq}`)
  }
}
