/**
 * From an event of Mesos to the entries that the scheduler machine decides by. Whatever came, however large or odd, an
 * entry holds what decisions need, in bounds: large lists are split, long texts cut, and what no decision needs is left out
 * where it is large. Numbers that JSON has not (NaN, Infinity) are unset, as a replay would have them.
 */
import type { SchedulerInboxEvent } from '../machines/scheduler-events.ts'
import type {
  InverseOffer,
  Offer,
  OperationStatus,
  SchedulerEvent,
  SchedulerEventFailure,
  TaskStatus,
} from '../mesos/types.generated.ts'

/** Characters of JSON. What is smaller is kept as it came. */
export const entryBounds = {
  status: 64 * 1024,
  offer: 1024 * 1024,
  /** Offers of one entry. */
  batch: 1024 * 1024,
  text: 16 * 1024,
  /** Of a status that is above its bound, or whose sender is above its rate. */
  data: 32 * 1024,
  check: 4 * 1024,
  id: 1024,
}

/** `master` is the URL of the one that sent it. Messages of executors are no entries. */
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
          ...(master === undefined ? {} : { master }),
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

/** The status itself when it is small; else what decisions need of it, where `isBare` says so within the least. */
export function slimStatus(whole: TaskStatus, isBare = false): TaskStatus {
  const { value: status, size } = asRecorded(whole)
  if (size <= (isBare ? entryBounds.id : entryBounds.status)) return status
  const { taskId, state, reason, source, uuid, agentId, timestamp, healthy } = status
  const { message, data, checkStatus, executorId } = status
  return {
    taskId,
    state,
    ...(reason === undefined ? {} : { reason }),
    ...(source === undefined ? {} : { source }),
    ...(uuid === undefined ? {} : { uuid }),
    ...(agentId === undefined ? {} : { agentId }),
    ...(executorId === undefined || executorId.value.length > entryBounds.id ? {} : { executorId }),
    ...(timestamp === undefined ? {} : { timestamp }),
    ...(healthy === undefined ? {} : { healthy }),
    ...(message === undefined || isBare ? {} : { message: cut(message) }),
    ...(data === undefined || isBare || data.length > entryBounds.data ? {} : { data }),
    ...(checkStatus === undefined || asRecorded(checkStatus).size > entryBounds.check
      ? {}
      : { checkStatus }),
  }
}

function slimOperationStatus(whole: OperationStatus): OperationStatus {
  const { value: status, size } = asRecorded(whole)
  if (size <= entryBounds.status) return status
  const { operationId, state, uuid, agentId, resourceProviderId, message } = status
  return {
    state,
    ...(operationId === undefined ? {} : { operationId }),
    ...(uuid === undefined ? {} : { uuid }),
    ...(agentId === undefined ? {} : { agentId }),
    ...(resourceProviderId === undefined ? {} : { resourceProviderId }),
    ...(message === undefined ? {} : { message: cut(message) }),
  }
}

function slimFailure(failure: SchedulerEventFailure): SchedulerEventFailure {
  const { agentId, executorId, status } = failure
  return {
    ...(agentId === undefined ? {} : { agentId: { value: cut(agentId.value) } }),
    ...(executorId === undefined ? {} : { executorId: { value: cut(executorId.value) } }),
    ...(status === undefined ? {} : { status }),
  }
}

/** An offer that cannot be an entry becomes one of nothing, which is declined; the refusal is an entry, too. */
function offersOf(offers: readonly Offer[]): readonly SchedulerInboxEvent[] {
  const refused: SchedulerInboxEvent[] = []
  const taken = offers.map((offer) => {
    const { size, hasNulls } = asRecorded(offer)
    if (size <= entryBounds.offer && !hasNulls) return { value: offer, size }
    const { id, frameworkId, agentId, hostname, allocationInfo } = offer
    const bare = {
      id,
      frameworkId,
      agentId,
      hostname: cut(hostname),
      ...(allocationInfo === undefined ? {} : { allocationInfo }),
    }
    const why = hasNulls ? 'has an amount that is no number' : `has ${size} characters of JSON`
    const message = `offer ${cut(id.value)} of agent ${cut(agentId.value)} ${why}: it is declined`
    refused.push({ type: 'mesos.refused', event: 'OFFERS', message })
    return { value: bare, size: asRecorded(bare).size }
  })
  const batches = inBatches(taken)
  return [...refused, ...batches.map((batch) => ({ type: 'mesos.offers', offers: batch }) as const)]
}

function slimInverseOffer(whole: InverseOffer) {
  const recorded = asRecorded(whole)
  if (recorded.size <= entryBounds.status) return recorded
  const { resources: _resources, ...rest } = recorded.value
  return asRecorded(rest)
}

interface Sized<T> {
  readonly value: T
  readonly size: number
}

/** In their order, so many at a time as one entry takes; one empty list of none. */
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

/** As a journal gives it back, and how long it is there. */
function asRecorded<T>(whole: T): Sized<T> & { readonly hasNulls: boolean } {
  const text = JSON.stringify(whole)
  // Plain data has no null: where there is one, a number was none. The word may stand in a text, too.
  const hasNulls = text.includes('null') && hasNull(JSON.parse(text))
  const value = hasNulls ? (JSON.parse(text, dropNull) as T) : whole
  return { value, size: text.length, hasNulls }
}

function hasNull(value: unknown): boolean {
  if (typeof value !== 'object') return false
  return value === null || Object.values(value).some(hasNull)
}

function dropNull(_: string, value: unknown): unknown {
  return value === null ? undefined : value
}

function cut(text: string, maxLength = entryBounds.text): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength)}…`
}
