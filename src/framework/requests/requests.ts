/** Requests of the user beside tasks: operations, executors, updates of the framework. */
import type { Observable } from 'rxjs'
import type { SchedulerInboxEvent } from '../../machines/scheduler/events.ts'
import type { SchedulerSnapshot } from '../../machines/scheduler/scheduler.ts'
import type { FrameworkFact, OperationEnded } from '../facts/events.ts'
import { descriptionOf } from '../state/selectors.ts'
import { createExecutorRequests } from './executor-requests.ts'
import type { ExecutorRequests } from './executor-requests.ts'
import { createUpdateFramework } from './framework-update.ts'
import type { FrameworkChanges } from './framework-update.ts'
import { createOperate } from './operations.ts'
import type { OperateOptions } from './operations.ts'

export interface FrameworkRequests extends ExecutorRequests {
  /**
   * Reserves or unreserves resources, or creates, destroys or resizes volumes, with the next
   * suitable offer of the agent. Resolves once Mesos reports that the operation finished.
   * Errors: `OPERATION_INVALID`; `OPERATION_FAILED` with `details`: `state`, `message`;
   * `FRAMEWORK_STOPPED`. A call that did not arrive is sent again, under another id.
   */
  operate(options: OperateOptions): Promise<OperationEnded>
  /**
   * Changes the framework's description at the master, and resolves once the master has accepted
   * it. Changes are made one after another. Errors: `CONFIG_INVALID` before it is sent;
   * `CALL_REJECTED` with the master's reason, after which nothing has changed.
   */
  update(changes: FrameworkChanges): Promise<void>
}

export interface RequestsOptions {
  /** Errors at the end of the run. */
  readonly run$: Observable<FrameworkFact>
  /** Starts the framework if needed. */
  readonly ready: () => Promise<RunningScheduler>
  /** Drops events of a framework that does not run. */
  readonly dispatch: (event: SchedulerInboxEvent) => void
}

export interface RunningScheduler {
  dispatch(event: SchedulerInboxEvent): void
  readonly snapshot: SchedulerSnapshot
}

export function createRequests({ run$, ready, dispatch }: RequestsOptions): FrameworkRequests {
  return {
    operate: createOperate(run$, ready),
    update: createUpdateFramework(run$, async () => {
      const running = await ready()
      return { dispatch: running.dispatch, description: descriptionOf(running.snapshot) }
    }),
    ...createExecutorRequests(dispatch),
  }
}
