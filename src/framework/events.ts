/** What a framework tells its user: facts of the scheduler machine, made readable, and progress. */
import type { PackageProgress } from '../coordinates/packages.ts'
import type { ExecutorMessage, TaskReport } from '../domain/task-work.ts'
import type { JarcastError } from '../errors.ts'
import type { TasksWaiting } from '../machines/scheduler-events.ts'
import type { TaskState, TaskStatus } from '../mesos/types.generated.ts'

/** Events by name, for eventemitter3. Times are ms since the epoch. */
export interface FrameworkEvents {
  /** Of what coordinates come to; at least once per package that was not on this machine. */
  'package.fetching': [PackageProgress]
  'package.warning': [{ readonly message: string }]
  'library.staging': [LibraryStaging]
  'framework.registered': [{ readonly frameworkId: string; readonly master?: string }]
  /** Not `retryable`: it is not tried again, and the framework fails. */
  'framework.disconnected': [
    { readonly code: string; readonly message: string; readonly retryable: boolean },
  ]
  'framework.draining': []
  'framework.stopped': []
  'framework.failed': [JarcastError]
  'jarServer.started': [{ readonly url: string }]
  'jarServer.stopped': [JarServerTotals]
  'offers.received': [{ readonly count: number; readonly launched: number }]
  'task.launched': [TaskLaunched]
  'task.updated': [TaskUpdated]
  'task.retried': [TaskUpdated]
  /** At most every 10 s while offers come in that are enough for none of the tasks that wait. */
  'task.waiting': [Omit<TasksWaiting, 'type'> & { readonly at: number }]
  'task.ended': [TaskEnded]
  'executor.failed': [
    { readonly agentId?: string; readonly executorId?: string; readonly status?: number },
  ]
  'library.fetching': [ExecutorLibraryEvent<'library.fetching'>]
  'library.fetched': [ExecutorLibraryEvent<'library.fetched'>]
  'library.corrupted': [ExecutorLibraryEvent<'library.corrupted'>]
  /** An event made the scheduler's machine throw: it is in the journal, and changed nothing. Report it. */
  'event.rejected': [{ readonly seq: number; readonly event: string; readonly message: string }]
  'call.failed': [{ readonly call: string; readonly message: string }]
}

export interface LibraryStaging {
  readonly name: string
  readonly stagedBytes: number
  readonly sizeBytes: number
}

export interface JarServerTotals {
  readonly requests: number
  readonly bytesServed: number
}

export interface TaskLaunched {
  readonly taskId: string
  readonly attempt: number
  readonly agentId: string
  readonly hostname: string
  readonly at: number
}

export interface TaskUpdated {
  readonly taskId: string
  readonly attempt: number
  readonly hostname?: string
  /** State and status are absent when the task ended before Mesos knew of it. */
  readonly state?: TaskState
  readonly status?: TaskStatus
  readonly at: number
}

export interface TaskEnded extends TaskUpdated {
  /** What jarcast's executor says of it; other executors send none. */
  readonly report?: TaskReport
  /** Absent when the task finished. */
  readonly error?: JarcastError
}

export type ExecutorLibraryEvent<Type extends ExecutorMessage['type']> = Extract<
  ExecutorMessage,
  { readonly type: Type }
> & { readonly agentId: string }
