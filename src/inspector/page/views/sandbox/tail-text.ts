/** The end of a growing text, in bounded memory. */

export interface TailText {
  /** Offset in the file of the first byte that is kept. */
  readonly start: number
  /** Offset of the next byte to ask for. */
  readonly end: number
  readonly lines: readonly string[]
  /** Characters that are kept. */
  readonly chars: number
  /** The last line has not ended. */
  readonly isOpen: boolean
}

/** About 4 MB in memory for each file. */
export const maxChars = 2_000_000
export const maxLines = 50_000

export const noText: TailText = { start: 0, end: 0, lines: [], chars: 0, isOpen: false }

/** Adds what came from `offset` on; its length in bytes is not that of the text. */
export function append(
  tail: TailText,
  { offset, text, next }: { readonly offset: number; readonly text: string; readonly next: number },
): TailText {
  // After a jump, what was there before does not belong to it.
  const kept = offset === tail.end ? tail : { ...noText, start: offset, end: offset }
  const [first = '', ...more] = text.split(/\r?\n/)
  const lines = kept.isOpen
    ? [...kept.lines.slice(0, -1), `${kept.lines.at(-1) ?? ''}${first}`, ...more]
    : [...kept.lines, first, ...more]
  const isOpen = !text.endsWith('\n')
  const whole = isOpen ? lines : lines.slice(0, -1)
  return cut({
    start: kept.start,
    end: next,
    lines: text === '' ? kept.lines : whole,
    chars: kept.chars + text.length,
    isOpen: text === '' ? kept.isOpen : isOpen,
  })
}

/** Drops lines from the beginning, in large parts. */
function cut(tail: TailText): TailText {
  if (tail.chars <= maxChars && tail.lines.length <= maxLines) return tail
  const encoder = new TextEncoder()
  let dropped = 0
  let chars = 0
  let bytes = 0
  while (
    dropped < tail.lines.length - 1 &&
    (tail.chars - chars > maxChars * 0.75 || tail.lines.length - dropped > maxLines * 0.75)
  ) {
    const line = `${tail.lines[dropped] ?? ''}\n`
    chars += line.length
    bytes += encoder.encode(line).length
    dropped += 1
  }
  const [first = '', ...others] = tail.lines.slice(dropped)
  // A line without an end is bounded too.
  const over = others.length > 0 ? 0 : Math.max(0, first.length - maxChars / 2)
  return {
    ...tail,
    start: tail.start + bytes + encoder.encode(first.slice(0, over)).length,
    lines: [first.slice(over), ...others],
    chars: tail.chars - chars - over,
  }
}
