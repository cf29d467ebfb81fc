/** The journal as a folder of text files, written by one process. */
import type { EventObject } from 'xstate'
import { JarcastError, configInvalid } from '../../errors.ts'
import { makePrivate } from '../../leases/private-files.ts'
import { entryInvalid, writeFailure } from '../files/file-errors.ts'
import { openGroupCommit } from './group-commit.ts'
import type { GroupCommit, JournalEnd } from './group-commit.ts'
import { isEntry } from '../journal.ts'
import type { Entry, Journal, JournalRecord, Snapshot } from '../journal.ts'
import { formatCrc, maxLineBytes } from '../files/line.ts'
import { refuseForeignFiles } from './foreign-files.ts'
import { acquireLock } from './lock.ts'
import type { Lock } from './lock.ts'
import { readRecords } from '../files/read-records.ts'
import type { Source } from '../files/read-records.ts'
import type { JournalHeader } from '../files/record.ts'
import { beginSegment, recover } from './recover.ts'
import type { NewJournalHeader, Recovered } from './recover.ts'
import { createFolder, listSegments } from '../files/segments.ts'
import { listSnapshots, readSnapshot, writeSnapshot } from '../files/snapshot-store.ts'
import type { TornTail } from '../files/survey.ts'
import { toChunks } from './to-chunks.ts'
import type { LastEntry } from './to-chunks.ts'

export interface FileJournalOptions {
  /** For a new journal; an existing one keeps its header. */
  readonly header: NewJournalHeader
  /** Size of a segment at which the next one begins. Default 64 MiB. */
  readonly segmentBytes?: number
}

export interface FileJournal<Event extends EventObject = EventObject> extends Journal<Event> {
  readonly folder: string
  /** Of the first segment: `firstSeq` > 1 if the journal was compacted. */
  readonly header: JournalHeader
  /** Seq of the last entry on the disk; `header.firstSeq - 1` if there is none. */
  readonly lastSeq: number
  faultOf(entry: Entry<Event>): unknown
  /** The unfinished write that opening cut off. */
  readonly recovered: TornTail | undefined
  /**
   * Resolves when all records are on the disk; appends at the same time share one write and one
   * sync. Entries follow the last one without a gap; a check is of an entry before it.
   * Rejects with JOURNAL_ENTRY_INVALID for records that cannot be stored: the journal is unchanged.
   * Rejects with JOURNAL_FULL or JOURNAL_UNWRITABLE if a write failed, now or before;
   * JOURNAL_CLOSED.
   */
  append(records: readonly JournalRecord<Event>[]): Promise<void>
  /**
   * Reads entries on the disk from `fromSeq` on (default 1), and the checks of states after them.
   * Throws JOURNAL_CORRUPT, JOURNAL_COMPACTED.
   */
  read(fromSeq?: number): Generator<JournalRecord<Event>, void>
  /**
   * Writes a snapshot of an entry on the disk, and keeps the last two. A failure leaves the journal
   * usable. Rejects with JOURNAL_ENTRY_INVALID, JOURNAL_FULL, JOURNAL_UNWRITABLE, JOURNAL_CLOSED.
   */
  writeSnapshot(snapshot: Snapshot): Promise<void>
  /** The newest whole snapshot of this machine, of entry `maxSeq` (default `lastSeq`) at most. */
  readSnapshot(fingerprint: string, maxSeq?: number): Snapshot | undefined
  /** Waits for pending appends, then releases the lock of the folder. */
  close(): Promise<void>
}

const defaultSegmentBytes = 64 * 1024 * 1024

/**
 * Opens the journal in a folder, or begins one there; reads at most two headers and the tail of the
 * last segment. Makes all its files readable by their owner only; an existing folder keeps its
 * mode.
 * Throws JOURNAL_LOCKED, JOURNAL_CORRUPT, JOURNAL_UNSUPPORTED, JOURNAL_FULL, JOURNAL_UNWRITABLE,
 * JOURNAL_UNREADABLE, JOURNAL_ENTRY_INVALID for an input that is not JSON, CONFIG_INVALID.
 */
