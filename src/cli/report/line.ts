/** One event as one line for people. */
import type { FrameworkEvents } from '../../framework/facts/events.ts'
import { printable } from '../output/printable.ts'
import type { EventPayload } from './record/reported-event.ts'
import type { RunLog } from './record/run-log.ts'

export interface EventLine {
  /** `notice` is not printed where live lines show the same; `warning` always is. */
  readonly kind: 'notice' | 'warning'
  readonly text: string
}

/** Finds the host of an agent and the duration of a task. */
export type LineContext = Pick<RunLog, 'hostOf' | 'durationMsOf'>

/** A function per event that makes its line; undefined for news that no person needs. */
export type EventLines = {
  readonly [Name in keyof FrameworkEvents]?: (
    payload: EventPayload<Name>,
    context: LineContext,
  ) => EventLine | undefined
}

export function notice(text: string): EventLine {
  return { kind: 'notice', text: printable(text) }
}

export function warning(text: string): EventLine {
  return { kind: 'warning', text: printable(text) }
}
