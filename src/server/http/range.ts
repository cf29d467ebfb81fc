/** Bytes `start` to `end`, both included, both inside the representation. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

const singleRange = /^bytes=(\d*)-(\d*)$/i

/**
 * Reads a `Range` header for a representation of `sizeBytes`. Never throws.
 * Undefined means: send the whole representation, because the header is absent, malformed, in
 * another unit or asks for several ranges. A server may always do that; sending several ranges
 * helps nobody who fetches blobs. `unsatisfiable` means 416: the header is valid, and no byte it
 * asks for exists.
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
  // Positions beyond 2^53 lose digits, but only above any size a file can have: the comparisons
  // stay right.
  const start = Number(first)
  const end = last === '' ? Infinity : Number(last)
  if (end < start) return undefined
  return start < sizeBytes ? { start, end: Math.min(end, sizeBytes - 1) } : 'unsatisfiable'
}

function suffixRange(length: string, sizeBytes: number): ByteRange | 'unsatisfiable' | undefined {
  if (length === '') return undefined
  if (Number(length) === 0) return 'unsatisfiable'
  // Any other suffix of nothing is satisfiable, yet Content-Range cannot say "no bytes".
  if (sizeBytes === 0) return undefined
  return { start: Math.max(0, sizeBytes - Number(length)), end: sizeBytes - 1 }
}
