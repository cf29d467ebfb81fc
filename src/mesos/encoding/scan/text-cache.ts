import type { Bytes } from './bytes.ts'

/**
 * Texts that were read before, found by their bytes: names of resources and roles, hosts and ids of
 * agents come again and again, and stay in memory once. A slot has the latest text with its hash.
 */
const slots = 4096
const maxBytes = 64
const cache: string[] = Array.from({ length: slots }, () => '')

/** The text of the UTF-8 bytes from `start` to `end`. */
export function cachedText(bytes: Bytes, start: number, end: number): string {
  const length = end - start
  if (length > maxBytes) return newText(bytes, start, end)
  const slot = hashOf(bytes, start, end) & (slots - 1)
  const known = cache[slot] as string
  if (known.length === length && isSame(known, bytes, start)) return known
  const text = newText(bytes, start, end)
  // Of other texts the characters are not the bytes.
  if (text.length === length) cache[slot] = text
  return text
}

/** The same, of a text that is not likely to come again. */
export function newText(bytes: Bytes, start: number, end: number): string {
  let all = 0
  for (let at = start; at < end; at++) all |= bytes[at] as number
  return all < 128 ? bytes.latin1Slice(start, end) : bytes.utf8Slice(start, end)
}

/** Ids differ at their end. */
function hashOf(bytes: Bytes, start: number, end: number): number {
  let hash = end - start
  for (let at = Math.max(start, end - 8); at < end; at++)
    hash = Math.imul(hash, 31) + (bytes[at] as number)
  return hash ^ (hash >>> 11)
}

function isSame(text: string, bytes: Bytes, start: number): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) !== bytes[start + index]) return false
  }
  return true
}
