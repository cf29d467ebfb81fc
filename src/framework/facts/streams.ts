/** The streams of one framework, from its creation to after its end. */
import { EMPTY, Observable, Subject, catchError, concat, defer, of } from 'rxjs'
import type { JarcastError } from '../../errors.ts'
import type { SchedulerSnapshot } from '../../machines/scheduler/scheduler.ts'
import { routeBy } from '../../streams/route-by.ts'
import { stateOf } from '../state/framework-state.ts'
import type { FrameworkState } from '../state/framework-state.ts'
import type { FrameworkFact, FrameworkProgress, TaskFact } from './events.ts'

export interface PublicStreams {
  /**
   * Facts of the run, in the order of its journal. Hot: later facts only. No fact is buffered; a
   * subscriber that works asynchronously must bound its own queue: `concatMapBounded` of
   * `jarcast/streams`, `throttleTime`, `exhaustMap`.
   *
   * Next: in a microtask after the entry behind the fact was applied. Complete: after the last
   * fact, `framework.stopped` or `framework.failed`; at a detached stop without these; at once for
   * late subscribers. Error: never.
   */
  readonly fact$: Observable<FrameworkFact>
  /**
   * The state of the run, for subscribers at any time: the latest at subscription, then each
   * change. Nothing is emitted before the start. Changes of one batch of journal entries are one.
   *
   * Complete: at the end of the run, after its last state; late subscribers get that one. Error:
   * never.
   */
  readonly state$: Observable<FrameworkState>
  /**
   * Facts about one task, with or without a `run` of it here. The last known fact at subscription:
   * `task.launched` or `task.updated` for a task that is with Mesos, `task.ended` for one whose
   * outcome the journal has; then its later facts.
   *
   * Complete: after the `task.ended` of a task that finished. Error: after the `task.ended` of any
   * other task, with the error that `run` rejects with; `FRAMEWORK_STOPPED`, or the error of the
   * framework, if that ends first. Give an error handler: RxJS throws errors that have none.
   */
  task$(taskId: string): Observable<TaskFact>
  /**
   * Events that are not in the journal: progress of packages and libraries, messages of
   * executors, warnings. Hot and not buffered, as `fact$`; executors report each library that they
   * fetch twice a second.
   *
   * Complete: when everything is closed. Error: never.
   */
  readonly progress$: Observable<FrameworkProgress>
}

export interface FrameworkStreams extends PublicStreams {
  /** As `fact$`, but errors at the end of the run with its reason. */
  readonly run$: Observable<FrameworkFact>
  /** As `task$`, without the last known fact. */
  laterTask$(taskId: string): Observable<TaskFact>
  publish(fact: FrameworkFact): void
  report(progress: FrameworkProgress): void
  /** The snapshot may have changed. */
  change(): void
  /** The run is over: ends all streams but `progress$`. */
  end(reason: JarcastError): void
  /** Everything is closed: ends `progress$`. */
  close(): void
}

export interface StreamsOptions {
  /** Undefined before the start. */
  readonly snapshot: () => SchedulerSnapshot | undefined
  /** The last fact about a task that follows from the snapshot. */
  readonly lastFactOf: (taskId: string) => TaskFact | undefined
}

export function createStreams({ snapshot, lastFactOf }: StreamsOptions): FrameworkStreams {
  const run = new Subject<FrameworkFact>()
  const progress = new Subject<FrameworkProgress>()
  const changes = new Subject<void>()
  const factsOfTask = routeBy(run, taskIdOf)
  const laterFactsOf = (taskId: string) => factsOfTask(taskId) as Observable<TaskFact>
  return {
    run$: run.asObservable(),
    fact$: run.pipe(catchError(() => EMPTY)),
    state$: stateOf(snapshot, changes),
    progress$: progress.asObservable(),
    task$: (taskId) =>
      defer(() => {
        const known = lastFactOf(taskId)
        const later$ = laterFactsOf(taskId)
        return endWithTask(known === undefined ? later$ : concat(of(known), later$))
      }),
    laterTask$: (taskId) => endWithTask(laterFactsOf(taskId)),
    publish: (fact) => run.next(fact),
    report: (event) => progress.next(event),
    change: () => changes.next(),
    end(reason) {
      changes.complete()
      run.error(reason)
    },
    close: () => progress.complete(),
  }
}

function taskIdOf(fact: FrameworkFact): string | undefined {
  return isTaskFact(fact) ? fact.taskId : undefined
}

function isTaskFact(fact: FrameworkFact): fact is TaskFact {
  const { type } = fact
  return (
    type === 'task.updated' ||
    type === 'task.launched' ||
    type === 'task.ended' ||
    type === 'task.retried'
  )
}

/** Completes after `task.ended`, or errors with its error. */
function endWithTask(fact$: Observable<TaskFact>): Observable<TaskFact> {
  return new Observable((subscriber) =>
    fact$.subscribe({
      next(fact) {
        subscriber.next(fact)
        if (fact.type !== 'task.ended') return
        if (fact.error === undefined) subscriber.complete()
        else subscriber.error(fact.error)
      },
      error: (error: unknown) => subscriber.error(error),
    }),
  )
}
