/**
 * Reads the central directory of a zip archive, which lists its entries. The archive may be
 * hostile.
 * Source: PKWARE APPNOTE.TXT 4.3.12 to 4.3.16 and 4.5.3 (zip64).
 */
import { isUtf8 } from 'node:buffer'
import type { FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { JarcastError } from '../errors.ts'
import { decodeCp437, decodeName } from './archive-names.ts'
import { readBytes } from './read-bytes.ts'

export interface ZipEntry {
  /** As in the archive, not checked; see `archive-names.ts` for other encodings than UTF-8. */
  readonly name: string
  /** Made on a system where `\\` separates folders, such as Windows. */
  readonly isFromDos: boolean
  /** A folder of such a system, with or without a slash at the end of its name. */
  readonly isDosFolder: boolean
  /** 0: stored; 8: deflated; others cannot be read. */
  readonly method: number
  readonly isEncrypted: boolean
  readonly crc32: number
  /** From the directory; the content may have another size. */
  readonly sizeBytes: number
  readonly compressedBytes: number
  /** Position of the local header in the file. */
  readonly offset: number
  /** `st_mode` if the entry has one, otherwise 0. */
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
  /** Bytes before the archive, such as a start script; offsets start after them. */
  readonly prefixBytes: number
}

const endSignature = 0x06054b50
const end64Signature = 0x06064b50
const locatorSignature = 0x07064b50
const headerSignature = 0x02014b50
const splitSignature = 0x08074b50
const splitArchive = 'a part of a split archive; join the parts, as by zip -s 0 PART --out WHOLE'
const endBytes = 22
const end64Bytes = 56
const locatorBytes = 20
const headerBytes = 46
const maxCommentBytes = 65_535
// APPNOTE 4.4.2.2; 11 is NTFS in Info-ZIP.
const unixHost = 3
const dosHosts: readonly number[] = [0, 6, 10, 11, 14]
const utf8Flag = 0x800
const dosFolder = 0x10
/** Mark of p7zip, on any host, for an `st_mode` in the upper half. */
const hasUnixMode = 0x8000
const zip64Id = 1
const unicodePathId = 0x7075

/**
 * Reads all entries, in the order of the directory. Rejects with `LIBRARY_CORRUPT` for a file that
 * is not a zip archive, is a part of a split archive, or exceeds the limits.
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
  // To its end: for more than 65,535 entries, some programs write only the lower half of the
  // number.
  while (at + headerBytes <= directory.length && directory.readUInt32LE(at) === headerSignature) {
    if (entries.length === maxEntries) throw corrupt(`more than ${maxEntries} entries`)
    const nameBytes = directory.readUInt16LE(at + 28)
    const extraBytes = directory.readUInt16LE(at + 30)
    const next = at + headerBytes + nameBytes + extraBytes + directory.readUInt16LE(at + 32)
    if (next > directory.length) throw corrupt('an entry that reaches beyond the directory')
    if (nameBytes > maxNameBytes) throw corrupt(`a name of ${nameBytes} bytes`)
    entries.push(readHeader(directory, at, nameBytes, extraBytes, place.prefixBytes))
    at = next
  }
  const isWhole = entries.length === place.entries || entries.length % 0x10000 === place.entries
  if (!isWhole) throw corrupt(`a broken directory after ${entries.length} entries`)
  return entries
}

/** True if there is a directory, also with a program before the archive. */
export async function hasZipDirectory(handle: FileHandle): Promise<boolean> {
  return await findDirectory(handle).then(
    () => true,
    () => false,
  )
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
    // A comment may contain a signature, too.
    if (place !== undefined) return place
  }
  const start = await readBytes(handle, 0, 4)
  const isPart = start.length === 4 && start.readUInt32LE(0) === splitSignature
  throw corrupt(isPart ? splitArchive : 'no end of a zip directory')
}

