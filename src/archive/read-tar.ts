/** Reads tar archives, plain or gzipped, entry by entry, and meters everything that comes out of them. */
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Parser } from 'tar'
import type { ReadEntry } from 'tar'
import { corruptArchive, createByteMeter, toArchiveError } from './entry-rules.ts'
import type { ArchiveLimits } from './entry-rules.ts'
import { readBytes } from './read-bytes.ts'

const chunkBytes = 256 * 1024
/** What the parser skips and nobody misses. It skips sparse files as well, and names that are too long. */
const harmless: ReadonlySet<string> = new Set(['SolarisACL', 'TapeVolumeHeader'])

/**
 * Shows each entry as it comes. `visit` must listen to the entry's data at once if it wants them, and
 * may throw, which ends the reading. Headers, padding and extended headers count as well as
 * contents: an archive must not keep its reader busy with what is no file. What follows the end of
 * the archive is not read.
 * Throws `LIBRARY_CORRUPT` for what is no whole archive or is beyond the limits, what `visit` throws,
 * and errors of this machine's files as they are.
 */
export async function readTar(
  path: string,
  limits: ArchiveLimits,
  visit: (entry: ReadEntry) => void,
): Promise<void> {
  const archive = basename(path)
  let fault: unknown
  let isOver = false
  // Decompressed here, where it can be metered, and never once more by the parser.
  const parser = new Parser({ strict: true, brotli: false, zstd: false, onReadEntry })
  parser.on('error', (error: unknown) => (fault ??= error))
  parser.on('eof', () => (isOver = true))
  parser.on('ignoredEntry', ({ type, path: skipped }: ReadEntry) => {
    if (!harmless.has(type))
      fault ??= corruptArchive(archive, `an entry that cannot be unpacked (${type}): ${skipped}`)
  })

  function onReadEntry(entry: ReadEntry): void {
    visit(entry)
    entry.resume()
  }

  try {
    const measure = createByteMeter((await stat(path)).size, limits)
    const input = await openDecompressed(path)
    let isFirst = true
    for await (const chunk of input as AsyncIterable<Buffer>) {
      const tooMuch = measure(chunk.length)
      if (tooMuch !== undefined) throw corruptArchive(archive, tooMuch)
      if (isFirst && isGzip(chunk)) throw corruptArchive(archive, 'is compressed twice')
      isFirst = false
      parser.write(chunk)
      if (fault !== undefined) throw fault
      if (isOver) return
    }
    parser.end()
    if (fault !== undefined) throw fault
  } catch (error) {
    throw toArchiveError(archive, error)
  }
}

async function openDecompressed(path: string): Promise<Readable> {
  const file = await open(path, 'r')
  try {
    const isPacked = isGzip(await readBytes(file, 0, 2))
    const raw = createReadStream(path, { highWaterMark: chunkBytes })
    if (!isPacked) return raw
    const unpacked = createGunzip({ chunkSize: chunkBytes })
    raw.on('error', (error) => unpacked.destroy(error))
    unpacked.on('close', () => raw.destroy())
    return raw.pipe(unpacked)
  } finally {
    await file.close()
  }
}

/** One byte of it is enough: no path of an entry may begin with it. */
function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f
}
