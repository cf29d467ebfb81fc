import type { FocusKeys } from './focus-keys.ts'

/** The pane that a line sizes. */
export interface SizedPane {
  readonly size: number
  readonly min: number
  readonly max: number
  /** It lies before the line, on its left or above, or after it. */
  readonly pane: 'before' | 'after'
  /** The panes beside the line are in a row, or in a column. */
  readonly direction: 'row' | 'column'
}

/** The new size of the pane; undefined for a key of the other direction. */
export type SplitterMove = (pane: SizedPane) => number | undefined

const stepPx = 16

export const splitterKeys: readonly FocusKeys<SplitterMove>[] = [
  {
    text: 'Move the line',
    keys: {
      ArrowLeft: moveBy(-stepPx, 'row'),
      ArrowRight: moveBy(stepPx, 'row'),
      ArrowUp: moveBy(-stepPx, 'column'),
      ArrowDown: moveBy(stepPx, 'column'),
    },
  },
  { text: 'Smallest, largest pane', keys: { Home: ({ min }) => min, End: ({ max }) => max } },
]

/** A line that moves right or down makes the pane before it larger. */
function moveBy(distancePx: number, along: SizedPane['direction']): SplitterMove {
  return ({ size, pane, direction }) =>
    direction === along ? size + (pane === 'before' ? distancePx : -distancePx) : undefined
}
