/** Ends a journal after an entry, and keeps what it removes. */
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { copyFile, mkdir, open, rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { privateFolderMode } from '../../leases/private-files.ts'
import { errnoOf } from '../files/file-errors.ts'
import { sealBatch } from '../files/line.ts'
import { readLines } from '../files/read-lines.ts'
import type { RecordLine } from '../files/read-records.ts'
import { openRecord } from '../files/record.ts'
import { syncFolder, writeWholeFile } from '../files/segments.ts'
import type { Segment } from '../files/segments.ts'

/** The last entry that is kept: its line becomes the end of its batch. */
export type LastLine = RecordLine<{ readonly type: string }>

/**
 * Cuts off all lines after the last kept entry, and removes the later segments and the snapshots.
 * Returns the folder with a copy of everything that was changed or removed. The order matters:
 * until the last step, the journal stays broken and cannot be opened.
 */
export async function cutAfter(
  folder: string,
  segments: readonly [Segment, ...Segment[]],
  last: LastLine | undefined,
  snapshots: readonly string[],
  toSeq: number,
): Promise<string> {
  const cut = segments.find(({ file }) => file === last?.place.file) ?? segments[0]
  const keptIn = await newFolder(folder, toSeq)
  const kept = readFileSync(cut.file).subarray(0, last?.place.byte ?? headerBytes(cut.file))
  const copy = join(keptIn, basename(cut.file))
  await copyFile(cut.file, copy)
  await syncFile(copy)
  const later = segments.filter(({ firstSeq }) => firstSeq > cut.firstSeq).toReversed()
  for (const file of [...later.map((segment) => segment.file), ...snapshots]) {
    await rename(file, join(keptIn, basename(file)))
  }
  await syncFolder(keptIn)
  await syncFolder(folder)
  await writeWholeFile(cut.file, Buffer.concat([kept, lastLineOf(last)]))
  return keptIn
}

/** Folders where repairs of this journal keep what they removed. */
export function removedFolders(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((found) => found.isDirectory() && /^removed-after-\d+(-\d+)?$/.test(found.name))
    .map(({ name }) => join(folder, name))
}

function lastLineOf(last: LastLine | undefined): Buffer {
  if (last === undefined) return Buffer.alloc(0)
  const { record, previous, batchLines } = last
  return Buffer.from(sealBatch([openRecord(record)], previous, batchLines).text)
}

function headerBytes(file: string): number {
  for (const { bytes } of readLines(file)) return bytes.length + 1
  return statSync(file).size
}

async function newFolder(folder: string, toSeq: number): Promise<string> {
  for (let count = 1; ; count++) {
    const path = join(folder, `removed-after-${toSeq}${count === 1 ? '' : `-${count}`}`)
    try {
      await mkdir(path, { mode: privateFolderMode })
      return path
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error
    }
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
