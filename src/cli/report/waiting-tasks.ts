/** What waiting tasks need and what the offers lack. */
import { describeWaitingReason } from '../../domain/tasks/waiting/describe-waiting.ts'
import { formatSeconds } from '../output/printable.ts'
import type { EventPayload } from './record/reported-event.ts'

/** `task a waits: it needs …`, `4 tasks wait (a, b, c and 1 more): each needs …`. */
export function describeWaiting(event: EventPayload<'task.waiting'>): string {
  const { count, taskIds } = event
  const [first = ''] = taskIds
  if (count === 1) return `task ${first} waits: it ${describeWaitingReason(event)}`
  const more = count > taskIds.length ? ` and ${count - taskIds.length} more` : ''
  return `${count} tasks wait (${taskIds.join(', ')}${more}): each ${describeWaitingReason(event)}`
}

/** Work waits and the master is silent. */
export function describeMissingOffers({ silentMs }: EventPayload<'offers.missing'>): string {
  return (
    `tasks wait, and the master has made no offer for ${formatSeconds(silentMs)} s: ` +
    'check that agents are registered, and that the role and its quota get offers'
  )
}
