/** How high an entry is: idle time before it, and a row for each arrow. Pixels. */

export const rowHeight = 26
export const headHeight = 34
const padding = 6
const gapRow = 26
const pixelsPerSecond = 24
/** A longer wait is drawn no longer, and marked. */
const maxGap = 960

/** Shorter waits are no gaps. Ms. */
const minGapMs = 1000

export interface Gap {
  readonly ms: number
  readonly height: number
  /** Drawn shorter than it was. */
  readonly isCut: boolean
}

/** The idle time between an entry and the one before it, if it is worth a place. */
export function gapOf(
  before: number | undefined,
  now: number | undefined,
  isIdleHidden: boolean,
): Gap | undefined {
  const ms = before === undefined || now === undefined ? 0 : now - before
  if (ms < minGapMs) return undefined
  if (isIdleHidden) return { ms, height: gapRow, isCut: true }
  const height = gapRow + (ms / 1000) * pixelsPerSecond
  return { ms, height: Math.min(maxGap, height), isCut: height > maxGap }
}

export function entryHeight(arrows: number, gap: Gap | undefined): number {
  return (gap?.height ?? 0) + Math.max(1, arrows) * rowHeight + padding
}

/** Where lanes are: the middle of each, from the left of the drawing. */
export interface LanePlaces {
  readonly width: number
  readonly laneWidth: number
  readonly xOf: (index: number) => number
}

const minLaneWidth = 110
/** As narrow as names in two lines: if all lanes are seen then. */
const minNarrowWidth = 62
const maxLaneWidth = 220

export function isNarrowFor(viewWidth: number): boolean {
  return viewWidth < 480
}

/** Whether all lanes are seen at once. */
export function fitsWidth(count: number, viewWidth: number): boolean {
  return gutterOf(viewWidth) + count * minLaneWidth <= viewWidth
}

export function placeLanes(
  count: number,
  viewWidth: number,
): LanePlaces & { readonly gutter: number } {
  const lanes = Math.max(1, count)
  const gutter = gutterOf(viewWidth)
  const even = (viewWidth - gutter) / lanes
  const least = even >= minNarrowWidth ? minNarrowWidth : minLaneWidth
  const laneWidth = Math.max(least, Math.min(maxLaneWidth, even))
  const width = Math.max(viewWidth, gutter + laneWidth * lanes)
  return { gutter, width, laneWidth, xOf: (index) => gutter + laneWidth * (index + 0.5) }
}

/** Width of the numbers and times beside the lanes. */
function gutterOf(viewWidth: number): number {
  return isNarrowFor(viewWidth) ? 64 : 152
}

/** Where an arrow and its label are. */
export interface ArrowPlace {
  readonly left: number
  readonly width: number
  readonly points: 'left' | 'right' | 'loop'
  /** The label begins at the left end of the arrow, or ends at its right end. */
  readonly label: 'from left' | 'from right'
  readonly labelWidth: number
}

const loopWidth = 28

export function placeArrow(from: number, to: number, { width, xOf }: LanePlaces): ArrowPlace {
  const [one, other] = [xOf(from), xOf(to)]
  const left = Math.min(one, other)
  const isLoop = from === to
  const right = isLoop ? left + loopWidth : Math.max(one, other)
  const roomRight = width - left
  const isFromLeft = roomRight >= right
  return {
    left,
    width: right - left,
    points: isLoop ? 'loop' : one < other ? 'right' : 'left',
    label: isFromLeft ? 'from left' : 'from right',
    labelWidth: (isFromLeft ? roomRight : right) - (isLoop ? loopWidth : 0) - 12,
  }
}
