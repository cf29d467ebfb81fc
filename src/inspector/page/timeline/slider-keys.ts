import type { FocusKeys } from '../parts/focus-keys.ts'

/** Entries to go by, in a run that ends with an entry of this number. */
export type SliderMove = (lastSeq: number) => number

const next: SliderMove = () => 1
const previous: SliderMove = () => -1

export const sliderKeys: readonly FocusKeys<SliderMove>[] = [
  { text: 'Next entry', keys: { ArrowRight: next, ArrowUp: next } },
  { text: 'Previous entry', keys: { ArrowLeft: previous, ArrowDown: previous } },
  {
    text: 'A twentieth of the run on, back',
    keys: { PageUp: twentieth, PageDown: (lastSeq) => -twentieth(lastSeq) },
  },
  {
    text: 'First, last entry',
    keys: { Home: (lastSeq) => -lastSeq, End: (lastSeq) => lastSeq },
  },
]

function twentieth(lastSeq: number): number {
  return Math.max(1, Math.round(lastSeq / 20))
}
