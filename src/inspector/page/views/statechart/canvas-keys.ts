import type { FocusKeys } from '../../parts/focus-keys.ts'

/** A direction, a factor, the whole drawing, or the active states. */
export type CanvasMove = readonly [x: number, y: number] | number | 'all' | 'follow'

export const zoomStep = 1.25

export const canvasKeys: readonly FocusKeys<CanvasMove>[] = [
  {
    text: 'Move the picture',
    keys: { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] },
  },
  { text: 'Larger, smaller', keys: { '+': zoomStep, '=': zoomStep, '-': 1 / zoomStep } },
  { text: 'Show all of it', keys: { '0': 'all' } },
  { text: 'Follow the active state again', keys: { '.': 'follow' } },
]
