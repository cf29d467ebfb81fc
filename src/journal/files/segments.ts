/** The files of a journal: segments, named after their first entry, so that names sort by entry. */
import { readdirSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { JarcastError } from '../../errors.ts'
import { makeFolders, privateFileMode } from '../../leases/private-files.ts'
import { timeProblem } from '../entry-times.ts'
import { corrupt, errnoOf, readFailure } from './file-errors.ts'
import { formatCrc } from './line.ts'
import { readLines } from './read-lines.ts'
import { encodeHeader, isHeader, parseHeader } from './record.ts'
import type { JournalHeader } from './record.ts'

export interface Segment {
  readonly file: string
  readonly firstSeq: number
}

/** A seq as written in file names. */
export function seqName(seq: number): string {
  return String(seq).padStart(16, '0')
}

/** The segments of a folder, in order. Throws JOURNAL_NOT_FOUND, JOURNAL_UNREADABLE. */
export function listSegments(folder: string): readonly Segment[] {
  return namesIn(folder)
    .flatMap((name) => {
      const seq = /^journal-(\d{16})\.ndjson$/.exec(name)?.[1]
      return seq === undefined ? [] : [{ file: join(folder, name), firstSeq: Number(seq) }]
    })
    .toSorted((one, other) => one.firstSeq - other.firstSeq)
}

/** The names in a folder. Throws JOURNAL_NOT_FOUND, JOURNAL_UNREADABLE. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    throw readFailure(folder, error)
  }
}

/** Reads the header of a file. Throws JOURNAL_CORRUPT, JOURNAL_UNSUPPORTED. */
export function readHeader(file: string, seq = 1): JournalHeader {
  for (const { bytes, ended } of readLines(file)) {
    const header = ended ? parseHeader(bytes) : undefined
    if (header === undefined) break
    if (header.format !== 1) throw unsupported(file, header.format)
    if (!isHeader(header)) break
    const problem = timeProblem(header.createdAt)
    if (problem !== undefined) throw corrupt({ file, line: 1, seq, byte: 0 }, problem)
    return header
  }
  throw corrupt({ file, line: 1, seq, byte: 0 }, 'is no header of a journal')
}

/**
 * Throws JOURNAL_CORRUPT unless `found`, the header of `file`, continues the journal of `first`,
 * whose next entry is `seq`, and whose last line has the `crc` in `chain`, if that is known.
 */
export function assertContinues(
  first: JournalHeader,
  found: JournalHeader,
  file: string,
  seq: number,
  chain?: number,
): void {
  const problem = discontinuity(first, found, seq, chain)
  if (problem !== undefined) throw corrupt({ file, line: 1, seq, byte: 0 }, problem)
}

/** Returns why a header does not continue a journal; undefined if it does. */
export function discontinuity(
  first: JournalHeader,
  found: JournalHeader,
  seq: number,
  chain?: number,
): string | undefined {
  if (found.firstSeq !== seq) {
    return `begins with entry ${found.firstSeq}: a segment is missing, cut or doubled`
  }
  const same = { chain: first.chain, firstSeq: first.firstSeq }
  if (!isDeepStrictEqual({ ...found, ...same }, first)) return 'is the header of another journal'
  return chain === undefined || found.chain === formatCrc(chain)
    ? undefined
    : 'does not continue the file before: lines are missing there, or it is of another copy'
}

/** Creates a segment with its header, durably. */
export async function createSegment(folder: string, header: JournalHeader): Promise<Segment> {
  const file = join(folder, `journal-${seqName(header.firstSeq)}.ndjson`)
  await writeWholeFile(file, encodeHeader(header))
  return { file, firstSeq: header.firstSeq }
}

/**
 * Writes a file completely or not at all, replacing an existing one. Only its owner can read it.
 */
export async function writeWholeFile(file: string, text: string | Buffer): Promise<void> {
  const draft = `${file}.tmp`
  try {
    const handle = await open(draft, 'w', privateFileMode)
    try {
      // A draft left by a crash may have other modes.
      await handle.chmod(privateFileMode)
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined)
    throw error
  }
  await syncFolder(dirname(file))
}

/** Makes a folder that only its owner can enter, and makes its name durable. */
export async function createFolder(folder: string): Promise<void> {
  const made = makeFolders(folder)
  if (made !== undefined) await syncFolder(dirname(made))
}

/** Makes the names in a folder durable, where the system can do that. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(ignoreUnlessDisk)
  try {
    await handle?.sync().catch(ignoreUnlessDisk)
  } finally {
    await handle?.close()
  }
}

/** Not every system can open or sync folders. Throws the errors of a failing disk. */
function ignoreUnlessDisk(error: unknown): undefined {
  if (['EIO', 'ENOSPC', 'EDQUOT', 'EROFS'].includes(errnoOf(error) ?? '')) throw error
}

function unsupported(file: string, format: number): JarcastError {
  return new JarcastError(
    'JOURNAL_UNSUPPORTED',
    `${file} has format ${format}, and this version of jarcast reads format 1: use a newer version`,
    { details: { file, format } },
  )
}
