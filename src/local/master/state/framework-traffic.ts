/**
 * Counts the calls, events and offers of a framework.
 * Source: apache/mesos src/master/metrics.cpp (FrameworkMetrics).
 */
import type { SchedulerEvent } from '../../../mesos/types.generated.ts'
import type { EventStream } from '../../http/event-stream.ts'

/** Numbers of calls and events by type. */
export interface FrameworkTraffic {
  readonly calls: Map<string, number>
  readonly events: Map<string, number>
  readonly offers: Record<'sent' | 'accepted' | 'declined' | 'rescinded', number>
}

export function newTraffic(): FrameworkTraffic {
  return {
    calls: new Map(),
    events: new Map(),
    offers: { sent: 0, accepted: 0, declined: 0, rescinded: 0 },
  }
}

export function countCall({ calls }: FrameworkTraffic, type: string): void {
  calls.set(type, (calls.get(type) ?? 0) + 1)
}

/** The stream, with its events counted. */
export function countEvents(
  { events, offers }: FrameworkTraffic,
  stream: EventStream<SchedulerEvent>,
): EventStream<SchedulerEvent> {
  return {
    ...stream,
    send(event) {
      events.set(event.type, (events.get(event.type) ?? 0) + 1)
      if (event.type === 'OFFERS') offers.sent += event.offers.offers?.length ?? 0
      if (event.type === 'RESCIND') offers.rescinded += 1
      stream.send(event)
    },
  }
}
