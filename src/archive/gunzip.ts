/** Decompresses gzip files, as `gzip -dc` does. Source: RFC 1952. */
import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { crc32, createInflateRaw } from 'node:zlib'
import { readBytes, readRange } from './read-bytes.ts'

const chunkBytes = 256 * 1024
const fixedBytes = 10
const trailerBytes = 8
const maxHeaderBytes = 256 * 1024
/** bgzip ends its files with an empty member. Many empty members would only cost time. */
const maxEmptyMembers = 1000
const flags = { checksum: 2, extra: 4, name: 8, comment: 16 }

/**
 * Yields the content of all members, and verifies the checksum and length of each. Ignores bytes
 * after the last member, which Node's own decompressor refuses. Throws if a member is damaged or
 * ends too early.
 */
export async function* gunzip(file: FileHandle): AsyncGenerator<Buffer> {
  let emptyMembers = 0
  for (let at = 0, bytes = 0; ; at += bytes) {
    const headerBytes = await findContent(file, at)
    if (headerBytes === undefined && at === 0) throw new Error('a damaged gzip header')
    if (headerBytes === undefined) return
    const member = readMember(file, at + headerBytes)
    let next = await member.next()
    if (next.done === true && (emptyMembers += 1) > maxEmptyMembers)
      throw new Error(`more than ${maxEmptyMembers} empty gzip members`)
    try {
      for (; next.done !== true; next = await member.next()) yield next.value
    } finally {
      if (next.done !== true) await member.return(0)
    }
    bytes = headerBytes + next.value
  }
}

/** Length of the header at `at`; undefined if there is none. */
async function findContent(file: FileHandle, at: number): Promise<number | undefined> {
  const start = await readBytes(file, at, fixedBytes)
  if (start.length < fixedBytes || start.readUInt16BE(0) !== 0x1f8b || start[2] !== 8)
    return undefined
  const flag = start[3] ?? 0
  if (flag === 0) return fixedBytes
  const header = await readBytes(file, at, maxHeaderBytes)
  let length = fixedBytes
  if (flag & flags.extra && length + 2 <= header.length) length += 2 + header.readUInt16LE(length)
  for (const text of [flags.name, flags.comment]) {
    if (!(flag & text)) continue
    const end = header.indexOf(0, length)
    if (end === -1) throw new Error('a damaged gzip header')
    length = end + 1
  }
  if (flag & flags.checksum) length += 2
  return length
}

/** Yields the content of a member, and returns its compressed length with the trailer. */
async function* readMember(file: FileHandle, start: number): AsyncGenerator<Buffer, number> {
  const { size } = await file.stat()
  const raw = Readable.from(readRange(file, start, size))
  const inflated = createInflateRaw({ chunkSize: chunkBytes })
  raw.on('error', (error) => inflated.destroy(error))
  inflated.on('close', () => raw.destroy())
  let [sum, bytes] = [0, 0]
  for await (const chunk of raw.pipe(inflated) as AsyncIterable<Buffer>) {
    sum = crc32(chunk, sum)
    bytes += chunk.length
    yield chunk
  }
  const packedBytes = inflated.bytesWritten
  const trailer = await readBytes(file, start + packedBytes, trailerBytes)
  if (trailer.length < trailerBytes) throw new Error('a gzip file that ends too early')
  if (trailer.readUInt32LE(0) !== sum || trailer.readUInt32LE(4) !== bytes % 2 ** 32)
    throw new Error('a gzip member with a wrong checksum')
  return packedBytes + trailerBytes
}
