import { filter } from 'rxjs'
import type { OperatorFunction } from 'rxjs'

/**
 * Leaves out HEARTBEAT events, which only show that the connection lives.
 *
 * Next: every other event, also of unknown type. Error and complete pass. Put it after
 * `failOnSilence`, which needs them.
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
