import type { FocusKeys } from './focus-keys.ts'

/** Place of the tab to choose, from that of the chosen one and the number of tabs. */
export type TabMove = (at: number, count: number) => number

export const tabKeys: readonly FocusKeys<TabMove>[] = [
  {
    text: 'Next, previous tab',
    keys: {
      ArrowRight: (at, count) => (at + 1) % count,
      ArrowLeft: (at, count) => (at + count - 1) % count,
    },
  },
  { text: 'First, last tab', keys: { Home: () => 0, End: (_at, count) => count - 1 } },
]
