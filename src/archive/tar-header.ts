/**
 * Reads a header block of a tar archive, in any of its formats.
 * Source: POSIX.1-2017 pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format";
 * libarchive tar(5).
 */
import { decodeName } from './archive-names.ts'

export const blockBytes = 512

export interface TarHeader {
  readonly name: string
  /** One character; `0` also for the zero byte of old archives. */
  readonly typeFlag: string
  readonly linkName: string
  readonly mode: number
  /** NaN if it is invalid. */
  readonly sizeBytes: number
}

const [checksumAt, checksumEnd] = [148, 156]

export function isZeroBlock(block: Buffer): boolean {
  return block.every((byte) => byte === 0)
}

/** Accepts sums of signed bytes, too, which some old programs wrote. */
export function hasRightChecksum(block: Buffer): boolean {
  const stated = readTarNumber(block.subarray(checksumAt, checksumEnd))
  let [sum, signedSum] = [8 * 0x20, 8 * 0x20]
  for (let at = 0; at < blockBytes; at += 1) {
    if (at === checksumAt) at = checksumEnd
    const byte = block[at] ?? 0
    sum += byte
    signedSum += byte < 0x80 ? byte : byte - 0x100
  }
  return stated === sum || stated === signedSum
}

/** Reads a block whose checksum is right. */
export function readTarHeader(block: Buffer): TarHeader {
  const name = readText(block, 0, 100)
  // Other formats have no prefix.
  const prefix =
    block.toString('latin1', 257, 263) === 'ustar\u0000'
      ? readText(block, 345, 155)
      : Buffer.alloc(0)
  const mode = readTarNumber(block.subarray(100, 108))
  return {
    name: decodeName(prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from('/'), name])),
    typeFlag: block[156] === 0 ? '0' : block.toString('latin1', 156, 157),
    linkName: decodeName(readText(block, 157, 100)),
    mode: Number.isSafeInteger(mode) ? mode : 0,
    sizeBytes: readTarNumber(block.subarray(124, 136)),
  }
}

/**
 * Reads octal digits between spaces and zero bytes, or a big-endian number after a set bit. NaN for
 * anything else.
 */
export function readTarNumber(field: Buffer): number {
  const [first = 0, ...others] = field
  if (first >= 0x80) {
    // Two's complement, without the highest bit, which marks the format.
    const start = (first & 0x7f) - (first & 0x40 ? 0x80 : 0)
    return others.reduce((value, byte) => value * 256 + byte, start)
  }
  const digits = /^[ \0]*([0-7]*)(?:[ \0]|$)/.exec(field.toString('latin1'))?.[1]
  return digits === undefined ? NaN : Number.parseInt(digits || '0', 8)
}

/** Returns the bytes before the first zero byte. */
export function readText(block: Buffer, start: number, length: number): Buffer {
  const field = block.subarray(start, start + length)
  const end = field.indexOf(0)
  return end === -1 ? field : field.subarray(0, end)
}
