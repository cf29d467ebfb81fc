/** Bytes `start` to `end`, both included, within the representation. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

const singleRange = /^bytes=(\d*)-(\d*)$/i

/**
 * Reads a `Range` header for a representation of `sizeBytes`. Never throws.
 * Undefined: send the whole representation, because the header is absent, malformed, in another
 * unit, or requests several ranges, which clients of blobs do not need. `unsatisfiable`: answer
 * 416, because the header is valid and requests only bytes that do not exist.
 * Source: RFC 9110 sections 14.1.1, 14.1.2 and 14.2.
 */
export function parseRange(
  header: string | undefined,
  sizeBytes: number,
): ByteRange | 'unsatisfiable' | undefined {
  const match = singleRange.exec(header ?? '')
  if (!match) return undefined
  const [, first = '', last = ''] = match
  if (first === '') return suffixRange(last, sizeBytes)
  // Numbers above 2^53 lose digits, but no file is that large, so the comparisons stay right.
  const start = Number(first)
  const end = last === '' ? Infinity : Number(last)
  if (end < start) return undefined
  return start < sizeBytes ? { start, end: Math.min(end, sizeBytes - 1) } : 'unsatisfiable'
}

function suffixRange(length: string, sizeBytes: number): ByteRange | 'unsatisfiable' | undefined {
  if (length === '') return undefined
  if (Number(length) === 0) return 'unsatisfiable'
  // Satisfiable by the RFC, but Content-Range cannot express an empty range.
  if (sizeBytes === 0) return undefined
  return { start: Math.max(0, sizeBytes - Number(length)), end: sizeBytes - 1 }
}
