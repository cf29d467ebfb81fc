/** Events, input and effects of the executor machine. */
import type { DoneActorEvent } from 'xstate'
import type { LibrarySetReference, TaskPayload } from '../../domain/tasks/task-payload.ts'
import type { ErrorCode } from '../../errors.ts'
import type { DownloaderOutput, SetEvent } from '../downloader/events.ts'
import type { RunEvent, TaskRunInput } from '../task-run/events.ts'
import type { RunReport } from '../task-run/run-report.ts'

/** A status update with the id and time that it keeps when it is sent again. */
export interface StampedUpdate extends RunReport {
  /** 16 bytes in base64. */
  readonly uuid: string
  readonly timestampMs: number
}

/** A task from LAUNCH or LAUNCH_GROUP. */
export interface LaunchedTask {
  readonly taskId: string
  /**
   * The `TaskInfo` as received. SUBSCRIBE returns it until an update of the task is acknowledged.
   */
  readonly info: object
  /** The work, or why it is invalid. */
  readonly payload: TaskPayload | { readonly code: ErrorCode; readonly message: string }
  readonly killGraceMs: number
  /** Shared by the tasks of one LAUNCH_GROUP: one that does not finish ends the others. */
  readonly groupId?: string
  readonly limits?: TaskLimits
}

export type TaskLimits = Partial<Pick<TaskRunInput, 'maxCompletionMs' | 'healthCheck' | 'check'>>

export type ExecutorMachineEvent =
  | { readonly type: 'agent.subscribed' }
  | {
      readonly type: 'agent.lost'
      readonly message: string
      /** The agent answered: it refused for now (503 while it recovers), or sent invalid bytes. */
      readonly busy: boolean
      /** False when no further attempt can succeed. */
      readonly retryable: boolean
      /** Wait before the next attempt, ms: random, up to the agent's bound. */
      readonly retryDelayMs: number
    }
  | { readonly type: 'task.launched'; readonly task: LaunchedTask }
  /** The executor accepted a task, which runs with this set. */
  | {
      readonly type: 'libraries.needed'
      readonly taskId: string
      readonly librarySet: LibrarySetReference | undefined
    }
  | { readonly type: 'update.stamped'; readonly update: StampedUpdate }
  | { readonly type: 'update.acknowledged'; readonly taskId: string; readonly uuid: string }
  | ({ readonly type: 'shutdown.requested' } & Shutdown)
  | RunEvent
  | SetEvent
  | DoneActorEvent<unknown, `task.${string}`>
  | DoneActorEvent<DownloaderOutput, `downloader.${string}`>

/** Params of `fx.exit`. */
export interface Shutdown {
  readonly message: string
  /** 0 if the agent asked for it. */
  readonly exitStatus: number
}

export interface ExecutorInput {
  /** True if the framework checkpoints: then this process may outlive its agent. */
  readonly checkpoint: boolean
  /** Maximum time without an agent, ms. */
  readonly recoveryTimeoutMs: number
  /** Time from the start of a shutdown until the agent kills this process. */
  readonly shutdownGraceMs: number
  /** Libraries that each task gets beside its own; the executor's argument. */
  readonly seedUris: readonly string[]
  /** Attempts per file. */
  readonly maxAttempts: number
  /** Libraries of one set fetched at the same time. */
  readonly concurrency: number
}

/** Params of `fx.subscribe`. */
export interface Subscription {
  readonly tasks: readonly object[]
  readonly updates: readonly StampedUpdate[]
}
