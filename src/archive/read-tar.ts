/** Reads tar archives, plain or gzipped, entry by entry, and limits their decompressed size. */
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { decodeName } from './archive-names.ts'
import { createByteSource } from './byte-source.ts'
import type { ByteSource } from './byte-source.ts'
import { corruptArchive, createByteMeter, toArchiveError } from './entry-rules.ts'
import type { ArchiveLimits } from './entry-rules.ts'
import { gunzip } from './gunzip.ts'
import { readBytes, readRange } from './read-bytes.ts'
import { checkSparseMap, readOldSparseMap, readSparseMapInBody, toSparseMap } from './sparse-map.ts'
import type { SparseMap } from './sparse-map.ts'
import { addRecords, noValues, toTarEntry } from './tar-entry.ts'
import type { PaxValues, TarEntry } from './tar-entry.ts'
import { blockBytes, hasRightChecksum, isZeroBlock, readText, readTarHeader } from './tar-header.ts'
import type { TarHeader } from './tar-header.ts'

/** Receives the content of a file. */
export interface FileSink {
  /** Bytes for `position` of the file. Positions increase; a gap is a hole. */
  write(bytes: Buffer, position: number): void
  end(): void
}

/** An entry, and the layout of its content. */
interface Found {
  readonly entry: TarEntry
  /** The regions of a file; only one if it is not sparse. */
  readonly map: SparseMap
  readonly storedBytes: number
}

/** Values from extended headers since the last entry. */
interface Pending {
  local: PaxValues
  isForEntry?: boolean
  longName?: Buffer
  longLinkName?: Buffer
}

const maxExtendedBytes = 16 * 1024 * 1024
/** Padding that is read after the end, so that the checksum of a gzip file is verified. */
const maxPaddingBytes = 1024 * 1024
/** Types of extended headers. `X` is `x` from Solaris. */
const extended = new Set(['x', 'X', 'g', 'L', 'K'])
/** Ignored types: volume labels of GNU, and access lists of Solaris. */
const harmless = new Set(['V', 'A'])

/**
 * Calls `visit` for each entry; it returns the sink for the content of a file. Sparse files get
 * their holes back. The limits also count headers, padding and extended headers, which would
 * otherwise cost time without limit. Bytes after the end of the archive are not read.
 * Throws `LIBRARY_CORRUPT` for an archive that is incomplete, exceeds the limits or has an entry
 * that cannot be unpacked; errors of `visit` and of this host's files unchanged.
 */
export async function readTar(
  path: string,
  limits: ArchiveLimits,
  visit: (entry: TarEntry) => FileSink | undefined,
): Promise<void> {
  const archive = basename(path)
  try {
    const measure = createByteMeter((await stat(path)).size, limits)
    const source = createByteSource(readDecompressed(path), (bytes) => {
      const tooMuch = measure(bytes)
      if (tooMuch !== undefined) throw corruptArchive(archive, tooMuch)
    })
    try {
      await readEntries(source, visit)
    } finally {
      await source.close()
    }
  } catch (error) {
    throw toArchiveError(archive, error)
  }
}

async function readEntries(
  source: ByteSource,
  visit: (entry: TarEntry) => FileSink | undefined,
): Promise<void> {
  let global = noValues
  let pending: Pending = { local: global }
  let isFirst = true
  for (;;) {
    const block = await source.read(blockBytes)
    if (isFirst && isGzip(block)) throw new Error('is compressed twice')
    // Some archives have no end mark.
    const isEnd = block.length === 0 && !isFirst
    if (!isEnd && block.length < blockBytes)
      throw new Error(`ends after ${block.length} bytes of a header`)
    if (isEnd || isZeroBlock(block)) {
      if (pending.isForEntry === true) throw new Error('ends before the last entry')
      return await skipPadding(source, isFirst)
    }
    if (!hasRightChecksum(block))
      throw new Error(isFirst ? 'is no tar archive' : 'a header with a wrong checksum')
    isFirst = false
    const header = readTarHeader(block)
    if (extended.has(header.typeFlag)) {
      const body = await readExtended(source, header)
      if (header.typeFlag !== 'g') pending.isForEntry = true
      if (header.typeFlag === 'L') pending.longName = readText(body, 0, body.length)
      else if (header.typeFlag === 'K') pending.longLinkName = readText(body, 0, body.length)
      else if (header.typeFlag === 'g') {
        global = addRecords(global, body)
        pending.local = addRecords(pending.local, body)
      } else pending.local = addRecords(pending.local, body)
    } else if (harmless.has(header.typeFlag)) {
      await passContent(source, header.sizeBytes, () => undefined)
    } else {
      const found = await readFound(source, block, header, pending)
      pending = { local: global }
      const sink = visit(found.entry)
      await passRegions(source, found, sink)
      sink?.end()
    }
  }
}

