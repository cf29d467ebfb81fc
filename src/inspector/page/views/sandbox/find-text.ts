/** Matches of a text in lines. */

export interface Match {
  readonly line: number
  readonly from: number
  readonly to: number
}

export const maxMatches = 10_000

/** In any case, in order; at most 10,000. */
export function findText(lines: readonly string[], text: string): readonly Match[] {
  const wanted = text.toLowerCase()
  const matches: Match[] = []
  if (wanted === '') return matches
  for (const [line, each] of lines.entries()) {
    const small = each.toLowerCase()
    // Some letters become two: places would no longer be those of the line.
    const lower = small.length === each.length ? small : each
    for (let from = lower.indexOf(wanted); from !== -1; from = lower.indexOf(wanted, from + 1)) {
      matches.push({ line, from, to: from + wanted.length })
      from = from + wanted.length - 1
      if (matches.length >= maxMatches) return matches
    }
  }
  return matches
}

export interface Piece {
  readonly text: string
  /** Index of the match that it is. */
  readonly match?: number
}

/** A line in pieces, of which some are matches; `matches` are those of this line, with their indexes. */
export function piecesOf(
  line: string,
  matches: readonly (Match & { readonly index: number })[],
): readonly Piece[] {
  const pieces: Piece[] = []
  let at = 0
  for (const { from, to, index } of matches) {
    if (from > at) pieces.push({ text: line.slice(at, from) })
    pieces.push({ text: line.slice(from, to), match: index })
    at = to
  }
  if (at < line.length || pieces.length === 0) pieces.push({ text: line.slice(at) })
  return pieces
}
