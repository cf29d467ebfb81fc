import type { Bytes } from './bytes.ts'

export const space = 32
export const quote = 34
export const comma = 44
export const dot = 46
export const zero = 48
export const colon = 58
export const equals = 61
export const upperE = 69
export const openBracket = 91
export const backslash = 92
export const closeBracket = 93
export const lowerE = 101
export const openBrace = 123
export const closeBrace = 125

export const trueBytes = Buffer.from('true')
export const falseBytes = Buffer.from('false')
/** Powers of ten that a double holds exactly. */
export const powersOfTen = Array.from({ length: 23 }, (_, places) => Number(`1e${places}`))
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
/** 1 for bytes of the alphabet of base64. */
export const base64Bytes = new Uint8Array(256)
for (const letter of alphabet) base64Bytes[letter.charCodeAt(0)] = 1

/** 1 for ASCII that is itself in a string: no quote, no backslash, no control character. */
export const plainBytes = new Uint8Array(256).fill(1, space, 127)
plainBytes[quote] = 0
plainBytes[backslash] = 0

/**
 * Where the member at `start` ends, at a comma or brace before `end`, if this is JSON; -1 if nowhere.
 * Other records may follow: were they searched, too, a chunk of members without end would take a
 * time that grows with its square.
 */
export function endOfMember(bytes: Bytes, start: number, end: number): number {
  let depth = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at]
    if (byte === quote) {
      at = endOfString(bytes, at, end)
      if (at < 0) return -1
    }
    if (byte === openBrace || byte === openBracket) depth += 1
    else if (depth === 0 && (byte === comma || byte === closeBrace)) return at
    else if (byte === closeBrace || byte === closeBracket) depth -= 1
  }
  return -1
}

/** The place of the quote before `end` that ends the string at `start`; -1 if there is none. */
export function endOfString(bytes: Bytes, start: number, end: number): number {
  for (let at = start + 1; at < end; at++) {
    if (bytes[at] === quote) return at
    if (bytes[at] === backslash) at += 1
  }
  return -1
}
