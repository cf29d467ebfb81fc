/**
 * One line of a journal: a JSON object whose last key, `crc`, is the CRC-32 of the bytes before it,
 * seeded with the `crc` of the previous line. So a line is valid only where it was written.
 *
 * A batch is the lines that were written and synced at once. Its last line has the number of its
 * lines before its `crc`: `"end":3`. A batch is written after the previous one is on the disk, so
 * only the last batch can lack its end.
 */
import { crc32 } from 'node:zlib'

/** Bound for the length of a line without its newline, and for the size of one write. */
export const maxLineBytes = 16 * 1024 * 1024
/** Largest number of bytes that sealing adds: the seal, the end of a batch, the newline. */
export const maxSealBytes = 40

const sealStart = Buffer.from(',"crc":"')
const sealEnd = Buffer.from('"}')
const endStart = Buffer.from(',"end":')
const crcDigits = 8
const sealBytes = sealStart.length + crcDigits + sealEnd.length
/** Upper bound for the number of lines in a write of `maxLineBytes`. */
const maxEndDigits = 9

/**
 * Makes a line from `open`, a JSON object without its closing brace, and a `crc`. Ends in a
 * newline.
 */
function withSeal(open: string, crc: number): string {
  return `${open},"crc":"${formatCrc(crc)}"}\n`
}

/** Makes a line outside the chain: a header or a snapshot. */
export function sealLine(open: string): string {
  return withSeal(open, crc32(open))
}

/** A CRC-32 as written in lines: eight lower-case hex digits. */
export function formatCrc(crc: number): string {
  return crc.toString(16).padStart(crcDigits, '0')
}

export function parseCrc(digits: string): number {
  return Number.parseInt(digits, 16)
}

/**
 * Makes the lines of one batch from JSON objects without their closing braces, and returns the
 * `crc` of the last. `count`: number of lines in the batch, if some were written before.
 */
export function sealBatch(
  opens: readonly string[],
  previous: number,
  count = opens.length,
): { readonly text: string; readonly chain: number } {
  const last = opens.length - 1
  let chain = previous
  let text = ''
  for (let index = 0; index <= last; index++) {
    const open = opens[index] ?? ''
    const line = index === last ? `${open},"end":${count}` : open
    chain = crc32(line, chain)
    text += withSeal(line, chain)
  }
  return { text, chain }
}

/** True if the bytes of a line, without newline, were written after a line with that `crc`. */
export function isWholeLine(bytes: Buffer, previous = 0): boolean {
  const crc = crcOf(bytes)
  return crc !== undefined && crc === crc32(bytes.subarray(0, bytes.length - sealBytes), previous)
}

/** The `crc` in a line, right or wrong; undefined if there is none. */
export function crcOf(bytes: Buffer): number | undefined {
  const start = bytes.length - sealBytes
  const hasSeal =
    start > 0 &&
    hasBytesAt(bytes, start, sealStart) &&
    hasBytesAt(bytes, bytes.length - sealEnd.length, sealEnd)
  return hasSeal ? hexAt(bytes, start + sealStart.length) : undefined
}

/** The number of lines of the batch that ends with this line; undefined if none ends here. */
export function batchEndOf(bytes: Buffer): number | undefined {
  const start = endAt(bytes)
  const stop = bytes.length - sealBytes
  return start === stop
    ? undefined
    : Number(bytes.toString('latin1', start + endStart.length, stop))
}

/** Offset of the end of the batch in a sealed line, or of the seal if there is none. */
function endAt(bytes: Buffer): number {
  const stop = bytes.length - sealBytes
  let at = stop
  while (isDigit(bytes[at - 1]) && stop - at < maxEndDigits) at -= 1
  const start = at - endStart.length
  return at < stop && start > 0 && hasBytesAt(bytes, start, endStart) ? start : stop
}

/** Parses a sealed line without its seal. Throws SyntaxError if it is not a JSON object. */
export function parseLine(bytes: Buffer): object {
  return JSON.parse(`${bytes.toString('utf8', 0, endAt(bytes))}}`) as object
}

// Byte by byte: making strings to compare would cost as much as the checksum.
function hasBytesAt(bytes: Buffer, at: number, expected: Buffer): boolean {
  for (let index = 0; index < expected.length; index++) {
    if (bytes[at + index] !== expected[index]) return false
  }
  return true
}

function isDigit(byte = 0): boolean {
  return byte >= 0x30 && byte <= 0x39
}

/** Parses eight lower-case hex digits; undefined for other text. */
function hexAt(bytes: Buffer, at: number): number | undefined {
  let value = 0
  for (let index = 0; index < crcDigits; index++) {
    const byte = bytes[at + index] ?? 0
    if (!isDigit(byte) && !(byte >= 0x61 && byte <= 0x66)) return undefined
    value = value * 16 + byte - (isDigit(byte) ? 0x30 : 0x57)
  }
  return value
}
