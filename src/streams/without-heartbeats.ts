import { filter } from 'rxjs'
import type { OperatorFunction } from 'rxjs'

/**
 * Leaves out HEARTBEAT events, which only keep the watchdog quiet.
 *
 * Next: every other event, those of unknown type too. Error and complete pass.
 * Put it after `failOnSilence`, which has to see them.
 */
export function withoutHeartbeats<Event extends { readonly type: string }>(): OperatorFunction<
  Event,
  Exclude<Event, { readonly type: 'HEARTBEAT' }>
> {
  return filter(isNoHeartbeat)
}

function isNoHeartbeat<Event extends { readonly type: string }>(
  event: Event,
): event is Exclude<Event, { readonly type: 'HEARTBEAT' }> {
  return event.type !== 'HEARTBEAT'
}