/** Undefined if the directory is not at the position in this record. */
async function readEnd(
  handle: FileHandle,
  end: Buffer,
  position: number,
): Promise<DirectoryPlace | undefined> {
  const disks = [end.readUInt16LE(4), end.readUInt16LE(6)]
  if (disks.some((disk) => disk !== 0 && disk !== 0xffff)) throw corrupt(splitArchive)
  const plain = {
    entries: end.readUInt16LE(10),
    sizeBytes: end.readUInt32LE(12),
    offset: end.readUInt32LE(16),
    position,
  }
  // Some archives have a wide record without need.
  for (const found of [await readEnd64(handle, position), plain]) {
    if (found === undefined) continue
    const start = found.position - found.sizeBytes
    const prefixBytes = start - found.offset
    if (start < 0 || prefixBytes < 0) continue
    const { entries, sizeBytes } = found
    if (entries === 0) return { entries, start, sizeBytes, prefixBytes }
    const signature = await readBytes(handle, start, 4)
    if (signature.length === 4 && signature.readUInt32LE(0) === headerSignature)
      return { entries, start, sizeBytes, prefixBytes }
  }
  return undefined
}

/** Undefined for an archive without the wide record. */
async function readEnd64(handle: FileHandle, position: number) {
  const locator = await readBytes(handle, position - locatorBytes, locatorBytes)
  if (locator.length < locatorBytes || locator.readUInt32LE(0) !== locatorSignature)
    return undefined
  // At its offset, or, if other bytes precede the archive, right before its locator.
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
  const rawName = directory.subarray(nameStart, nameStart + nameBytes)
  const extra = directory.subarray(nameStart + nameBytes, nameStart + nameBytes + extraBytes)
  const sizes = widen(extra, [
    directory.readUInt32LE(at + 24),
    directory.readUInt32LE(at + 20),
    directory.readUInt32LE(at + 42),
  ])
  const [sizeBytes = 0, compressedBytes = 0, offset = 0] = sizes
  const host = directory[at + 5] ?? 0
  const flags = directory.readUInt16LE(at + 8)
  const attributes = directory.readUInt32LE(at + 38)
  const isFromDos = dosHosts.includes(host)
  const hasMode = host === unixHost || (attributes & hasUnixMode) !== 0
  return {
    name: readName(rawName, extra, (flags & utf8Flag) !== 0, isFromDos),
    isFromDos,
    isDosFolder: isFromDos && (attributes & dosFolder) !== 0,
    method: directory.readUInt16LE(at + 10),
    isEncrypted: (flags & 1) !== 0,
    crc32: directory.readUInt32LE(at + 16),
    sizeBytes,
    compressedBytes,
    offset: offset + prefixBytes,
    unixMode: hasMode ? attributes >>> 16 : 0,
  }
}

/**
 * Decodes UTF-8 if the flag or an extra field for this name marks it, or if the bytes are UTF-8,
 * since some programs do not mark it. Otherwise decodes code page 437 for a name from DOS, and
 * escapes the bytes of others.
 */
function readName(raw: Buffer, extra: Buffer, isMarked: boolean, isFromDos: boolean): string {
  const unicode = findExtra(extra, unicodePathId)
  if (!isMarked && unicode !== undefined && unicode[0] === 1 && unicode.length > 5) {
    if (unicode.readUInt32LE(1) === crc32(raw)) return decodeName(unicode.subarray(5))
  }
  return isMarked || !isFromDos || isUtf8(raw) ? decodeName(raw) : decodeCp437(raw)
}

function findExtra(extra: Buffer, id: number): Buffer | undefined {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === id)
      return extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2))
  }
  return undefined
}

/**
 * Replaces fields of the maximum value by those of the zip64 extra field, which has them in order.
 */
function widen(extra: Buffer, fields: readonly number[]): readonly number[] {
  const wide = fields.includes(0xffffffff) ? findExtra(extra, zip64Id) : undefined
  let from = 0
  return fields.map((field) => {
    if (wide === undefined || field !== 0xffffffff || from + 8 > wide.length) return field
    from += 8
    return Number(wide.readBigUInt64LE(from - 8))
  })
}

function corrupt(what: string): JarcastError {
  return new JarcastError('LIBRARY_CORRUPT', `zip archive: ${what}`)
}
