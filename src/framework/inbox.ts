/** From an event of Mesos to the inbox event that the scheduler machine knows. */
import type { SchedulerInboxEvent } from '../machines/scheduler-events.ts'
import type { SchedulerEvent } from '../mesos/types.generated.ts'

/** `master` is the URL of the one that sent it. */
export function toInboxEvent(
  event: SchedulerEvent,
  master: string | undefined,
): SchedulerInboxEvent {
  switch (event.type) {
    case 'SUBSCRIBED':
      return {
        type: 'mesos.subscribed',
        frameworkId: event.subscribed.frameworkId.value,
        ...(master === undefined ? {} : { master }),
      }
    case 'OFFERS':
      return { type: 'mesos.offers', offers: event.offers.offers ?? [] }
    case 'UPDATE':
      return { type: 'mesos.update', status: event.update.status }
    case 'MESSAGE':
      return { ...event.message, type: 'mesos.message' }
    case 'FAILURE':
      return { ...event.failure, type: 'mesos.failure' }
    case 'ERROR':
      return { type: 'mesos.error', message: event.error.message }
    default:
      return { type: 'mesos.other', event: event.type }
  }
}
