import type { FocusKeys } from '../../parts/focus-keys.ts'

/** Entries to go by; `only` shows the chosen range, `all` takes it back. */
export type LaneMove = number | 'only' | 'all'

export const laneKeys: readonly FocusKeys<LaneMove>[] = [
  { text: 'Next, previous entry; with Shift: choose a range', keys: { ArrowDown: 1, ArrowUp: -1 } },
  { text: '10 entries; with Shift: of the range', keys: { PageDown: 10, PageUp: -10 } },
  { text: 'Show only the range', keys: { Enter: 'only' } },
  { text: 'Back to all entries', keys: { Escape: 'all' } },
]
