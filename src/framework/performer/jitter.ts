/** Chance for what many frameworks would else do at the same moment. It is drawn here: machines know no chance. */
import type { SchedulerCall } from '../../mesos/types.generated.ts'

/** At most this much longer, as a part of the time that the machine asked for. */
const spread = 0.2

/**
 * A DECLINE whose filter lasts up to a fifth longer than asked, so that the offers of many agents do not come back all
 * at once; other calls as they are. `random` gives a number from 0 to 1.
 */
export function withJitter(call: SchedulerCall, random: () => number = Math.random): SchedulerCall {
  if (call.type !== 'DECLINE') return call
  const { filters } = call.decline
  if (filters?.refuseSeconds === undefined) return call
  const refuseSeconds = Math.round(filters.refuseSeconds * (1 + spread * random()) * 1000) / 1000
  return { ...call, decline: { ...call.decline, filters: { ...filters, refuseSeconds } } }
}
