/**
 * Random delays, so that many frameworks do not act at the same moment. Machines are deterministic.
 */
import type { SchedulerCall } from '../../mesos/types.generated.ts'

/** Largest part of the requested time to add. */
const spread = 0.2

/**
 * Returns a DECLINE whose filter lasts up to 20 % longer than requested, so that the offers of many
 * agents do not return at once; other calls unchanged. `random` returns a number from 0 to 1.
 */
export function withJitter(call: SchedulerCall, random: () => number = Math.random): SchedulerCall {
  if (call.type !== 'DECLINE') return call
  const { filters } = call.decline
  if (filters?.refuseSeconds === undefined) return call
  const refuseSeconds = Math.round(filters.refuseSeconds * (1 + spread * random()) * 1000) / 1000
  return { ...call, decline: { ...call.decline, filters: { ...filters, refuseSeconds } } }
}
