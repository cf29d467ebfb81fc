/**
 * One line of a journal: a JSON object whose last key, `crc`, is the CRC-32 of all the line's bytes before it.
 * So a line is readable by anything that reads JSON, and says by itself whether it is whole.
 */
import { crc32 } from 'node:zlib'

/** The longest line that is written or read, without its newline. Also the most that one write hands to the disk. */
export const maxLineBytes = 16 * 1024 * 1024

/** The length of `,"crc":"xxxxxxxx"}`. */
const sealBytes = 18

/** The line that begins with `open`, a JSON object without its closing brace. Ends in a newline. */
export function sealLine(open: string): string {
  return `${open}${sealOf(crc32(open))}\n`
}

/** Whether the bytes of a line, without newline, are those that were once written. */
export function isWholeLine(bytes: Buffer): boolean {
  const end = bytes.length - sealBytes
  return end > 0 && bytes.toString('latin1', end) === sealOf(crc32(bytes.subarray(0, end)))
}

/** What a whole line holds, without its checksum. Throws SyntaxError when that is no JSON object. */
export function parseLine(bytes: Buffer): object {
  return JSON.parse(`${bytes.toString('utf8', 0, bytes.length - sealBytes)}}`) as object
}

function sealOf(crc: number): string {
  return `,"crc":"${crc.toString(16).padStart(8, '0')}"}`
}
