/** Which rows of a long list are drawn, and where. All lengths in pixels. */

export interface ListSize {
  readonly count: number
  readonly rowHeight: number
  /** Height of the visible part of the list. */
  readonly viewHeight: number
}

export interface ListWindow {
  /** Of the scrolled content. */
  readonly height: number
  readonly first: number
  /** Index after the last row that is drawn. */
  readonly end: number
  /** Place of the first row, from the top of the content. */
  readonly top: number
}

/** Browsers draw no element higher than about 17 million pixels; beyond this, scrolling is scaled. */
const maxHeight = 8_000_000
/** Rows drawn above and below what is seen, so that scrolling shows no gap. */
const spare = 8

export function windowOf(size: ListSize, scrollTop: number): ListWindow {
  const { count, rowHeight, viewHeight } = size
  const wholeHeight = count * rowHeight
  const height = Math.min(wholeHeight, maxHeight)
  const scrolled = scrollTop * scaleOf(size)
  const first = Math.max(0, Math.min(Math.floor(scrolled / rowHeight) - spare, count - 1))
  const end = Math.min(count, Math.ceil((scrolled + viewHeight) / rowHeight) + spare)
  return { height, first, end, top: scrollTop + first * rowHeight - scrolled }
}

/**
 * Where to scroll so that a row is seen: nowhere if it is, else the shortest way, or to the middle
 * if that is further than a view.
 */
export function scrollTopFor(size: ListSize, index: number, scrollTop: number): number {
  const { rowHeight, viewHeight } = size
  const scale = scaleOf(size)
  const scrolled = scrollTop * scale
  const top = index * rowHeight
  const bottom = top + rowHeight
  if (top >= scrolled && bottom <= scrolled + viewHeight) return scrollTop
  if (bottom < scrolled - viewHeight || top > scrolled + 2 * viewHeight)
    return Math.max(0, top - (viewHeight - rowHeight) / 2) / scale
  return (top < scrolled ? top : bottom - viewHeight) / scale
}

/** Pixels of the list for each pixel of scrolling. */
function scaleOf({ count, rowHeight, viewHeight }: ListSize): number {
  const wholeHeight = count * rowHeight
  if (wholeHeight <= maxHeight) return 1
  return (wholeHeight - viewHeight) / (maxHeight - viewHeight)
}
