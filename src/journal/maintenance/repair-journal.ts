/** `jarcast journal repair`: ends a broken journal before the damage, and lists what is lost. */
import { JarcastError, configInvalid } from '../../errors.ts'
import { notFound, writeFailure } from '../files/file-errors.ts'
import { readRecordLines } from '../files/read-records.ts'
import type { JournalHeader } from '../files/record.ts'
import { listSegments, readHeader } from '../files/segments.ts'
import type { Segment } from '../files/segments.ts'
import { listSnapshots } from '../files/snapshot-store.ts'
import { isFolder, surveyFolder } from '../files/survey.ts'
import { isEntry } from '../journal.ts'
import { acquireLock } from '../writer/lock.ts'
import { cutAfter } from './cut-journal.ts'
import type { LastLine } from './cut-journal.ts'
import { lostLinesAfter } from './lost-lines.ts'
import type { LostLines } from './lost-lines.ts'

export interface RepairOptions {
  /** Seq of the last entry to keep. Default: the last one before any damage. */
  readonly toSeq?: number | undefined
  /** Changes the journal only if true. Needs `toSeq`. */
  readonly isConfirmed?: boolean
}

export interface JournalRepair {
  /** Not broken, or repaired: the journal ends with entry `toSeq`. */
  readonly isWhole: boolean
  /** Seq of the last entry before any damage. */
  readonly wholeSeq: number
  /** Seq of the last entry that stays. */
  readonly toSeq: number
  readonly lost: LostLines
  /** Files of snapshots whose entries would be removed. */
  readonly snapshots: readonly string[]
  /** Folder with a copy of all that was changed or removed; undefined if nothing was. */
  readonly keptIn: string | undefined
}

/**
 * Ends a broken journal with an intact entry. The removed part is kept in a folder of its own
 * beside the files. The run continues as if the removed entries never existed.
 * Throws JOURNAL_LOCKED, JOURNAL_NOT_FOUND, JOURNAL_UNWRITABLE, JOURNAL_UNSUPPORTED,
 * JOURNAL_CORRUPT if even the first header is broken, and CONFIG_INVALID for an entry that is not
 * before the damage.
 */
export async function repairJournal(
  folder: string,
  { toSeq, isConfirmed = false }: RepairOptions = {},
): Promise<JournalRepair> {
  if (!isFolder(folder) || listSegments(folder).length === 0) throw notFound(folder)
  try {
    const lock = await acquireLock(folder)
    try {
      return await repairLocked(folder, toSeq, isConfirmed)
    } finally {
      await lock.release()
    }
  } catch (error) {
    throw writeFailure(folder, error)
  }
}

async function repairLocked(
  folder: string,
  wanted: number | undefined,
  isConfirmed: boolean,
): Promise<JournalRepair> {
  const [first, ...others] = listSegments(folder)
  if (first === undefined) throw notFound(folder)
  const segments = [first, ...others] as const
  const header = readHeader(first.file, first.firstSeq)
  // The next open cuts off the rest of an unfinished write: it is not damage.
  const openable = openableEnd(folder)
  const { wholeSeq, last } = readWhole(header, segments, openable ?? Infinity, wanted)
  const toSeq = wanted ?? wholeSeq
  assertKeepable(toSeq, header.firstSeq - 1, wholeSeq)
  if (isConfirmed && wanted === undefined) {
    throw configInvalid('to', `name the last entry to keep: --to ${wholeSeq}`)
  }
  const isWhole = openable === toSeq
  const lost = isWhole ? nothing : lostLinesAfter(segments, last?.place)
  const snapshots = listSnapshots(folder)
    .filter(({ seq }) => seq > toSeq)
    .map(({ file }) => file)
  const isCut = isConfirmed && !isWhole
  const keptIn = isCut ? await cutAfter(folder, segments, last, snapshots, toSeq) : undefined
  return { isWhole, wholeSeq, toSeq, lost, snapshots, keptIn }
}

const nothing: LostLines = { lines: 0, sizeBytes: 0, entries: [], taskIds: [] }

/** Seq of the last entry; undefined if the journal cannot be opened. */
function openableEnd(folder: string): number | undefined {
  return unlessCorrupt(() => surveyFolder(folder)?.lastSeq)
}

/** Reads up to the damage or entry `maxSeq`. `last`: the line of the last entry to keep. */
function readWhole(
  header: JournalHeader,
  segments: readonly Segment[],
  maxSeq: number,
  wanted = Infinity,
): { readonly wholeSeq: number; readonly last: LastLine | undefined } {
  const sources = segments.map((segment) => ({ ...segment, end: Infinity }))
  let wholeSeq = header.firstSeq - 1
  let last: LastLine | undefined
  unlessCorrupt(() => {
    for (const line of readRecordLines(header, sources, header.firstSeq)) {
      if (!isEntry(line.record)) continue
      if (line.record.seq > maxSeq) return
      wholeSeq = line.record.seq
      if (wholeSeq <= wanted) last = line
    }
  })
  return { wholeSeq, last }
}

function unlessCorrupt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof JarcastError && error.code === 'JOURNAL_CORRUPT') return undefined
    throw error
  }
}

function assertKeepable(toSeq: number, minSeq: number, wholeSeq: number): void {
  if (Number.isSafeInteger(toSeq) && toSeq >= minSeq && toSeq <= wholeSeq) return
  throw configInvalid(
    'to',
    `entry ${toSeq} is not one of the intact entries, ${minSeq} to ${wholeSeq}`,
  )
}
