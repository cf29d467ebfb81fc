/** `jarcast journal compact`: removes entries that a snapshot replaces. */
import { readFileSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { checkJournal } from './check-journal.ts'
import { notFound, writeFailure } from '../files/file-errors.ts'
import { acquireLock } from '../writer/lock.ts'
import { listPayloads, payloadPath, payloadsNamedIn, removePayloads } from '../files/payloads.ts'
import { removedFolders } from './cut-journal.ts'
import { assertContinues, listSegments, readHeader, syncFolder } from '../files/segments.ts'
import { listSnapshots, readSnapshot } from '../files/snapshot-store.ts'
import { isFolder, surveyFolder } from '../files/survey.ts'
import type { Survey } from '../files/survey.ts'

export interface CompactOptions {
  /** Uses only snapshots of this machine: the one that will be started next. Default: any. */
  readonly fingerprint?: string
}

export interface JournalCompaction {
  /** Seq of the snapshot that the journal now begins with; undefined if none fits: no change. */
  readonly snapshotSeq: number | undefined
  /**
   * Removed files: segments, older snapshots, which have lost the entries after them, and payloads
   * that are no longer needed.
   */
  readonly dropped: readonly { readonly file: string; readonly sizeBytes: number }[]
  /** Seq of the first remaining entry, or of the next one. */
  readonly firstSeq: number
  readonly lastSeq: number
}

/**
 * Removes the segments whose entries are all before the newest whole snapshot. From then on the
 * snapshot is needed: another machine cannot continue this journal, and the run cannot be replayed
 * from its start.
 * Throws JOURNAL_LOCKED while the journal is in use, JOURNAL_NOT_FOUND, JOURNAL_CORRUPT,
 * JOURNAL_UNWRITABLE.
 */
export async function compactJournal(
  folder: string,
  options: CompactOptions = {},
): Promise<JournalCompaction> {
  if (!isFolder(folder) || surveyFolder(folder) === undefined) throw notFound(folder)
  try {
    const lock = await acquireLock(folder)
    try {
      const survey = surveyFolder(folder)
      if (survey === undefined) throw notFound(folder)
      return await dropBefore(folder, survey, options.fingerprint)
    } finally {
      await lock.release()
    }
  } catch (error) {
    throw writeFailure(folder, error)
  }
}

async function dropBefore(
  folder: string,
  { header, sources, lastSeq }: Survey,
  fingerprint: string | undefined,
): Promise<JournalCompaction> {
  const snapshot = readSnapshot(folder, header.id, lastSeq, fingerprint)
  const seq = snapshot?.seq ?? 0
  const firstKept = sources.findLast(({ firstSeq }) => firstSeq <= seq + 1) ?? sources[0]
  // Before anything is removed, the rest must be fit to be opened.
  assertContinues(header, readHeader(firstKept.file), firstKept.file, firstKept.firstSeq)
  const { firstSeq } = firstKept
  const segments = sources.filter((source) => source.firstSeq < firstSeq)
  const snapshots = listSnapshots(folder).filter((found) => found.seq < firstSeq - 1)
  const dropped = [...segments, ...snapshots].map(({ file }) => ({
    file,
    sizeBytes: statSync(file).size,
  }))
  // The oldest first: after an interruption, the remaining segments still follow each other.
  for (const { file } of dropped) await rm(file)
  await syncFolder(folder)
  const payloads = await dropPayloads(folder)
  return { snapshotSeq: snapshot?.seq, dropped: [...dropped, ...payloads], firstSeq, lastSeq }
}

/**
 * Removes payloads that nothing on the disk names any more. An interrupted compaction removes no
 * needed payload, and the next one finishes.
 */
async function dropPayloads(folder: string): Promise<JournalCompaction['dropped']> {
  const names = listPayloads(folder)
  // The payloads of a broken line are unknown, and a repair may bring the line back.
  if (names.length === 0 || checkJournal(folder).problems.length > 0) return []
  // Entries that a repair removed can be brought back while they are kept.
  const folders = [folder, ...removedFolders(folder)]
  const named = new Set(folders.flatMap(recordFiles).flatMap((file) => namedIn(file)))
  const unnamed = names.filter((name) => !named.has(name))
  const dropped = unnamed.map((name) => {
    const file = payloadPath(folder, name)
    return { file, sizeBytes: statSync(file).size }
  })
  await removePayloads(folder, unnamed)
  return dropped
}

function recordFiles(folder: string): readonly string[] {
  return [...listSegments(folder), ...listSnapshots(folder)].map(({ file }) => file)
}

function namedIn(file: string): readonly string[] {
  return payloadsNamedIn(readFileSync(file))
}
