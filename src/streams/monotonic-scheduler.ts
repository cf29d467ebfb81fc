import { asyncScheduler } from 'rxjs'
import type { SchedulerLike } from 'rxjs'

/**
 * `asyncScheduler` of rxjs with monotonic time, in ms: a change of the wall clock has no effect.
 */
export const monotonicScheduler: SchedulerLike = {
  now: () => performance.now(),
  schedule: asyncScheduler.schedule.bind(asyncScheduler) as SchedulerLike['schedule'],
}
