import type { SchedulerEvent } from '../mesos/types.generated.ts'

/**
 * The interval between heartbeats that SUBSCRIBED announces, in ms; undefined for other events and
 * for an interval that is no positive number. Given to `failOnSilence` as `intervalMsOf`.
 * Source: scheduler.proto, Event.Subscribed.heartbeat_interval_seconds.
 */
export function heartbeatIntervalMs(event: SchedulerEvent): number | undefined {
  if (event.type !== 'SUBSCRIBED') return undefined
  const seconds = Number(event.subscribed?.heartbeatIntervalSeconds)
  return seconds > 0 ? seconds * 1000 : undefined
}
