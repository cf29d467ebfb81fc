/**
 * `jarcast journal repair`: lists what a broken journal would lose, and ends it before the damage.
 */
import { copyFile, mkdir, open, rename } from 'node:fs/promises'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { JarcastError } from '../../errors.ts'
import { privateFolderMode } from '../../leases/private-files.ts'
import { timeProblem } from '../entry-times.ts'
import { notFound, writeFailure } from '../files/file-errors.ts'
import { isEntry } from '../journal.ts'
import { batchEndOf, crcOf, isWholeLine, parseCrc, sealBatch } from '../files/line.ts'
import { acquireLock } from '../writer/lock.ts'
import { readLines } from '../files/read-lines.ts'
import { openRecord, parseRecord } from '../files/record.ts'
import type { JournalHeader } from '../files/record.ts'
import {
  discontinuity,
  listSegments,
  readHeader,
  syncFolder,
  writeWholeFile,
} from '../files/segments.ts'
import type { Segment } from '../files/segments.ts'
import { listSnapshots } from '../files/snapshot-store.ts'
import { isFolder, surveyFolder } from '../files/survey.ts'

export interface RepairOptions {
  /** Seq of the last entry to keep. Default: the last one before any damage. */
  readonly toSeq?: number | undefined
  /** Changes the journal only if true. Needs `toSeq`. */
  readonly isConfirmed?: boolean
}

/** The entries after the last kept one, as far as they can be read. */
export interface LostLines {
  readonly lines: number
  readonly sizeBytes: number
  /** Includes broken entries, as far as they can be read. */
  readonly entries: readonly LostEntry[]
  /** All tasks named in the lost entries. */
  readonly taskIds: readonly string[]
}

export interface LostEntry {
  readonly file: string
  readonly line: number
  readonly seq: number
  /** Type of the event; undefined for an entry that only has a time. */
  readonly type: string | undefined
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

/** A line that is intact, as are all before it. */
interface WholeEntry {
  readonly segment: Segment
  readonly seq: number
  /** Offset of the line. */
  readonly byte: number
  readonly line: number
  /** The `crc` that the line continues. */
  readonly previous: number
  /** Number of lines in its batch, up to this one. */
  readonly batchLines: number
}

/**
 * Ends a broken journal with an intact entry. The removed part is kept in a folder of its own
 * beside the files. The run continues as if the removed entries never existed.
 * Throws JOURNAL_LOCKED, JOURNAL_NOT_FOUND, JOURNAL_UNWRITABLE, JOURNAL_CORRUPT if even the first
 * header is broken, and CONFIG_INVALID for an entry that is not before the damage.
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
  const segments = listSegments(folder)
  const [first] = segments
  if (first === undefined) throw notFound(folder)
  const header = readHeader(first.file, first.firstSeq)
  const whole = wholeEntries(header, segments)
  const open = openableEnd(folder)
  // The rest of an unfinished write is cut off by the next open, and is not damage.
  const wholeSeq = Math.min(whole.at(-1)?.seq ?? header.firstSeq - 1, open ?? Infinity)
  const toSeq = wanted ?? wholeSeq
  if (isConfirmed && wanted === undefined) {
    throw invalid(`name the last entry to keep: --to ${wholeSeq}`)
  }
  if (!Number.isSafeInteger(toSeq) || toSeq < header.firstSeq - 1 || toSeq > wholeSeq) {
    throw invalid(
      `entry ${toSeq} is not among the whole ones, ${header.firstSeq - 1} to ${wholeSeq}`,
    )
  }
  const isWhole = open === toSeq
  const last = whole.find(({ seq }) => seq === toSeq)
  const lost = isWhole ? nothing : lostBehind(segments, last)
  const snapshots = listSnapshots(folder)
    .filter(({ seq }) => seq > toSeq)
    .map(({ file }) => file)
  const keptIn =
    isConfirmed && !isWhole ? await cutBehind(folder, segments, last, snapshots, toSeq) : undefined
  return { isWhole, wholeSeq, toSeq, lost, snapshots, keptIn }
}

const nothing: LostLines = { lines: 0, sizeBytes: 0, entries: [], taskIds: [] }

/** Seq of the last entry; undefined if the journal cannot be opened. */
function openableEnd(folder: string): number | undefined {
  try {
    return surveyFolder(folder)?.lastSeq
  } catch (error) {
    if (error instanceof JarcastError && error.code === 'JOURNAL_CORRUPT') return undefined
    throw error
  }
}

/** The entries before any damage. */
function wholeEntries(header: JournalHeader, segments: readonly Segment[]): readonly WholeEntry[] {
  const found: WholeEntry[] = []
  let next = header.firstSeq
  let before = next === 1 ? header.createdAt : undefined
  let chain: number | undefined
  for (const segment of segments) {
    const own = headerOf(segment)
    if (own === undefined || discontinuity(header, own, next, chain) !== undefined) break
    chain = parseCrc(own.chain)
    let batchLines = 0
    for (const line of readLines(segment.file)) {
      if (line.line === 1) continue
      const { bytes, byte } = line
      const previous: number = chain
      if (!line.ended || !isWholeLine(bytes, previous)) return found
      const record = parseRecord(bytes)
      // Only a link is not a record, and it is not part of the chain.
      if (record === undefined) continue
      if (isEntry(record) && record.seq !== next) return found
      if (isEntry(record) && timeProblem(record.now, before) !== undefined) return found
      batchLines += 1
      chain = crcOf(bytes) ?? 0
      if (isEntry(record)) {
        before = record.now
        found.push({ segment, seq: next, byte, line: line.line, previous, batchLines })
        next += 1
      }
      if (batchEndOf(bytes) !== undefined) batchLines = 0
    }
  }
  return found
}

/** Undefined when it is broken. */
function headerOf({ file, firstSeq }: Segment): JournalHeader | undefined {
  try {
    return readHeader(file, firstSeq)
  } catch {
    return undefined
  }
}

function lostBehind(segments: readonly Segment[], last: WholeEntry | undefined): LostLines {
  const entries: LostEntry[] = []
  const taskIds = new Set<string>()
  let lines = 0
  let sizeBytes = 0
  for (const { file, firstSeq } of segments) {
    if (last !== undefined && firstSeq < last.segment.firstSeq) continue
    const kept = file === last?.segment.file ? last.line : 1
    for (const line of readLines(file)) {
      if (line.line <= kept) continue
      const text = line.bytes.toString()
      // Checks and links add nothing to the entries before.
      if (/^\{"(after|next)":/.test(text)) continue
      lines += 1
      sizeBytes += line.bytes.length + (line.ended ? 1 : 0)
      const entry = lostEntry(file, line.line, text)
      if (entry !== undefined) entries.push(entry)
      for (const pattern of taskIdPatterns) {
        for (const [, id = ''] of text.matchAll(pattern)) taskIds.add(id)
      }
    }
  }
  return { lines, sizeBytes, entries, taskIds: [...taskIds] }
}

const taskIdPatterns = [
  // `"taskId":{"value":"a"}` of Mesos, `"taskId":"a"` of our own events.
  /"taskId":(?:\{"value":)?"((?:[^"\\]|\\.)*)"/g,
  // `"requests":[{"id":"a","work":…` of what was submitted.
  /\{"id":"((?:[^"\\]|\\.)*)","work":/g,
]

