/** The journal as a folder of files that a person can read, cut with `head` and mail; one process writes it. */
import type { EventObject } from 'xstate'
import { JarcastError } from '../../errors.ts'
import { makePrivate } from '../../leases/private-files.ts'
import { entryInvalid, writeFailure } from '../files/file-errors.ts'
import { openGroupCommit } from './group-commit.ts'
import type { JournalEnd } from './group-commit.ts'
import { isEntry } from '../journal.ts'
import type { Entry, Journal, JournalRecord, Snapshot } from '../journal.ts'
import { formatCrc, maxLineBytes } from '../files/line.ts'
import { refuseForeignFiles } from './foreign-files.ts'
import { acquireLock } from './lock.ts'
import { readRecords } from '../files/read-records.ts'
import type { Source } from '../files/read-records.ts'
import type { JournalHeader } from '../files/record.ts'
import { beginSegment, recover } from './recover.ts'
import type { NewJournalHeader } from './recover.ts'
import { createFolder, listSegments } from '../files/segments.ts'
import { listSnapshots, readSnapshot, writeSnapshot } from '../files/snapshot-store.ts'
import type { TornTail } from '../files/survey.ts'
import { toChunks } from './to-chunks.ts'

export interface FileJournalOptions {
  /** Of a new journal. One that is there keeps its own. */
  readonly header: NewJournalHeader
  /** Size at which the next segment begins. Default 64 MiB. */
  readonly segmentBytes?: number
}

export interface FileJournal<Event extends EventObject = EventObject> extends Journal<Event> {
  readonly folder: string
  /** Of the first segment there is: `firstSeq` > 1 when the journal was compacted. */
  readonly header: JournalHeader
  /** Seq of the last entry on the disk; `header.firstSeq - 1` when there is none. */
  readonly lastSeq: number
  faultOf(entry: Entry<Event>): unknown
  /** What opening cut off: the rest of a write that was never finished. */
  readonly recovered: TornTail | undefined
  /**
   * Resolves when all records are on the disk; appends that come together share one write and one sync. Entries
   * continue the journal's, without a gap; a check is of an entry appended before it.
   * Rejects with JOURNAL_ENTRY_INVALID for records that cannot be taken: the journal is as it was. Rejects with
   * JOURNAL_FULL or JOURNAL_UNWRITABLE once a write failed, and so does every later append; JOURNAL_CLOSED.
   */
  append(records: readonly JournalRecord<Event>[]): Promise<void>
  /**
   * The entries on the disk from `fromSeq` on (default 1), and the checks of states after them, read as they are
   * asked for.
   * Throws JOURNAL_CORRUPT, JOURNAL_COMPACTED.
   */
  read(fromSeq?: number): Generator<JournalRecord<Event>, void>
  /**
   * Writes a snapshot, of an entry that is on the disk, and keeps the last two. A failure leaves the journal usable.
   * Rejects with JOURNAL_ENTRY_INVALID, JOURNAL_FULL, JOURNAL_UNWRITABLE, JOURNAL_CLOSED.
   */
  writeSnapshot(snapshot: Snapshot): Promise<void>
  /** The newest snapshot that is whole, of this machine, and not beyond `maxSeq` (default `lastSeq`). */
  readSnapshot(fingerprint: string, maxSeq?: number): Snapshot | undefined
  /** Waits for what was appended, then lets go of the folder. */
  close(): Promise<void>
}

const defaultSegmentBytes = 64 * 1024 * 1024

/**
 * Opens the journal in a folder, or begins one there; reads no more than two headers and the last segment's tail.
 * Only the owner can read its files, those too that were there; a folder that was there keeps its rights.
 * Throws JOURNAL_LOCKED, JOURNAL_CORRUPT, JOURNAL_UNSUPPORTED, JOURNAL_FULL, JOURNAL_UNWRITABLE, JOURNAL_UNREADABLE,
 * JOURNAL_ENTRY_INVALID for an input that is not JSON, CONFIG_INVALID.
 */
