/**
 * The central directory of a zip archive: what is inside, without reading the content. Archives are taken for hostile.
 * Source: PKWARE APPNOTE.TXT 4.3.12 to 4.3.16 and 4.5.3 (zip64).
 */
import type { FileHandle } from 'node:fs/promises'
import { JarcastError } from '../errors.ts'
import { readBytes } from './read-bytes.ts'

export interface ZipEntry {
  /** As it stands in the archive, with `/`; ends in one for a folder. Never checked. */
  readonly name: string
  /** 0 stored, 8 deflated; others cannot be read. */
  readonly method: number
  readonly isEncrypted: boolean
  readonly crc32: number
  /** What the archive says; only reading tells. */
  readonly sizeBytes: number
  readonly compressedBytes: number
  /** Of the entry's own header in the file. */
  readonly offset: number
  /** `st_mode` where a Unix wrote it, else 0. */
  readonly unixMode: number
}

export interface ZipLimits {
  /** Default 1,000,000. */
  readonly maxEntries?: number
  /** Default 256 MiB. */
  readonly maxDirectoryBytes?: number
  /** Default 4096. */
  readonly maxNameBytes?: number
}

interface DirectoryPlace {
  readonly entries: number
  readonly start: number
  readonly sizeBytes: number
  /** Bytes before the archive, such as a start script: offsets do not count them. */
  readonly prefixBytes: number
}

const endSignature = 0x06054b50
const end64Signature = 0x06064b50
const locatorSignature = 0x07064b50
const headerSignature = 0x02014b50
const endBytes = 22
const end64Bytes = 56
const locatorBytes = 20
const headerBytes = 46
const maxCommentBytes = 65_535
const unix = 3

/**
 * All entries in the order of the directory. Rejects with `LIBRARY_CORRUPT` for what is no zip archive, is one of several
 * disks, or is beyond the limits.
 */
export async function readZipDirectory(
  handle: FileHandle,
  limits: ZipLimits = {},
): Promise<readonly ZipEntry[]> {
  const { maxEntries = 1_000_000, maxDirectoryBytes = 256 * 1024 * 1024 } = limits
  const { maxNameBytes = 4096 } = limits
  const place = await findDirectory(handle)
  if (place.entries > maxEntries) throw corrupt(`more than ${maxEntries} entries`)
  if (place.sizeBytes > maxDirectoryBytes) throw corrupt(`a directory over ${maxDirectoryBytes} B`)
  const directory = await readBytes(handle, place.start, place.sizeBytes)
  const entries: ZipEntry[] = []
  let at = 0
  while (entries.length < place.entries) {
    if (at + headerBytes > directory.length || directory.readUInt32LE(at) !== headerSignature) {
      throw corrupt(`a broken directory after ${entries.length} entries`)
    }
    const nameBytes = directory.readUInt16LE(at + 28)
    const extraBytes = directory.readUInt16LE(at + 30)
    const next = at + headerBytes + nameBytes + extraBytes + directory.readUInt16LE(at + 32)
    if (next > directory.length) throw corrupt('an entry that reaches beyond the directory')
    if (nameBytes > maxNameBytes) throw corrupt(`a name of ${nameBytes} bytes`)
    entries.push(readHeader(directory, at, nameBytes, extraBytes, place.prefixBytes))
    at = next
  }
  return entries
}

async function findDirectory(handle: FileHandle): Promise<DirectoryPlace> {
  const { size } = await handle.stat()
  const tailBytes = Math.min(size, endBytes + maxCommentBytes)
  const tailStart = size - tailBytes
  const tail = await readBytes(handle, tailStart, tailBytes)
  for (let at = tailBytes - endBytes; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== endSignature) continue
    if (at + endBytes + tail.readUInt16LE(at + 20) > tailBytes) continue
    const place = await readEnd(handle, tail.subarray(at, at + endBytes), tailStart + at)
    // A comment may hold a signature as well.
    if (place !== undefined) return place
  }
  throw corrupt('no end of a zip directory')
}

/** Undefined when there is no directory where this record says. */
async function readEnd(
  handle: FileHandle,
  end: Buffer,
  position: number,
): Promise<DirectoryPlace | undefined> {
  const entries = end.readUInt16LE(10)
  const sizeBytes = end.readUInt32LE(12)
  const offset = end.readUInt32LE(16)
  const needs64 = entries === 0xffff || sizeBytes === 0xffffffff || offset === 0xffffffff
  const wide = needs64 ? await readEnd64(handle, position) : undefined
  const found = wide ?? { entries, sizeBytes, offset, position }
  const start = found.position - found.sizeBytes
  const prefixBytes = start - found.offset
  if (start < 0 || prefixBytes < 0) return undefined
  if (found.entries > 0) {
    const signature = await readBytes(handle, start, 4)
    if (signature.length < 4 || signature.readUInt32LE(0) !== headerSignature) return undefined
  }
  return { entries: found.entries, start, sizeBytes: found.sizeBytes, prefixBytes }
}

/** Undefined for an archive that has just as many entries as a field can say. */
async function readEnd64(handle: FileHandle, position: number) {
  const locator = await readBytes(handle, position - locatorBytes, locatorBytes)
  if (locator.length < locatorBytes || locator.readUInt32LE(0) !== locatorSignature)
    return undefined
  // Where it should be, and, where something stands before the archive, right before its locator.
  for (const at of [Number(locator.readBigUInt64LE(8)), position - locatorBytes - end64Bytes]) {
    const end = await readBytes(handle, at, end64Bytes)
    if (end.length < end64Bytes || end.readUInt32LE(0) !== end64Signature) continue
    const [entries = 0, sizeBytes = 0, offset = 0] = [32, 40, 48].map((field) =>
      Number(end.readBigUInt64LE(field)),
    )
    return { entries, sizeBytes, offset, position: at }
  }
  return undefined
}

function readHeader(
  directory: Buffer,
  at: number,
  nameBytes: number,
  extraBytes: number,
  prefixBytes: number,
): ZipEntry {
  const nameStart = at + headerBytes
  const extra = directory.subarray(nameStart + nameBytes, nameStart + nameBytes + extraBytes)
  const sizes = widen(extra, [
    directory.readUInt32LE(at + 24),
    directory.readUInt32LE(at + 20),
    directory.readUInt32LE(at + 42),
  ])
  const [sizeBytes = 0, compressedBytes = 0, offset = 0] = sizes
  return {
    name: directory.toString('utf8', nameStart, nameStart + nameBytes),
    method: directory.readUInt16LE(at + 10),
    isEncrypted: (directory.readUInt16LE(at + 8) & 1) !== 0,
    crc32: directory.readUInt32LE(at + 16),
    sizeBytes,
    compressedBytes,
    offset: offset + prefixBytes,
    unixMode: directory[at + 5] === unix ? directory.readUInt16LE(at + 40) : 0,
  }
}

/** Replaces the fields that are full by those of the zip64 extra field, which has just these, in this order. */
function widen(extra: Buffer, fields: readonly number[]): readonly number[] {
  if (!fields.includes(0xffffffff)) return fields
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue
    let from = at + 4
    const end = Math.min(extra.length, from + extra.readUInt16LE(at + 2))
    return fields.map((field) => {
      if (field !== 0xffffffff || from + 8 > end) return field
      from += 8
      return Number(extra.readBigUInt64LE(from - 8))
    })
  }
  return fields
}

function corrupt(what: string): JarcastError {
  return new JarcastError('LIBRARY_CORRUPT', `zip archive: ${what}`)
}
