/**
 * Reads the content of zip entries, and verifies it against the directory.
 * Source: PKWARE APPNOTE.TXT 4.3.7 (local file header), 4.4.5 (methods).
 */
import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { crc32, createInflateRaw } from 'node:zlib'
import { JarcastError } from '../errors.ts'
import { showName } from './archive-names.ts'
import { readBytes, readRange } from './read-bytes.ts'
import type { ZipEntry } from './zip-directory.ts'

const localSignature = 0x04034b50
const localBytes = 30
// APPNOTE 4.4.5.
const methods: Readonly<Record<number, string>> = {
  1: 'Shrink',
  6: 'Implode',
  9: 'Deflate64',
  12: 'bzip2',
  14: 'LZMA',
  93: 'Zstandard',
  95: 'xz',
  98: 'PPMd',
  99: 'AES',
}

/**
 * Yields the bytes of an entry. Throws `LIBRARY_CORRUPT` for more than `maxBytes`, for another size
 * or checksum than in the directory, and for an entry that is encrypted or not compressed by
 * `deflate`.
 */
export async function* readZipEntry(
  handle: FileHandle,
  entry: ZipEntry,
  maxBytes: number,
): AsyncGenerator<Buffer> {
  assertReadable(entry)
  const limit = Math.min(maxBytes, entry.sizeBytes)
  let size = 0
  let sum = 0
  try {
    for await (const chunk of await openContent(handle, entry)) {
      size += (chunk as Buffer).length
      if (size > limit) throw corrupt(entry, `has more than ${limit} bytes`)
      sum = crc32(chunk as Buffer, sum)
      yield chunk as Buffer
    }
  } catch (cause) {
    if (cause instanceof JarcastError) throw cause
    throw corrupt(entry, `cannot be read (${(cause as Error).message})`, cause)
  }
  if (size !== entry.sizeBytes || sum !== entry.crc32)
    throw corrupt(entry, 'has another size or checksum than in the directory')
}

/** Throws `LIBRARY_CORRUPT` for an entry that is encrypted or compressed by another method. */
export function assertReadable(entry: ZipEntry): void {
  const { method, isEncrypted } = entry
  if (isEncrypted) throw corrupt(entry, 'is encrypted; make the archive without a password')
  if (method === 0 || method === 8) return
  const name = methods[method] === undefined ? '' : ` (${methods[method]})`
  throw corrupt(entry, `is compressed by method ${method}${name}; make the archive with Deflate`)
}

async function openContent(handle: FileHandle, entry: ZipEntry): Promise<Readable> {
  const header = await readBytes(handle, entry.offset, localBytes)
  if (header.length < localBytes || header.readUInt32LE(0) !== localSignature) {
    throw corrupt(entry, 'has no header at its offset')
  }
  if (entry.compressedBytes === 0) return Readable.from([])
  const start = entry.offset + localBytes + header.readUInt16LE(26) + header.readUInt16LE(28)
  const end = start + entry.compressedBytes
  const { size } = await handle.stat()
  if (!(end <= size)) throw corrupt(entry, 'reaches beyond the archive')
  const raw = Readable.from(readRange(handle, start, end))
  if (entry.method === 0) return raw
  const inflated = createInflateRaw()
  raw.on('error', (error) => inflated.destroy(error))
  inflated.on('close', () => raw.destroy())
  return raw.pipe(inflated)
}

function corrupt({ name }: ZipEntry, what: string, cause?: unknown): JarcastError {
  const message = `zip entry ${JSON.stringify(showName(name.slice(0, 200)))} ${what}`
  return new JarcastError('LIBRARY_CORRUPT', message, { cause })
}
