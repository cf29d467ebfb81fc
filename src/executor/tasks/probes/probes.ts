/**
 * Runs checks and health checks of tasks, and reports changes of their results.
 * Source: mesos.proto, `CheckInfo` and `HealthCheck`; apache/mesos docs/health-checks.md.
 */
import { isDeepStrictEqual } from 'node:util'
import {
  NEVER,
  Subject,
  catchError,
  defaultIfEmpty,
  defer,
  distinctUntilChanged,
  filter,
  map,
  merge,
  of,
  repeat,
  skip,
  startWith,
  switchMap,
  takeUntil,
  timer,
} from 'rxjs'
import type { Observable } from 'rxjs'
import { defined } from '../../../defined.ts'
import type { ProbesStart, RunEvent } from '../../../machines/task-run/events.ts'
import { emptyStatus } from '../../../machines/task-run/run-report.ts'
import type { CheckInfo, CheckStatusInfo, HealthCheck } from '../../../mesos/types.generated.ts'
import { fromAbortable } from '../../../streams/from-abortable.ts'
import { createHealth } from './health.ts'
import { probe } from './probe.ts'
import type { ProbeOptions, ProbeTarget } from './probe.ts'

/** Mesos' own defaults, in seconds. */
const defaults = { delaySeconds: 15, intervalSeconds: 10, timeoutSeconds: 20 }
/** Node fires a longer timer at once. */
const maxTimerMs = 2 ** 31 - 1

type Place = Omit<ProbeOptions, 'signal'>

/** The probes of all tasks of an executor. */
export class Probes {
  readonly #sandbox: string
  /** Task ids; undefined for all tasks. */
  readonly #stopped$ = new Subject<string | undefined>()

  constructor(sandbox: string) {
    this.#sandbox = sandbox
  }

  /**
   * Probes a task while it is subscribed to. Next: `health.checked` and `check.changed`. Complete:
   * when stopped. Error: never.
   */
  start({ taskId, healthCheck, check, environment }: ProbesStart): Observable<RunEvent> {
    const place = { sandbox: this.#sandbox, environment }
    const stopped$ = this.#stopped$.pipe(filter((id) => id === undefined || id === taskId))
    return merge(
      healthCheck === undefined ? NEVER : watchHealth(taskId, healthCheck, place),
      check === undefined ? NEVER : watchCheck(taskId, check, place),
    ).pipe(takeUntil(stopped$))
  }

  stop(taskId: string): void {
    this.#stopped$.next(taskId)
  }

  stopAll(): void {
    this.#stopped$.next(undefined)
  }
}

function watchHealth(taskId: string, healthCheck: HealthCheck, place: Place): Observable<RunEvent> {
  return defer(() => {
    const health = createHealth(healthCheck, performance.now())
    return probeRepeatedly(healthCheck, healthCheck, place).pipe(
      map((status) => health.take(status, performance.now())),
      filter((news) => news !== undefined),
      map((news) => ({ type: 'health.checked', taskId, ...news }) as const),
    )
  })
}

function watchCheck(taskId: string, check: CheckInfo, place: Place): Observable<RunEvent> {
  const unknown = emptyStatus(check)
  return probeRepeatedly(targetOf(check), check, place).pipe(
    map((status) => status ?? unknown),
    startWith(unknown),
    distinctUntilChanged((one, other) => isDeepStrictEqual(one, other)),
    skip(1),
    map((status) => ({ type: 'check.changed', taskId, status }) as const),
  )
}

/**
 * Next: the result of each probe, undefined without one. The interval starts at the end of a probe.
 * Error and complete: never.
 */
function probeRepeatedly(
  target: ProbeTarget,
  times: Partial<typeof defaults>,
  place: Place,
): Observable<CheckStatusInfo | undefined> {
  const { delaySeconds, intervalSeconds, timeoutSeconds } = { ...defaults, ...times }
  // 0 means no limit, as in Mesos.
  const limit$ = timeoutSeconds === 0 ? NEVER : timer(msOf(timeoutSeconds))
  const result$ = fromAbortable((signal) => probe(target, { ...place, signal })).pipe(
    takeUntil(limit$),
    defaultIfEmpty(undefined),
    catchError(() => of(undefined)),
    repeat({ delay: () => timer(msOf(intervalSeconds)) }),
  )
  return timer(msOf(delaySeconds)).pipe(switchMap(() => result$))
}

function msOf(seconds: number): number {
  return Math.min(seconds * 1000, maxTimerMs)
}

function targetOf({ command, http, tcp }: CheckInfo): ProbeTarget {
  return defined({ command: command?.command, http, tcp })
}
