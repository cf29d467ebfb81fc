/**
 * The place of a long list whose rows have different heights, most of them unknown: which entry is
 * at the top, and how much of it is above the view. All lengths in pixels.
 */

export interface Anchor {
  readonly index: number
  readonly offset: number
}

export interface Heights {
  readonly count: number
  readonly viewHeight: number
  readonly heightOf: (index: number) => number
}

export interface Placed {
  readonly index: number
  /** From the top of the view. */
  readonly top: number
  readonly height: number
}

/** The anchor after scrolling by this number of pixels. Stays within the list. */
export function moveAnchor({ index, offset }: Anchor, by: number, heights: Heights): Anchor {
  const { count, heightOf } = heights
  let at = Math.max(0, Math.min(index, count - 1))
  let rest = (at === index ? offset : 0) + by
  while (rest < 0 && at > 0) {
    at -= 1
    rest += heightOf(at)
  }
  while (at < count - 1 && rest >= heightOf(at)) {
    rest -= heightOf(at)
    at += 1
  }
  return earlier({ index: at, offset: Math.max(0, rest) }, endAnchor(heights))
}

/** The anchor at which the last entry ends at the bottom of the view. */
export function endAnchor({ count, viewHeight, heightOf }: Heights): Anchor {
  let rest = viewHeight
  for (let index = count - 1; index >= 0; index--) {
    rest -= heightOf(index)
    if (rest <= 0) return { index, offset: 0 - rest }
  }
  return { index: 0, offset: 0 }
}

/** The entries in view. */
export function placedAt({ index, offset }: Anchor, heights: Heights): readonly Placed[] {
  const { count, viewHeight, heightOf } = heights
  const placed: Placed[] = []
  let top = -offset
  for (let at = index; at < count && top < viewHeight; at++) {
    const height = heightOf(at)
    placed.push({ index: at, top, height })
    top += height
  }
  return placed
}

/** Shows an entry: without a move if it is in view, else a third below the top. */
export function reveal(anchor: Anchor, index: number, heights: Heights): Anchor {
  const seen = placedAt(anchor, heights).find((each) => each.index === index)
  if (seen !== undefined && seen.top >= 0) {
    const over = seen.top + seen.height - heights.viewHeight
    return over <= 0 ? anchor : moveAnchor(anchor, Math.min(over, seen.top), heights)
  }
  if (seen !== undefined) return { index, offset: 0 }
  return moveAnchor({ index, offset: 0 }, -heights.viewHeight / 3, heights)
}

/** Place of the anchor in the whole list, from 0 to 1. */
export function fractionOf(anchor: Anchor, heights: Heights): number {
  const end = position(endAnchor(heights), heights)
  return end === 0 ? 0 : Math.min(1, position(anchor, heights) / end)
}

export function anchorAt(fraction: number, heights: Heights): Anchor {
  const place = Math.max(0, Math.min(1, fraction)) * position(endAnchor(heights), heights)
  const index = Math.floor(place)
  return { index, offset: (place - index) * heights.heightOf(index) }
}

function position({ index, offset }: Anchor, { heightOf }: Heights): number {
  return index + offset / Math.max(1, heightOf(index))
}

function earlier(one: Anchor, other: Anchor): Anchor {
  if (one.index !== other.index) return one.index < other.index ? one : other
  return one.offset < other.offset ? one : other
}
