/**
 * One line of a journal: a JSON object whose last key, `crc`, is the CRC-32 of all the line's bytes before it.
 * So a line is readable by anything that reads JSON, and says by itself whether it is whole.
 */
import { crc32 } from 'node:zlib'

/** The longest line that is written or read, without its newline. Also the most that one write hands to the disk. */
export const maxLineBytes = 16 * 1024 * 1024

const sealStart = Buffer.from(',"crc":"')
const sealEnd = Buffer.from('"}')
const crcDigits = 8
const sealBytes = sealStart.length + crcDigits + sealEnd.length

/** The line that begins with `open`, a JSON object without its closing brace. Ends in a newline. */
export function sealLine(open: string): string {
  return `${open},"crc":"${crc32(open).toString(16).padStart(crcDigits, '0')}"}\n`
}

/** Whether the bytes of a line, without newline, are those that were once written. */
export function isWholeLine(bytes: Buffer): boolean {
  const end = bytes.length - sealBytes
  return (
    end > 0 &&
    hasBytesAt(bytes, end, sealStart) &&
    hasBytesAt(bytes, bytes.length - sealEnd.length, sealEnd) &&
    hexAt(bytes, end + sealStart.length) === crc32(bytes.subarray(0, end))
  )
}

/** What a whole line holds, without its checksum. Throws SyntaxError when that is no JSON object. */
export function parseLine(bytes: Buffer): object {
  return JSON.parse(`${bytes.toString('utf8', 0, bytes.length - sealBytes)}}`) as object
}

// Byte by byte: making strings to compare would cost as much as the checksum.
function hasBytesAt(bytes: Buffer, at: number, expected: Buffer): boolean {
  for (let index = 0; index < expected.length; index++) {
    if (bytes[at + index] !== expected[index]) return false
  }
  return true
}

/** Eight lower-case hex digits as a number; NaN when they are something else. */
function hexAt(bytes: Buffer, at: number): number {
  let value = 0
  for (let index = 0; index < crcDigits; index++) {
    const byte = bytes[at + index] ?? 0
    const isDigit = byte >= 0x30 && byte <= 0x39
    if (!isDigit && !(byte >= 0x61 && byte <= 0x66)) return Number.NaN
    value = value * 16 + byte - (isDigit ? 0x30 : 0x57)
  }
  return value
}
