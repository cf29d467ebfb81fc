import type { FocusKeys } from '../../parts/focus-keys.ts'

/** By how many tasks to move, in a list of this length. */
export type TaskMove = (count: number) => number

export const taskKeys: readonly FocusKeys<TaskMove>[] = [
  { text: 'Next, previous task', keys: { ArrowDown: () => 1, ArrowUp: () => -1 } },
  { text: '20 tasks on, back', keys: { PageDown: () => 20, PageUp: () => -20 } },
  { text: 'First, last task', keys: { Home: (count) => -count, End: (count) => count } },
]
