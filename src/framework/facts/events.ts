/** What a framework tells its user: facts of the scheduler machine, made readable, and progress. */
import type { FetchedFile } from '../../domain/tasks/check-command.ts'
import type { PackageProgress, ResolvingProgress } from '../../coordinates/packages/packages.ts'
import type { ClassPathReport } from '../../domain/class-path/class-path-conflicts.ts'
import type { LibrarySet } from '../../domain/libraries/library.ts'
import type { ExecutorMessage, TaskReport } from '../../domain/task-work.ts'
import type { JarcastError } from '../../errors.ts'
import type { InverseOffered, TasksWaiting } from '../../machines/scheduler/events.ts'
import type { PackedLibrary } from '../../server/libraries/library-store.ts'
import type { TasksUnreachable } from '../../machines/scheduler/tasks/unreachable-tasks.ts'
import type { SenderLimited } from '../intake/sender-limits.ts'
import type {
  OperationState,
  OperationStatus,
  Resource,
  TaskState,
  TaskStatus,
} from '../../mesos/types.generated.ts'

/** Events by name, for eventemitter3. Times are ms since the epoch. */
export interface FrameworkEvents {
  /** While it is found out what coordinates come to. */
  'package.resolving': [ResolvingProgress]
  /** Of what coordinates come to; at least once per package that was not on this machine. */
  'package.fetching': [PackageProgress]
  'package.warning': [{ readonly message: string }]
  'library.staging': [LibraryStaging]
  /** What was packed of a folder, which is what ships. */
  'library.packed': [PackedLibrary]
  /** There is something to tell of the jars; not all of it does harm. At most once per set of libraries. */
  'classPath.conflicts': [ClassPathReport]
  'framework.registered': [{ readonly frameworkId: string; readonly master?: string }]
  /** Not `retryable`: it is not tried again, and the framework fails. */
  'framework.disconnected': [
    { readonly code: string; readonly message: string; readonly retryable: boolean },
  ]
  /** The master has taken what `update` changed. */
  'framework.updated': []
  'framework.updateFailed': [JarcastError]
  'framework.draining': []
  'framework.stopped': []
  'framework.failed': [JarcastError]
  'jarServer.started': [{ readonly url: string }]
  'jarServer.stopped': [JarServerTotals]
  /** Tasks submitted from now on get this set. */
  'libraries.changed': [{ readonly set: LibrarySet }]
  /** A change of the libraries was refused; all is as it was. */
  'libraries.rejected': [JarcastError]
  /** The last tasks that had these sets are over; they are served no longer. */
  'libraries.released': [{ readonly setIds: readonly string[] }]
  'offers.received': [{ readonly count: number; readonly launched: number }]
  /** Offers that were held for tasks to come were taken back. */
  'offers.rescinded': [{ readonly offerIds: readonly string[] }]
  /** An agent is to go away for maintenance; `answer` is what was said to that. */
  'inverseOffer.received': [Omit<InverseOffered, 'type'>]
  'inverseOffer.rescinded': [{ readonly inverseOfferId: string }]
  'task.launched': [TaskLaunched]
  'task.updated': [TaskUpdated]
  'task.retried': [TaskUpdated]
  /** At most every 10 s while offers come in that are enough for none of the tasks that wait. */
  'task.waiting': [Omit<TasksWaiting, 'type'> & { readonly at: number }]
  'task.ended': [TaskEnded]
  /**
   * Mesos runs a task that this framework does not know: left by an earlier run without a journal, or (`isReplaced`) an
   * earlier attempt of a task that was lost or unreachable, and was launched again.
   */
  'task.unknown': [
    {
      readonly taskId: string
      readonly status: TaskStatus
      readonly isKilled: boolean
      readonly isReplaced?: true
    },
  ]
  'operation.updated': [OperationUpdated]
  'operation.retried': [OperationUpdated]
  'operation.ended': [OperationEnded]
  'agent.failed': [{ readonly agentId: string }]
  /** Tasks that wait for an agent that Mesos cannot reach: when it is lost, and with each subscription until it is back. */
  'tasks.unreachable': [Omit<TasksUnreachable, 'type'>]
  /** What an executor that is not jarcast's says, and what jarcast's does not mean for itself; `data` in base64. */
  'executor.message': [
    { readonly agentId: string; readonly executorId: string; readonly data: string },
  ]
  'executor.failed': [
    {
      readonly agentId?: string
      readonly executorId?: string
      readonly status?: number
      /** The program that did not run, since the agent's fetcher brought different bytes. */
      readonly rejected?: FetchedFile
    },
  ]
  'library.fetching': [ExecutorLibraryEvent<'library.fetching'>]
  'library.fetched': [ExecutorLibraryEvent<'library.fetched'>]
  'library.corrupted': [ExecutorLibraryEvent<'library.corrupted'>]
  /** An event made the scheduler's machine throw: it is in the journal, and changed nothing. Report it. */
  'event.rejected': [{ readonly seq: number; readonly event: string; readonly message: string }]
  'call.failed': [{ readonly call: string; readonly message: string }]
  /**
   * Mesos sent an event that cannot be used. The journal has a note of it, and the run continues.
   */
  'mesos.refused': [{ readonly event: string; readonly message: string }]
  /**
   * An executor or a task exceeded its rate: messages were dropped, or updates were acknowledged
   * without an event. At most once every 10 s for each.
   */
  'sender.limited': [SenderLimited]
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
  /** Why, when it is not Mesos that says it. */
  readonly message?: string
  readonly at: number
}

export interface TaskEnded extends TaskUpdated {
  /** What jarcast's executor says of it; other executors send none. */
  readonly report?: TaskReport
  /** Absent when the task finished. */
  readonly error?: JarcastError
}

export interface OperationUpdated {
  readonly operationId: string
  readonly agentId: string
  readonly attempt: number
  /** State and status are absent when the operation ended before Mesos knew of it. */
  readonly state?: OperationState
  readonly status?: OperationStatus
  readonly at: number
}

export interface OperationEnded extends OperationUpdated {
  /** What it made, where Mesos says so. */
  readonly resources?: readonly Resource[]
  /** Absent when the operation finished. */
  readonly error?: JarcastError
}

export type ExecutorLibraryEvent<Type extends ExecutorMessage['type']> = Extract<
  ExecutorMessage,
  { readonly type: Type }
> & { readonly agentId: string }
