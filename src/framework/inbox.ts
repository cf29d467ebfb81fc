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
    case 'RESCIND':
      return { type: 'mesos.rescind', offerId: event.rescind.offerId.value }
    case 'INVERSE_OFFERS':
      return {
        type: 'mesos.inverseOffers',
        inverseOffers: event.inverseOffers.inverseOffers ?? [],
      }
    case 'RESCIND_INVERSE_OFFER':
      return {
        type: 'mesos.rescindInverseOffer',
        inverseOfferId: event.rescindInverseOffer.inverseOfferId.value,
      }
    case 'UPDATE_OPERATION_STATUS':
      return { type: 'mesos.operation', status: event.updateOperationStatus.status }
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
