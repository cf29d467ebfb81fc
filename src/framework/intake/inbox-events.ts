/**
 * Turns an event of Mesos into entries for the scheduler machine. However large or odd the event
 * is, an entry has a bounded size and holds what decisions need: large lists are split, long texts
 * are cut, and large parts that no decision needs are left out. Numbers that JSON cannot express
 * (NaN, Infinity) are unset, as in a replay.
 */
import { defined } from '../../defined.ts'
import type { SchedulerInboxEvent } from '../../machines/scheduler/events.ts'
import type {
  InverseOffer,
  Offer,
  OperationStatus,
  SchedulerEvent,
  SchedulerEventFailure,
  TaskStatus,
} from '../../mesos/types.generated.ts'
import { asRecorded } from './recorded-size.ts'

/** In characters of JSON. Smaller parts are kept unchanged. */
export const entryBounds = {
  status: 64 * 1024,
  offer: 1024 * 1024,
  /** All offers of one entry; escapes in their texts are not counted. */
  batch: 1024 * 1024,
  text: 16 * 1024,
  /** For a status above its bound, or from a sender above its rate. */
  data: 32 * 1024,
  check: 4 * 1024,
  id: 1024,
}

/**
 * The entries of a scheduler machine for an event of Mesos, in order: what a framework of your own
 * dispatches. `master` is the URL of the master that sent the event. Messages of executors give no
 * entries; an event of unknown type gives `mesos.other`. Never throws for a decoded event.
 */
export function toInboxEvents(
  event: SchedulerEvent,
  master: string | undefined,
): readonly SchedulerInboxEvent[] {
  switch (event.type) {
    case 'SUBSCRIBED':
      return [
        {
          type: 'mesos.subscribed',
          frameworkId: event.subscribed.frameworkId.value,
          ...defined({ master }),
        },
      ]
    case 'OFFERS':
      return offersOf(event.offers.offers ?? [])
    case 'RESCIND':
      return [{ type: 'mesos.rescind', offerId: cut(event.rescind.offerId.value) }]
    case 'INVERSE_OFFERS':
      return inBatches((event.inverseOffers.inverseOffers ?? []).map(slimInverseOffer)).map(
        (inverseOffers) => ({ type: 'mesos.inverseOffers', inverseOffers }),
      )
    case 'RESCIND_INVERSE_OFFER':
      return [
        {
          type: 'mesos.rescindInverseOffer',
          inverseOfferId: cut(event.rescindInverseOffer.inverseOfferId.value),
        },
      ]
    case 'UPDATE_OPERATION_STATUS':
      return [
        {
          type: 'mesos.operation',
          status: slimOperationStatus(event.updateOperationStatus.status),
        },
      ]
    case 'UPDATE':
      return [{ type: 'mesos.update', status: slimStatus(event.update.status) }]
    case 'MESSAGE':
      return []
    case 'FAILURE':
      return [{ ...slimFailure(event.failure), type: 'mesos.failure' }]
    case 'ERROR':
      return [{ type: 'mesos.error', message: cut(event.error.message) }]
    default:
      return [{ type: 'mesos.other', event: event.type }]
  }
}

/**
 * Returns a small status unchanged; otherwise only what decisions need, and with `isBare` the
 * minimum.
 */
export function slimStatus(whole: TaskStatus, isBare = false): TaskStatus {
  const bound = isBare ? entryBounds.id : entryBounds.status
  const { value: status, size } = asRecorded(whole, bound)
  if (size <= bound) return status
  const { taskId, state, reason, source, uuid, agentId, timestamp, healthy } = status
  const { message, data, checkStatus, executorId, unreachableTime } = status
  return {
    taskId,
    state,
    ...defined({
      reason,
      source,
      uuid,
      agentId,
      executorId: executorId && executorId.value.length <= entryBounds.id ? executorId : undefined,
      timestamp,
      healthy,
      unreachableTime,
      message: message === undefined || isBare ? undefined : cut(message),
      data: isBare || (data ?? '').length > entryBounds.data ? undefined : data,
      checkStatus:
        checkStatus && asRecorded(checkStatus, entryBounds.check).size <= entryBounds.check
          ? checkStatus
          : undefined,
    }),
  }
}

function slimOperationStatus(whole: OperationStatus): OperationStatus {
  const { value: status, size } = asRecorded(whole, entryBounds.status)
  if (size <= entryBounds.status) return status
  const { operationId, state, uuid, agentId, resourceProviderId, message } = status
  return {
    state,
    ...defined({
      operationId,
      uuid,
      agentId,
      resourceProviderId,
      message: message && cut(message),
    }),
  }
}

function slimFailure(failure: SchedulerEventFailure): SchedulerEventFailure {
  const { agentId, executorId, status } = failure
  return defined({
    agentId: agentId && { value: cut(agentId.value) },
    executorId: executorId && { value: cut(executorId.value) },
    status,
  })
}

/**
 * An offer that cannot be an entry becomes an offer without resources, which is declined. The
 * refusal is an entry too.
 */
function offersOf(offers: readonly Offer[]): readonly SchedulerInboxEvent[] {
  const refused: SchedulerInboxEvent[] = []
  const taken = offers.map((offer) => {
    const { size, hasNulls } = asRecorded(offer, entryBounds.offer)
    if (size <= entryBounds.offer && !hasNulls) return { value: offer, size }
    const { id, frameworkId, agentId, hostname, allocationInfo } = offer
    const bare = {
      id,
      frameworkId,
      agentId,
      hostname: cut(hostname),
      ...defined({ allocationInfo }),
    }
    const why = hasNulls ? 'has an amount that is no number' : `has ${size} characters of JSON`
    const message = `offer ${cut(id.value)} of agent ${cut(agentId.value)} ${why}: it is declined`
    refused.push({ type: 'mesos.refused', event: 'OFFERS', message })
    return asRecorded(bare, entryBounds.offer)
  })
  const batches = inBatches(taken)
  return [...refused, ...batches.map((batch) => ({ type: 'mesos.offers', offers: batch }) as const)]
}

/** Offers with known ids only: without resources, so they are declined. */
export function unusableOffers(ids: readonly string[]): SchedulerEvent {
  const unknown = { value: '' }
  const offers = ids.map((value) => ({
    id: { value },
    frameworkId: unknown,
    agentId: unknown,
    hostname: '',
  }))
  return { type: 'OFFERS', offers: { offers } }
}

function slimInverseOffer(whole: InverseOffer) {
  const recorded = asRecorded(whole, entryBounds.status)
  if (recorded.size <= entryBounds.status) return recorded
  const { resources: _resources, ...rest } = recorded.value
  return asRecorded(rest, entryBounds.status)
}

interface Sized<T> {
  readonly value: T
  readonly size: number
}

/** Splits the list, in order, into parts that fit an entry; an empty list gives one empty part. */
function inBatches<T>(items: readonly Sized<T>[]): readonly (readonly T[])[] {
  const batches: T[][] = [[]]
  let filled = 0
  for (const { value, size } of items) {
    if (filled > 0 && filled + size > entryBounds.batch) {
      batches.push([])
      filled = 0
    }
    batches.at(-1)?.push(value)
    filled += size
  }
  return batches
}

function cut(text: string, maxLength = entryBounds.text): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength)}…`
}
