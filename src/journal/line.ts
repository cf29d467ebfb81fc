/**
 * One line of a journal: a JSON object whose last key, `crc`, is the CRC-32 of the line's bytes before it, begun with the
 * `crc` of the line before. So a line is readable by anything that reads JSON, and fits nowhere but where it was written.
 *
 * Lines come in batches: what was written and synced at once. The last line of a batch says so before its `crc`, with the
 * number of its lines: `"end":3`. A batch is written when the one before is on the disk, so only the last one can lack
 * its end.
 */
import { crc32 } from 'node:zlib'

/** The longest line that is written or read, without its newline. Also the most that one write hands to the disk. */
export const maxLineBytes = 16 * 1024 * 1024
/** What sealing adds to a line, at most: the seal, a batch's end, the newline. */
export const maxSealBytes = 40

const sealStart = Buffer.from(',"crc":"')
const sealEnd = Buffer.from('"}')
const endStart = Buffer.from(',"end":')
const crcDigits = 8
const sealBytes = sealStart.length + crcDigits + sealEnd.length
/** More lines than a write of `maxLineBytes` can have. */
const maxEndDigits = 9

/** The line that begins with `open`, a JSON object without its closing brace, for a `crc`. Ends in a newline. */
function withSeal(open: string, crc: number): string {
  return `${open},"crc":"${formatCrc(crc)}"}\n`
}

/** A line that stands for itself: a header, a snapshot. */
export function sealLine(open: string): string {
  return withSeal(open, crc32(open))
}

/** A CRC-32 as it stands in lines: eight lower-case hex digits. */
export function formatCrc(crc: number): string {
  return crc.toString(16).padStart(crcDigits, '0')
}

export function parseCrc(digits: string): number {
  return Number.parseInt(digits, 16)
}

/**
 * Lines of one batch, made from JSON objects without their closing braces, and the `crc` of the last. `count` is their
 * number, where more were written before.
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

/** Whether the bytes of a line, without newline, are those that were once written behind a line with that `crc`. */
export function isWholeLine(bytes: Buffer, previous = 0): boolean {
  const crc = crcOf(bytes)
  return crc !== undefined && crc === crc32(bytes.subarray(0, bytes.length - sealBytes), previous)
}

/** The `crc` that a line states, right or wrong; undefined when it states none. */
export function crcOf(bytes: Buffer): number | undefined {
  const start = bytes.length - sealBytes
  const hasSeal =
    start > 0 &&
    hasBytesAt(bytes, start, sealStart) &&
    hasBytesAt(bytes, bytes.length - sealEnd.length, sealEnd)
  return hasSeal ? hexAt(bytes, start + sealStart.length) : undefined
}

/** The number of lines of the batch that ends with this line; undefined when none does. */
export function batchEndOf(bytes: Buffer): number | undefined {
  const start = endAt(bytes)
  const stop = bytes.length - sealBytes
  return start === stop
    ? undefined
    : Number(bytes.toString('latin1', start + endStart.length, stop))
}

/** Where the batch's end stands in a line with a seal, or the seal, when there is none. */
function endAt(bytes: Buffer): number {
  const stop = bytes.length - sealBytes
  let at = stop
  while (isDigit(bytes[at - 1]) && stop - at < maxEndDigits) at -= 1
  const start = at - endStart.length
  return at < stop && start > 0 && hasBytesAt(bytes, start, endStart) ? start : stop
}

/** What a line with a seal holds, without the seal. Throws SyntaxError when that is no JSON object. */
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

/** Eight lower-case hex digits as a number; undefined when they are something else. */
function hexAt(bytes: Buffer, at: number): number | undefined {
  let value = 0
  for (let index = 0; index < crcDigits; index++) {
    const byte = bytes[at + index] ?? 0
    if (!isDigit(byte) && !(byte >= 0x61 && byte <= 0x66)) return undefined
    value = value * 16 + byte - (isDigit(byte) ? 0x30 : 0x57)
  }
  return value
}
