import type { AnyStateMachine } from 'xstate'
import type { RunIndex } from './run-index.ts'
import type { TimeTravel } from './time-travel.ts'

/** Entries that are replayed for the sake of a few rows. */
const fewEntries = 1000

/** Notes outcomes that are not known yet, if a checkpoint is near. */
export function noteRange<M extends AnyStateMachine>(
  travel: TimeTravel<M>,
  index: RunIndex,
  from: number,
  to: number,
): void {
  let first = from
  while (first <= to && index.is(first, 'noted')) first += 1
  if (first > to) return
  const cursor = travel.cursorAt(first - 1)
  if (to - cursor.seq <= fewEntries) travel.walk(cursor, to, index.note)
}
