import type { FocusKeys } from '../parts/focus-keys.ts'
import type { ActorRow } from './actor-rows.ts'

/** Another row to choose, or an actor to open or close; undefined where neither is possible. */
export type TreeMove = (
  rows: readonly ActorRow[],
  index: number,
) => { readonly choose: number } | { readonly toggle: string } | undefined

export const treeKeys: readonly FocusKeys<TreeMove>[] = [
  {
    text: 'Next, previous actor',
    keys: {
      ArrowDown: (rows, index) => choose(rows, index + 1),
      ArrowUp: (rows, index) => choose(rows, index - 1),
    },
  },
  { text: 'Open it; in an open one: its first', keys: { ArrowRight: openOrEnter } },
  { text: 'Close it; in a closed one: its parent', keys: { ArrowLeft: closeOrLeave } },
  {
    text: 'First, last actor',
    keys: { Home: (rows) => choose(rows, 0), End: (rows) => choose(rows, rows.length - 1) },
  },
]

function choose(rows: readonly ActorRow[], to: number): { readonly choose: number } {
  return { choose: Math.max(0, Math.min(to, rows.length - 1)) }
}

function openOrEnter(rows: readonly ActorRow[], index: number): ReturnType<TreeMove> {
  const row = rows[index]
  if (row?.hasChildren !== true) return undefined
  return row.isOpen ? choose(rows, index + 1) : { toggle: row.actor.id }
}

function closeOrLeave(rows: readonly ActorRow[], index: number): ReturnType<TreeMove> {
  const row = rows[index]
  if (row === undefined) return undefined
  if (row.isOpen) return { toggle: row.actor.id }
  const parent = rows.findLastIndex((each, at) => at < index && each.level < row.level)
  return parent < 0 ? undefined : choose(rows, parent)
}
