/** `jarcast journal export`: copies a journal into one file. */
import { open, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { privateFileMode } from '../../leases/private-files.ts'
import { writeFailure } from '../files/file-errors.ts'
import { isEntry } from '../journal.ts'
import { payloadOf } from '../files/payloads.ts'
import { readJournal } from '../files/read-journal.ts'
import type { JournalReading } from '../files/read-journal.ts'
import { createEncoder, encodeHeader } from '../files/record.ts'
import { syncFolder } from '../files/segments.ts'
import type { TornTail } from '../files/survey.ts'

export interface JournalExport {
  readonly file: string
  /** Above 1 if the journal was compacted: the file can be read, but not replayed. */
  readonly firstSeq: number
  readonly lastSeq: number
  readonly sizeBytes: number
  /** Digests of payloads that the entries name and the file does not contain. */
  readonly payloads: readonly string[]
  /** The unfinished write that was left out. */
  readonly torn: TornTail | undefined
}

const writeBytes = 1024 * 1024

/**
 * Copies all whole records of a journal, a folder or one file, into a new file; the journal may be
 * in use. Payloads and the key of the run are not copied: a replay needs neither.
 * Throws what `readJournal` throws, JOURNAL_FULL, and JOURNAL_UNWRITABLE, also if the file exists.
 */
export async function exportJournal(path: string, file: string): Promise<JournalExport> {
  const journal = readJournal(path)
  const { header, lastSeq, torn } = journal
  try {
    const handle = await open(file, 'wx', privateFileMode)
    try {
      const payloads = await copy(journal, handle)
      await handle.sync()
      const { size } = await handle.stat()
      await syncFolder(dirname(file))
      return { file, firstSeq: header.firstSeq, lastSeq, sizeBytes: size, payloads, torn }
    } catch (error) {
      await rm(file, { force: true })
      throw error
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw writeFailure(file, error)
  }
}

/** Digests of the payloads that the copied records name. */
async function copy(
  { header, records }: JournalReading,
  handle: FileHandle,
): Promise<readonly string[]> {
  const named = new Set<string>()
  const encode = createEncoder(header)
  let text = encodeHeader(header)
  for (const record of records) {
    text += encode(record)
    const sha256 = isEntry(record) ? payloadOf(record) : undefined
    if (sha256 !== undefined) named.add(sha256)
    if (text.length < writeBytes) continue
    await handle.appendFile(text)
    text = ''
  }
  await handle.appendFile(text)
  return [...named]
}
