import type { Bytes } from './bytes.ts'

/**
 * Texts that were read before, found by their bytes: names of resources and roles, hosts and ids of
 * agents come again and again, and stay in memory once. The hash of a text chooses a pair of
 * places, of which it takes one. Bytes are read and compared four at a time: that takes half of the
 * time in which V8 makes a string.
 */
const pairs = 2048
const maxBytes = 64
const wordsPerText = maxBytes / 4

const texts: string[] = Array.from({ length: pairs * 2 }, () => '')
/** The bytes of each text as words: the last four of them, then all before from the start. */
const words = new Int32Array(pairs * 2 * wordsPerText)
/** Which place of a pair the next new text takes. */
let turn = 0

/** The text of the UTF-8 bytes from `start` to `end`. */
export function cachedText(bytes: Bytes, view: DataView, start: number, end: number): string {
  const length = end - start
  if (length > maxBytes) return newText(bytes, start, end)
  const last = lastWord(view, start, end)
  const first = pairOf(view, start, end, last) * 2
  for (let place = first; place < first + 2; place++) {
    const text = texts[place] as string
    if (text.length === length && isSame(place * wordsPerText, view, start, end, last)) return text
  }
  const text = newText(bytes, start, end)
  // Of other texts the characters are not the bytes.
  if (text.length === length) {
    turn = 1 - turn
    texts[first + turn] = text
    keepWords((first + turn) * wordsPerText, view, start, end, last)
  }
  return text
}

/** The same, of a text that is not likely to come again. */
export function newText(bytes: Bytes, start: number, end: number): string {
  let all = 0
  for (let at = start; at < end; at++) all |= bytes[at] as number
  return all < 128 ? bytes.latin1Slice(start, end) : bytes.utf8Slice(start, end)
}

/** The last four bytes, or all of a shorter text. */
function lastWord(view: DataView, start: number, end: number): number {
  if (end - start >= 4) return view.getInt32(end - 4)
  let word = 0
  for (let at = start; at < end; at++) word = (word << 8) | view.getUint8(at)
  return word
}

function pairOf(view: DataView, start: number, end: number, last: number): number {
  let hash = end - start
  for (let at = start; at < end - 4; at += 4) hash = (Math.imul(hash, 31) + view.getInt32(at)) | 0
  hash = Math.imul(hash, 31) + last
  // The upper bits depend on all others.
  return Math.imul(hash, 0x9e3779b1) >>> 21
}

function isSame(kept: number, view: DataView, start: number, end: number, last: number): boolean {
  let word = kept
  if (words[word++] !== last) return false
  for (let at = start; at < end - 4; at += 4) {
    if (words[word++] !== view.getInt32(at)) return false
  }
  return true
}

function keepWords(kept: number, view: DataView, start: number, end: number, last: number): void {
  let word = kept
  words[word++] = last
  for (let at = start; at < end - 4; at += 4) words[word++] = view.getInt32(at)
}
