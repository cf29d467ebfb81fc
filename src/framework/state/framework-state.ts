/** The state of a framework in a few fields, as a stream. */
import { concat, defer, distinctUntilChanged, filter, map, of } from 'rxjs'
import type { Observable } from 'rxjs'
import type { SchedulerSnapshot } from '../../machines/scheduler/scheduler.ts'
import { frameworkIdOf, isRegistered, librariesOf, lifeOf, tasksOf } from './selectors.ts'
import type { Life } from './selectors.ts'

export type { Life }

export interface FrameworkState {
  readonly life: Life
  /** False until the first registration, while the connection to the master is lost, at the end. */
  readonly isRegistered: boolean
  /** Undefined before the first registration. */
  readonly frameworkId: string | undefined
  /** Library set of new tasks; undefined without libraries. */
  readonly librarySetId: string | undefined
  /** Number of tasks that have not ended. */
  readonly taskCount: number
  /** Number of tasks that wait for an offer. */
  readonly pendingCount: number
}

/**
 * Emits the state at subscription, then each change of it. `change$` emits when the snapshot may
 * have changed; its end is the end. Nothing is computed without a subscriber. A snapshot that is
 * undefined has no state.
 */
export function stateOf(
  snapshot: () => SchedulerSnapshot | undefined,
  change$: Observable<unknown>,
): Observable<FrameworkState> {
  const now$ = defer(() => of(snapshot()))
  return concat(now$, change$.pipe(map(snapshot))).pipe(
    filter((known) => known !== undefined),
    map(summarize),
    distinctUntilChanged(isSame),
  )
}

function summarize(snapshot: SchedulerSnapshot): FrameworkState {
  const { rows, pendingCount } = tasksOf(snapshot)
  return {
    life: lifeOf(snapshot),
    isRegistered: isRegistered(snapshot),
    frameworkId: frameworkIdOf(snapshot),
    librarySetId: librariesOf(snapshot).current,
    taskCount: rows.size,
    pendingCount,
  }
}

function isSame(one: FrameworkState, other: FrameworkState): boolean {
  return (Object.keys(one) as (keyof FrameworkState)[]).every((key) => one[key] === other[key])
}
