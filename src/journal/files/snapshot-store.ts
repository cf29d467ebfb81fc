/**
 * Snapshots beside a journal, one file each, sealed like a journal's lines. They only save time:
 * readers skip a broken one and use the entries. A snapshot of an entry after the last one means
 * that the end of the journal is lost.
 */
import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { entryInvalid } from './file-errors.ts'
import type { Snapshot } from '../journal.ts'
import { isWholeLine, parseLine, sealLine } from './line.ts'
import { namesIn, seqName, writeWholeFile } from './segments.ts'

export interface SnapshotFile {
  readonly file: string
  readonly seq: number
}

interface SavedSnapshot extends Snapshot {
  /** Id of the journal. */
  readonly journal: string
}

const kept = 2

/**
 * Writes a snapshot whole or not at all, and keeps the last two. Throws JOURNAL_ENTRY_INVALID for a
 * state that is no JSON or too large for one string, and what the file system throws.
 */
export async function writeSnapshot(
  folder: string,
  journalId: string,
  snapshot: Snapshot,
): Promise<void> {
  const { seq, fingerprint, state } = snapshot
  await writeWholeFile(
    join(folder, `snapshot-${seqName(seq)}.json`),
    encode({ seq, journal: journalId, fingerprint, state: state ?? null }),
  )
  await removeAll(listSnapshots(folder).slice(kept))
}

/**
 * Reads the newest whole snapshot of the journal with this id, of entry `maxSeq` at most, and of
 * the machine with this fingerprint, if one is given. Throws JOURNAL_NOT_FOUND, JOURNAL_UNREADABLE.
 */
export function readSnapshot(
  folder: string,
  journalId: string,
  maxSeq: number,
  fingerprint?: string,
): Snapshot | undefined {
  for (const found of listSnapshots(folder)) {
    const snapshot = found.seq <= maxSeq ? parseSnapshot(found, journalId) : undefined
    if (snapshot !== undefined && (fingerprint ?? snapshot.fingerprint) === snapshot.fingerprint) {
      return snapshot
    }
  }
  return undefined
}

/** Newest first. */
export function listSnapshots(folder: string): readonly SnapshotFile[] {
  return namesIn(folder)
    .flatMap((name) => {
      const seq = /^snapshot-(\d{16})\.json$/.exec(name)?.[1]
      return seq === undefined ? [] : [{ file: join(folder, name), seq: Number(seq) }]
    })
    .toSorted((one, other) => other.seq - one.seq)
}

/** Undefined if the file was changed, or belongs to a journal with another id. */
export function parseSnapshot(
  { file, seq }: SnapshotFile,
  journalId: string,
): Snapshot | undefined {
  try {
    const bytes = readFileSync(file)
    const line = bytes.subarray(0, -1)
    if (bytes.at(-1) !== 10 || !isWholeLine(line)) return undefined
    const { journal, ...snapshot } = parseLine(line) as SavedSnapshot
    return snapshot.seq === seq && journal === journalId ? snapshot : undefined
  } catch {
    return undefined
  }
}

async function removeAll(snapshots: readonly SnapshotFile[]): Promise<void> {
  for (const { file } of snapshots) await rm(file, { force: true })
}

function encode(snapshot: SavedSnapshot): string {
  try {
    return sealLine(JSON.stringify(snapshot).slice(0, -1))
  } catch (cause) {
    throw entryInvalid(`the state after entry ${snapshot.seq} cannot be written as JSON`, cause)
  }
}
