/** When entries are due while a journal is replayed in recorded time. */
import { asyncScheduler } from 'rxjs'
import type { SchedulerLike } from 'rxjs'
import { configInvalid } from '../../errors.ts'

export interface PaceOptions {
  /** 1: as fast as recorded; 10: ten times as fast. Default Infinity: at once. */
  readonly speed?: number | undefined
  /** Source of time. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined
}

/**
 * Starts now, at the recorded time `startMs`. The returned function tells how many ms are left
 * until a recorded time, at least 0. Throws CONFIG_INVALID unless the speed is above 0.
 */
export function createPace(
  startMs: number,
  { speed = Infinity, scheduler = asyncScheduler }: PaceOptions,
): (recordedMs: number) => number {
  if (!(speed > 0)) throw configInvalid('speed', `the speed is ${speed}: give a number above 0`)
  const beganMs = scheduler.now()
  return (recordedMs) => Math.max(0, (recordedMs - startMs) / speed - (scheduler.now() - beganMs))
}