export async function openFileJournal<Event extends EventObject = EventObject>(
  folder: string,
  { header: fresh, segmentBytes = defaultSegmentBytes }: FileJournalOptions,
): Promise<FileJournal<Event>> {
  if (!(segmentBytes > 0))
    throw configInvalid('segmentBytes', `segmentBytes is ${segmentBytes}: give a size above 0`)
  const attempt = attemptIn(folder)
  await attempt(() => createFolder(folder))
  const lock = await attempt(() => acquireLock(folder))
  try {
    await attempt(async () => refuseForeignFiles(folder))
    // A copied journal may have other modes.
    for (const { file } of [...listSegments(folder), ...listSnapshots(folder)]) makePrivate(file)
    const recovered = await attempt(() => recover(folder, fresh))
    const roll = ({ lastSeq, chain }: JournalEnd) =>
      beginSegment(folder, { ...recovered.header, firstSeq: lastSeq + 1, chain: formatCrc(chain) })
    const log = await attempt(() => openGroupCommit(recovered.start, { segmentBytes, roll }))
    return new FolderJournal<Event>(folder, recovered, log, lock, segmentBytes)
  } catch (error) {
    await lock.release()
    throw error
  }
}

class FolderJournal<Event extends EventObject> implements FileJournal<Event> {
  readonly folder: string
  readonly header: JournalHeader
  readonly startedAt: number
  readonly recovered: TornTail | undefined
  readonly #log: GroupCommit
  readonly #lock: Lock
  readonly #chunkBytes: number
  /** The last entry that was appended, perhaps not on the disk yet. */
  #queued: LastEntry
  #closing: Promise<void> | undefined

  constructor(
    folder: string,
    { header, torn, start, lastNow }: Recovered,
    log: GroupCommit,
    lock: Lock,
    segmentBytes: number,
  ) {
    this.folder = folder
    this.header = header
    this.startedAt = header.createdAt
    this.recovered = torn
    this.#log = log
    this.#lock = lock
    this.#chunkBytes = Math.min(segmentBytes, maxLineBytes)
    this.#queued = { seq: start.lastSeq, now: lastNow }
  }

  get lastSeq(): number {
    return this.#log.end.lastSeq
  }

  faultOf(entry: Entry<Event>): unknown {
    try {
      toChunks([entry], { seq: entry.seq - 1, now: entry.now }, this.#chunkBytes)
    } catch (error) {
      return error
    }
  }

  async append(records: readonly JournalRecord<Event>[]): Promise<void> {
    this.#assertOpen()
    if (this.#log.failure !== undefined) throw writeFailure(this.folder, this.#log.failure.error)
    const chunks = toChunks(records, this.#queued, this.#chunkBytes)
    this.#queued = records.findLast((record) => isEntry(record)) ?? this.#queued
    try {
      await this.#log.append(chunks)
    } catch (error) {
      throw writeFailure(this.folder, error)
    }
  }

  *read(fromSeq = 1): Generator<JournalRecord<Event>, void> {
    const sources = sourcesFrom(this.folder, this.#log.end, fromSeq)
    yield* readRecords<Event>(this.header, sources, fromSeq)
  }

  async writeSnapshot(snapshot: Snapshot): Promise<void> {
    this.#assertOpen()
    if (snapshot.seq > this.lastSeq)
      throw entryInvalid(`entry ${snapshot.seq} of the snapshot is not in the journal yet`)
    await attemptIn(this.folder)(() => writeSnapshot(this.folder, this.header.id, snapshot))
  }

  readSnapshot(fingerprint: string, maxSeq = this.lastSeq): Snapshot | undefined {
    return readSnapshot(this.folder, this.header.id, Math.min(maxSeq, this.lastSeq), fingerprint)
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeBoth()
    return this.#closing
  }

  async #closeBoth(): Promise<void> {
    try {
      await this.#log.close()
    } finally {
      await this.#lock.release()
    }
  }

  #assertOpen(): void {
    if (this.#closing === undefined) return
    const { folder } = this
    const message = `the journal in ${folder} was closed`
    throw new JarcastError('JOURNAL_CLOSED', message, { details: { folder } })
  }
}

/** The segments from entry `fromSeq` to the end of what is on the disk now. */
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

function compacted(folder: string, fromSeq: number, firstSeq: number): JarcastError {
  return new JarcastError(
    'JOURNAL_COMPACTED',
    `${folder} begins with entry ${firstSeq}, \`journal compact\` removed entry ${fromSeq}: ` +
      'continue with the version that wrote its snapshot, or with an earlier copy',
    { details: { folder, fromSeq, firstSeq } },
  )
}

/** Turns errors of the file system into JOURNAL_FULL or JOURNAL_UNWRITABLE. */
function attemptIn(folder: string) {
  return async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw writeFailure(folder, error)
    }
  }
}
