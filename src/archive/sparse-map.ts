/**
 * Maps of sparse files: the regions of their stored bytes, with holes in between.
 * Source: GNU tar manual, "Storing Sparse Files" (old GNU format, PAX 0.0, 0.1 and 1.0).
 */
import { blockBytes, readTarNumber } from './tar-header.ts'

export interface SparseRegion {
  readonly offset: number
  readonly length: number
}

export interface SparseMap {
  readonly regions: readonly SparseRegion[]
  /** Size of the file with its holes. */
  readonly sizeBytes: number
}

/** Reads this number of bytes of the archive, or throws. */
type ReadBytes = (length: number) => Promise<Buffer>

const pairBytes = 24
const maxRegions = 1_000_000

/** Reads the map of the old GNU format: in the header, and in blocks right after it. */
export async function readOldSparseMap(header: Buffer, read: ReadBytes): Promise<SparseMap> {
  const regions = readPairs(header.subarray(386, 482))
  let hasMore = header[482] !== 0
  while (hasMore) {
    const block = await read(blockBytes)
    regions.push(...readPairs(block.subarray(0, 504)))
    if (regions.length > maxRegions) throw broken()
    hasMore = block[504] !== 0
  }
  return { regions, sizeBytes: readTarNumber(header.subarray(483, 495)) }
}

function readPairs(bytes: Buffer): SparseRegion[] {
  const regions: SparseRegion[] = []
  for (let at = 0; at < bytes.length; at += pairBytes) {
    // Unused pairs at the end are empty.
    if (bytes[at] === 0 && bytes[at + 12] === 0) break
    const offset = readTarNumber(bytes.subarray(at, at + 12))
    const length = readTarNumber(bytes.subarray(at + 12, at + pairBytes))
    regions.push({ offset, length })
  }
  return regions
}

/** Makes the map of PAX 0.0 and 0.1 from decimal numbers: offset and length of each region. */
export function toSparseMap(numbers: readonly string[], size: string): SparseMap {
  const [values, sizeBytes] = [numbers.map(toNumber), toNumber(size)]
  if (values.length % 2 !== 0) throw broken()
  const regions: SparseRegion[] = []
  for (let at = 0; at < values.length; at += 2)
    regions.push({ offset: values[at] ?? NaN, length: values[at + 1] ?? NaN })
  return { regions, sizeBytes }
}

/**
 * Reads the map of PAX 1.0: blocks before the content, with a number per line, first the number of
 * regions. `mapBytes` is the size of these blocks.
 */
export async function readSparseMapInBody(
  size: string,
  read: ReadBytes,
): Promise<SparseMap & { readonly mapBytes: number }> {
  const lines: string[] = []
  let mapBytes = 0
  let partial = ''
  for (;;) {
    const block = await read(blockBytes)
    mapBytes += block.length
    const parts = (partial + block.toString('latin1')).split('\n')
    partial = parts.pop() ?? ''
    lines.push(...parts)
    const count = toNumber(lines[0] ?? partial)
    if (lines.length > 2 * count)
      return { ...toSparseMap(lines.slice(1, 1 + 2 * count), size), mapBytes }
    if (!(count <= maxRegions) || partial.length > 16) throw broken()
  }
}

/** Throws unless the regions are in order, inside the file, and as long as the stored bytes. */
export function checkSparseMap({ regions, sizeBytes }: SparseMap, storedBytes: number): void {
  let end = 0
  let bytes = 0
  for (const { offset, length } of regions) {
    if (!(offset >= end && length >= 0)) throw broken()
    end = offset + length
    bytes += length
  }
  if (!(end <= sizeBytes && Number.isSafeInteger(sizeBytes)) || bytes !== storedBytes)
    throw broken()
}

function toNumber(text: string): number {
  return /^\d{1,16}$/.test(text) ? Number(text) : NaN
}

function broken(): Error {
  return new Error('a sparse file with a damaged map')
}
