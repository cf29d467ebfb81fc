import { EMPTY, Subject, defer, finalize, merge, tap } from 'rxjs'
import type { MonoTypeOperatorFunction, Observable, SchedulerLike, Subscription } from 'rxjs'
import { JarcastError } from '../errors.ts'
import { monotonicScheduler } from './monotonic-scheduler.ts'

export interface SilenceOptions<T> {
  /** Maximum time from subscribe to the first value, in ms. Default 75_000. */
  readonly firstMs?: number
  /** The interval between beats until a value announces another, in ms. Default 15_000. */
  readonly intervalMs?: number
  /**
   * The interval in ms that a value announces; undefined keeps the one before. Default: none does.
   */
  readonly intervalMsOf?: (value: T) => number | undefined
  /** True while the source is not read: that time does not count as silence. Default: never. */
  readonly isPaused$?: Observable<boolean>
  /** Number of intervals without a value that is allowed. Default 5. */
  readonly factor?: number
  /** Source of time and of the timer. Default `monotonicScheduler`. */
  readonly scheduler?: SchedulerLike
}

/** Maximum delay of a Node timer, 24.8 days: Node fires a longer one at once. */
const maxTimerMs = 2 ** 31 - 1

/**
 * Errors when the source has been silent for too long; any value counts as a sign of life.
 *
 * Next: every value of the source, at once.
 * Error: `STREAM_SILENT` (retryable) when no value came within `firstMs` of subscribing, or within
 * `factor` intervals of the value before; errors of the source pass. The source is unsubscribed
 * first.
 * Complete: passes. An infinite bound sets no timer. After a pause the bound counts from its end.
 * Source: apache/mesos docs/scheduler-http-api.md, "Disconnections" (5 missed heartbeats of 15 s).
 */
export function failOnSilence<T>(options: SilenceOptions<T> = {}): MonoTypeOperatorFunction<T> {
  const { firstMs = 75_000, factor = 5, intervalMsOf, scheduler = monotonicScheduler } = options
  const { isPaused$ = EMPTY } = options
  return (source) =>
    defer(() => {
      const silenceSubject = new Subject<never>()
      let intervalMs = options.intervalMs ?? 15_000
      let boundMs = firstMs
      let dueAt = scheduler.now() + firstMs
      let firesAt = Infinity
      let timer: Subscription | undefined
      let isPaused = false

      const arm = () => {
        timer?.unsubscribe()
        timer = undefined
        firesAt = isPaused ? Infinity : dueAt
        if (firesAt === Infinity) return
        timer = scheduler.schedule(check, Math.min(dueAt - scheduler.now(), maxTimerMs))
      }
      const check = () => {
        if (scheduler.now() < dueAt) arm()
        else silenceSubject.error(silence(boundMs))
      }
      const hear = (value: T) => {
        intervalMs = intervalMsOf?.(value) ?? intervalMs
        boundMs = factor * intervalMs
        dueAt = scheduler.now() + boundMs
        // A timer that fires too early re-arms itself, so a burst of values costs no timers.
        if (dueAt < firesAt) arm()
      }

      const pause = (value: boolean) => {
        isPaused = value
        dueAt = scheduler.now() + boundMs
        arm()
      }

      arm()
      const pauses = isPaused$.subscribe(pause)
      return merge(
        silenceSubject,
        source.pipe(tap({ next: hear, complete: () => silenceSubject.complete() })),
      ).pipe(
        finalize(() => {
          timer?.unsubscribe()
          pauses.unsubscribe()
        }),
      )
    })
}

function silence(boundMs: number): JarcastError {
  return new JarcastError('STREAM_SILENT', `nothing was heard for ${boundMs / 1000} s`, {
    retryable: true,
    details: { boundMs },
  })
}
