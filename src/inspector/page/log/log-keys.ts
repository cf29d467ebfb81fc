import type { FocusKeys } from '../parts/focus-keys.ts'

/** Rows to go by. `page`: rows that are seen at once; `count`: all of them. */
export type LogMove = (page: number, count: number) => number

export const logKeys: readonly FocusKeys<LogMove>[] = [
  { text: 'Next, previous entry', keys: { ArrowDown: () => 1, ArrowUp: () => -1 } },
  { text: 'A page on, back', keys: { PageDown: (page) => page, PageUp: (page) => -page } },
  {
    text: 'First, last entry',
    keys: { Home: (_page, count) => -count, End: (_page, count) => count },
  },
]