/** Searches the text: a broken line may not be JSON. */
function lostEntry(file: string, line: number, text: string): LostEntry | undefined {
  const seq = /^\{"seq":(\d+)/.exec(text)?.[1]
  if (seq === undefined) return undefined
  const type = /"event":\{"type":"([^"\\]+)"/.exec(text)?.[1]
  return { file, line, seq: Number(seq), type }
}

/** The order matters: until the last step, the journal stays broken and cannot be opened. */
async function cutBehind(
  folder: string,
  segments: readonly Segment[],
  last: WholeEntry | undefined,
  snapshots: readonly string[],
  toSeq: number,
): Promise<string> {
  const [first] = segments
  const cut = last?.segment ?? first
  if (cut === undefined) throw notFound(folder)
  const keptIn = await newFolder(folder, toSeq)
  const bytes = readFileSync(cut.file).subarray(0, last?.byte ?? headerBytes(cut.file))
  await copyFile(cut.file, join(keptIn, basename(cut.file)))
  await syncFile(join(keptIn, basename(cut.file)))
  const behind = segments.filter(({ firstSeq }) => firstSeq > cut.firstSeq).toReversed()
  for (const file of [...behind.map((segment) => segment.file), ...snapshots]) {
    await rename(file, join(keptIn, basename(file)))
  }
  await syncFolder(keptIn)
  await syncFolder(folder)
  await writeWholeFile(cut.file, Buffer.concat([bytes, lastLine(last)]))
  return keptIn
}

/** The last kept entry, written as the end of its batch. */
function lastLine(last: WholeEntry | undefined): Buffer {
  if (last === undefined) return Buffer.alloc(0)
  const { segment, byte, previous, batchLines } = last
  for (const line of readLines(segment.file)) {
    if (line.byte !== byte) continue
    const record = parseRecord(line.bytes)
    if (record === undefined) break
    return Buffer.from(sealBatch([openRecord(record)], previous, batchLines).text)
  }
  throw notFound(segment.file)
}

function headerBytes(file: string): number {
  for (const { bytes } of readLines(file)) return bytes.length + 1
  return statSync(file).size
}

/** Folders where repairs of this journal keep what they removed. */
export function removedFolders(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((found) => found.isDirectory() && /^removed-after-\d+(-\d+)?$/.test(found.name))
    .map(({ name }) => join(folder, name))
}

async function newFolder(folder: string, toSeq: number): Promise<string> {
  for (let count = 1; ; count++) {
    const path = join(folder, `removed-after-${toSeq}${count === 1 ? '' : `-${count}`}`)
    const isMade = await mkdir(path, { mode: privateFolderMode }).then(
      () => true,
      (error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
        throw error
      },
    )
    if (isMade) return path
  }
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function invalid(message: string): JarcastError {
  return new JarcastError('CONFIG_INVALID', message, { details: { setting: 'to' } })
}