export async function openFileJournal<Event extends EventObject = EventObject>(
  folder: string,
  options: FileJournalOptions,
): Promise<FileJournal<Event>> {
  const { segmentBytes = defaultSegmentBytes } = options
  if (!(segmentBytes > 0)) throw invalidSegmentBytes(segmentBytes)
  const attempt = attemptIn(folder)
  await attempt(() => createFolder(folder))
  const lock = await attempt(() => acquireLock(folder))
  try {
    await attempt(async () => refuseForeignFiles(folder))
    // A copied journal may have other modes.
    for (const { file } of [...listSegments(folder), ...listSnapshots(folder)]) makePrivate(file)
    const { header, torn, start, lastNow } = await attempt(() => recover(folder, options.header))
    const roll = ({ lastSeq, chain }: JournalEnd) =>
      beginSegment(folder, { ...header, firstSeq: lastSeq + 1, chain: formatCrc(chain) })
    const log = await attempt(() => openGroupCommit(start, { segmentBytes, roll }))
    const chunkBytes = Math.min(segmentBytes, maxLineBytes)
    let queued = { seq: start.lastSeq, now: lastNow }
    let closing: Promise<void> | undefined

    async function closeBoth(): Promise<void> {
      try {
        await log.close()
      } finally {
        await lock.release()
      }
    }

    return {
      folder,
      header,
      startedAt: header.createdAt,
      get lastSeq() {
        return log.end.lastSeq
      },
      recovered: torn,
      faultOf(entry) {
        try {
          toChunks([entry], { seq: entry.seq - 1, now: entry.now }, chunkBytes)
        } catch (error) {
          return error
        }
      },
      async append(records) {
        assertOpen(folder, closing === undefined)
        if (log.failure !== undefined) throw writeFailure(folder, log.failure.error)
        // Not through `attempt`: this is the one path that every entry takes.
        const chunks = toChunks(records, queued, chunkBytes)
        queued = records.findLast((record) => isEntry(record)) ?? queued
        try {
          await log.append(chunks)
        } catch (error) {
          throw writeFailure(folder, error)
        }
      },
      *read(fromSeq = 1) {
        yield* readRecords<Event>(header, sourcesFrom(folder, log.end, fromSeq), fromSeq)
      },
      async writeSnapshot(snapshot) {
        assertOpen(folder, closing === undefined)
        if (snapshot.seq > log.end.lastSeq) {
          throw entryInvalid(`entry ${snapshot.seq} of the snapshot is not in the journal yet`)
        }
        await attempt(() => writeSnapshot(folder, header.id, snapshot))
      },
      readSnapshot: (fingerprint, maxSeq = log.end.lastSeq) =>
        readSnapshot(folder, header.id, Math.min(maxSeq, log.end.lastSeq), fingerprint),
      close() {
        closing ??= closeBoth()
        return closing
      },
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

/** The segments that have `fromSeq` and what follows, up to what is on the disk now. */
function sourcesFrom(folder: string, end: JournalEnd, fromSeq: number): readonly Source[] {
  const segments = listSegments(folder)
  const upToEnd = segments.slice(0, segments.findIndex(({ file }) => file === end.file) + 1)
  const sources = upToEnd
    .filter((_, index) => (upToEnd[index + 1]?.firstSeq ?? Infinity) > fromSeq)
    .map((segment) => ({ ...segment, end: segment.file === end.file ? end.sizeBytes : Infinity }))
  const firstSeq = sources[0]?.firstSeq ?? 1
  if (firstSeq > Math.max(1, fromSeq)) throw compacted(folder, fromSeq, firstSeq)
  return sources
}

function assertOpen(folder: string, isOpen: boolean): void {
  if (isOpen) return
  throw new JarcastError('JOURNAL_CLOSED', `the journal in ${folder} was closed`, {
    details: { folder },
  })
}

function compacted(folder: string, fromSeq: number, firstSeq: number): JarcastError {
  return new JarcastError(
    'JOURNAL_COMPACTED',
    `${folder} has entries from ${firstSeq} on only, entry ${fromSeq} was dropped by \`journal compact\`: ` +
      'go on with the version whose snapshot is there, or with a copy from before',
    { details: { folder, fromSeq, firstSeq } },
  )
}

function invalidSegmentBytes(segmentBytes: number): JarcastError {
  return new JarcastError(
    'CONFIG_INVALID',
    `segmentBytes is ${segmentBytes}: give a size above 0`,
    {
      details: { setting: 'segmentBytes' },
    },
  )
}

/** Runs something; an error of the file system becomes one that says what to do. */
function attemptIn(folder: string) {
  return async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw writeFailure(folder, error)
    }
  }
}
