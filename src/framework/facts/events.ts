/**
 * The events of a framework: facts of the scheduler machine, which follow from the journal, and
 * progress, which no restart needs. The types of facts are those of the machine, with the few
 * fields that `Changed` lists.
 */
import type { PackageProgress, ResolvingProgress } from '../../coordinates/packages/packages.ts'
import type { ClassPathReport } from '../../domain/class-path/class-path-conflicts.ts'
import type { ExecutorMessage } from '../../domain/tasks/executor-message.ts'
import type { TaskReport } from '../../domain/tasks/task-report.ts'
import type { JarcastError } from '../../errors.ts'
import type { SchedulerFact } from '../../machines/scheduler/events.ts'
import type { OperationState, Resource, TaskState } from '../../mesos/types.generated.ts'
import type { PackedLibrary } from '../../server/libraries/stage-library.ts'
import type { SenderLimited } from '../intake/sender-limits.ts'

/** Facts of the machine by type. */
type SchedulerFacts = { readonly [Fact in SchedulerFact as Fact['type']]: Fact }

interface Failure {
  readonly error: JarcastError
}

interface TaskFields {
  /** Absent, as `status`, if the task ended before Mesos knew of it. */
  readonly state?: TaskState
  /** The reason, if it does not come from Mesos. */
  readonly message?: string
}

interface OperationFields {
  /** Absent, as `status`, if the operation ended before Mesos knew of it. */
  readonly state?: OperationState
}

/** Fields of public facts, in place of `code`, `message` and those of the same name. */
interface Changed {
  'framework.failed': Failure
  'framework.updateFailed': Failure
  'libraries.rejected': Failure
  'runtime.unavailable': Failure
  'task.updated': TaskFields
  'task.retried': TaskFields
  'task.ended': TaskFields & {
    /** Sent by jarcast's executor; other executors send none. */
    readonly report?: TaskReport
    /** Absent when the task finished. */
    readonly error?: JarcastError
  }
  'operation.updated': OperationFields
  'operation.retried': OperationFields
  'operation.ended': OperationFields & {
    /** Resources that the operation made, if Mesos reports them. */
    readonly resources?: readonly Resource[]
    /** Absent when the operation finished. */
    readonly error?: JarcastError
  }
  'executor.failed': { readonly agentId?: string; readonly executorId?: string }
}

type Hidden<Type> = Type extends keyof Changed
  ? 'code' | 'message' | 'dataSha256' | keyof Changed[Type]
  : never

type PublicFact<Type extends keyof SchedulerFacts> = Flat<
  {
    readonly type: Type
    /** Time of the journal entry behind the fact, ms since the epoch. */
    readonly at: number
  } & Omit<SchedulerFacts[Type], 'type' | Hidden<Type>> &
    (Type extends keyof Changed ? Changed[Type] : unknown)
>

/** One object type in place of an intersection. */
type Flat<T> = { [Key in keyof T]: T[Key] }

/** Facts by type. A task or operation that is refused has ended: there is no other fact for it. */
export type FrameworkFacts = {
  readonly [
    Type in Exclude<keyof SchedulerFacts, 'task.rejected' | 'operation.rejected'>
  ]: PublicFact<Type>
}

export type FrameworkFact = FrameworkFacts[keyof FrameworkFacts]

/** Facts about one task, the last of them `task.ended`. */
export type TaskFact = FrameworkFacts[
  'task.launched' | 'task.updated' | 'task.retried' | 'task.ended']

/** Fields of one type of fact. */
type FieldsOf<Type extends keyof FrameworkFacts> = Omit<FrameworkFacts[Type], 'type'>

export type TaskLaunched = FieldsOf<'task.launched'>
export type TaskUpdated = FieldsOf<'task.updated'>
export type TaskEnded = FieldsOf<'task.ended'>
export type OperationUpdated = FieldsOf<'operation.updated'>
export type OperationEnded = FieldsOf<'operation.ended'>

interface Progress {
  /** While the versions of packages are resolved. */
  'package.resolving': ResolvingProgress
  /** While packages are fetched; at least once per package that was not on this machine. */
  'package.fetching': PackageProgress
  'package.warning': { readonly message: string }
  'library.staging': LibraryStaging
  /** Files of a folder that was packed: these ship. */
  'library.packed': PackedLibrary
  /** Conflicts between jars, harmful or not. At most once per library set. */
  'classPath.conflicts': ClassPathReport
  'library.fetching': FromExecutor<'library.fetching'>
  'library.fetched': FromExecutor<'library.fetched'>
  'library.corrupted': FromExecutor<'library.corrupted'>
  'jarServer.stopped': JarServerTotals
  /** A message of an executor, except those of jarcast's own about libraries. */
  'executor.message': {
    readonly agentId: string
    readonly executorId: string
    /** In base64. */
    readonly data: string
  }
  /** An event made the machine throw: it is in the journal, and changed nothing. Report it. */
  'event.rejected': {
    readonly seq: number
    readonly event: string
    readonly message: string
  }
  /**
   * An executor or a task exceeded its rate: messages were dropped, or updates were acknowledged
   * without an entry. At most once every 10 s for each.
   */
  'sender.limited': SenderLimited
}

/** Events that are not in the journal: progress of packages and libraries, messages, warnings. */
export type FrameworkProgress = {
  [Type in keyof Progress]: Flat<{ readonly type: Type } & Progress[Type]>
}[keyof Progress]

export type ReportProgress = (progress: FrameworkProgress) => void

export type FrameworkEvent = FrameworkFact | FrameworkProgress

/** Events by name, for eventemitter3. */
export type FrameworkEvents = { [Event in FrameworkEvent as Event['type']]: [Event] }

export interface LibraryStaging {
  readonly name: string
  readonly stagedBytes: number
  readonly sizeBytes: number
}

export interface JarServerTotals {
  readonly requests: number
  readonly bytesServed: number
}

type FromExecutor<Type extends ExecutorMessage['type']> = Omit<
  Extract<ExecutorMessage, { readonly type: Type }>,
  'type'
> & { readonly agentId: string }
