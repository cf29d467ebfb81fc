import type { FocusKeys } from '../../parts/focus-keys.ts'

/** A direction, a factor, or the whole drawing. */
export type CanvasMove = readonly [x: number, y: number] | number | 'fit'

export const zoomStep = 1.25

export const canvasKeys: readonly FocusKeys<CanvasMove>[] = [
  {
    text: 'Move the picture',
    keys: { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] },
  },
  { text: 'Larger, smaller', keys: { '+': zoomStep, '=': zoomStep, '-': 1 / zoomStep } },
  { text: 'Show all of it', keys: { '0': 'fit' } },
]
