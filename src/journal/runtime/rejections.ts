/** Events that a run could not take. */
import type { EventObject } from 'xstate'
import { JarcastError, messageOf } from '../../errors.ts'
import type { Rejection } from '../core/outcome.ts'

export interface RejectedEntry extends Rejection {
  readonly seq: number
}

/** Returns `entry 6, mesos.update, was rejected: …`, or `… was refused: …` if the journal did. */
export function describeRejection({ seq, event, error }: RejectedEntry): string {
  const why = messageOf(error)
  if (error instanceof JarcastError && error.code === 'JOURNAL_ENTRY_INVALID')
    return `entry ${seq}, ${event.type}, was refused: ${why}`
  return `entry ${seq}, ${event.type}, was rejected: it makes the machine throw: ${why}`
}

/** The note in place of an event that the journal cannot store. Machines ignore it. */
export function refusalOf({ type }: EventObject, error: unknown) {
  return { type: 'event.refused', event: type, message: messageOf(error) }
}

export function warnOfRejection(rejection: RejectedEntry): void {
  process.emitWarning(describeRejection(rejection), { code: 'EVENT_REJECTED' })
}