async function readExtended(source: ByteSource, { sizeBytes }: TarHeader): Promise<Buffer> {
  if (!(sizeBytes >= 0 && sizeBytes <= maxExtendedBytes))
    throw new Error(`an extended header of ${sizeBytes} bytes`)
  const pieces: Buffer[] = []
  await passContent(source, sizeBytes, (bytes) => pieces.push(bytes))
  return Buffer.concat(pieces)
}

async function readFound(
  source: ByteSource,
  block: Buffer,
  header: TarHeader,
  { local, longName, longLinkName }: Pending,
): Promise<Found> {
  const { storedBytes, ...entry } = toTarEntry(
    {
      ...header,
      ...(longName && { name: decodeName(longName) }),
      ...(longLinkName && { linkName: decodeName(longLinkName) }),
    },
    local,
  )
  const sparse = entry.kind === 'file' ? await readMap(source, block, header, local) : undefined
  if (sparse === undefined) {
    const regions = [{ offset: 0, length: entry.sizeBytes }]
    return { entry, map: { regions, sizeBytes: entry.sizeBytes }, storedBytes }
  }
  const contentBytes = storedBytes - sparse.mapBytes
  checkSparseMap(sparse, contentBytes)
  return {
    entry: { ...entry, sizeBytes: sparse.sizeBytes },
    map: sparse,
    storedBytes: contentBytes,
  }
}

/** Undefined for a file that is not sparse. */
async function readMap(
  source: ByteSource,
  block: Buffer,
  { typeFlag, name }: TarHeader,
  { values, sparsePairs }: PaxValues,
): Promise<(SparseMap & { readonly mapBytes: number }) | undefined> {
  const read = async (length: number): Promise<Buffer> => {
    const bytes = await source.read(length)
    if (bytes.length < length) throw new Error('ends in a sparse file')
    return bytes
  }
  if (typeFlag === 'S') {
    // In archives of star, this letter is another type.
    if (block.toString('latin1', 257, 263) !== 'ustar ')
      throw new Error(`an entry that cannot be unpacked (type S): ${name}`)
    return { ...(await readOldSparseMap(block, read)), mapBytes: 0 }
  }
  const text = (keyword: string): string | undefined =>
    values.get(`GNU.sparse.${keyword}`)?.toString('latin1')
  const [major, minor, map] = [text('major'), text('minor'), text('map')]
  const size = text('realsize') ?? text('size')
  if (major !== undefined && `${major}.${minor}` !== '1.0')
    throw new Error(`a sparse file of format ${major}.${minor}`)
  if (size === undefined) {
    if (major !== undefined || map !== undefined || sparsePairs.length > 0)
      throw new Error('a sparse file without a size')
    return undefined
  }
  if (major !== undefined) return await readSparseMapInBody(size, read)
  const numbers = map === undefined ? sparsePairs : map.split(',')
  return { ...toSparseMap(numbers, size), mapBytes: 0 }
}

/** Writes the stored bytes to the regions of the map, in their order. */
async function passRegions(
  source: ByteSource,
  { map: { regions }, storedBytes }: Found,
  sink: FileSink | undefined,
): Promise<void> {
  let [index, done] = [0, 0]
  await passContent(source, storedBytes, (bytes) => {
    if (sink === undefined) return
    for (let rest = bytes; rest.length > 0;) {
      const { offset = 0, length = rest.length } = regions[index] ?? {}
      const piece = rest.subarray(0, length - done)
      if (piece.length > 0) sink.write(piece, offset + done)
      rest = rest.subarray(piece.length)
      done += piece.length
      if (done === length) [index, done] = [index + 1, 0]
    }
  })
}

async function passContent(
  source: ByteSource,
  length: number,
  take: (bytes: Buffer) => void,
): Promise<void> {
  const padding = (blockBytes - (length % blockBytes)) % blockBytes
  const found = await source.pass(length, take)
  if (found < length) throw new Error(`ends ${length - found} bytes too early`)
  // It may be missing after the last entry.
  await source.pass(padding, () => undefined)
}

/**
 * Reads the padding after the end mark. In an archive without entries it must be zeros, since other
 * files, such as disk images, begin with zeros, too.
 */
async function skipPadding(source: ByteSource, mustBeZero: boolean): Promise<void> {
  await source.pass(maxPaddingBytes, (bytes) => {
    if (mustBeZero && !isZeroBlock(bytes)) throw new Error('is no tar archive')
  })
}

async function* readDecompressed(path: string): AsyncGenerator<Buffer> {
  const file = await open(path, 'r')
  try {
    const isPacked = isGzip(await readBytes(file, 0, 1))
    yield* isPacked ? gunzip(file) : readRange(file, 0, (await file.stat()).size)
  } finally {
    await file.close()
  }
}

/** The first byte is enough: no path of an entry may begin with it. */
function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f
}
