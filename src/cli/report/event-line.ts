/** The line of an event, for output that is no terminal, and above the live lines. */
import { clusterLines } from './cluster-lines.ts'
import { libraryLines } from './library-lines.ts'
import type { EventLine, LineContext } from './line.ts'
import type { ReportedEvent } from './record/reported-event.ts'
import { taskLines } from './task-lines.ts'

type LineOf = (payload: unknown, context: LineContext) => EventLine | undefined

const lines = { ...clusterLines, ...libraryLines, ...taskLines } as {
  readonly [Name in ReportedEvent['event']]?: LineOf
}

/** Undefined for an event without news for people. The log of `context` has recorded it already. */
export function describeEvent(
  { event, payload }: ReportedEvent,
  context: LineContext,
): EventLine | undefined {
  return lines[event]?.(payload, context)
}
