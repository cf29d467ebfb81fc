import { asyncScheduler } from 'rxjs'
import type { SchedulerLike } from 'rxjs'

/**
 * rxjs' `asyncScheduler`, whose time is what has passed, in ms, and not that of a wall clock, which
 * is set now and then.
 */
export const monotonicScheduler: SchedulerLike = {
  now: () => performance.now(),
  schedule: asyncScheduler.schedule.bind(asyncScheduler) as SchedulerLike['schedule'],
}
