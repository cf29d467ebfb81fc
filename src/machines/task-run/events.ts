/** Events, input and effects of the task run machine. */
import type { InstalledSet } from '../../domain/libraries/installed-set.ts'
import type { TaskWork } from '../../domain/tasks/task-work.ts'
import type { ErrorCode } from '../../errors.ts'
import type { CheckInfo, CheckStatusInfo, HealthCheck } from '../../mesos/types.generated.ts'
import type { HostOutcome } from './run-report.ts'

/** Events that the executor forwards to the run of the task they name. */
export type RunEvent =
  | { readonly type: 'host.started'; readonly taskId: string }
  | { readonly type: 'host.exited'; readonly taskId: string; readonly outcome: HostOutcome }
  /** `graceMs` takes precedence over the task's own grace. */
  | { readonly type: 'kill.requested'; readonly taskId: string; readonly graceMs?: number }
  /** A health check passed for the first time or after a failure, or it failed. */
  | {
      readonly type: 'health.checked'
      readonly taskId: string
      readonly healthy: boolean
      /** The maximum number of consecutive failures is reached. */
      readonly isLast: boolean
    }
  /** The result of a check differs from the one before. */
  | { readonly type: 'check.changed'; readonly taskId: string; readonly status: CheckStatusInfo }

export type TaskRunEvent =
  | RunEvent
  | { readonly type: 'libraries.ready'; readonly installed: InstalledSet }
  | {
      readonly type: 'libraries.failed'
      readonly setId: string
      readonly code: ErrorCode
      readonly message: string
    }
  /** The task ran for `maxCompletionMs`. */
  | { readonly type: 'completion.overdue' }
  /** The agent acknowledged the last status update. */
  | { readonly type: 'completion.acknowledged' }

export interface TaskRunInput {
  readonly taskId: string
  readonly work: TaskWork
  readonly maxResultBytes: number
  /** Library sets that must be installed before the host starts, in class-path order. */
  readonly setIds: readonly string[]
  /** Library sets that are already installed. */
  readonly installed: readonly InstalledSet[]
  /** Time between SIGTERM and SIGKILL, unless the kill brings its own. */
  readonly killGraceMs: number
  /** Variables of this task only. */
  readonly environment?: Readonly<Record<string, string>>
  /** Longest run time, from the start of the host. Absent: no limit. */
  readonly maxCompletionMs?: number
  readonly healthCheck?: HealthCheck
  readonly check?: CheckInfo
}

/** Params of `fx.startHost`. */
export interface HostStart {
  readonly taskId: string
  readonly work: TaskWork
  readonly maxResultBytes: number
  /** In class-path order. */
  readonly libraries: readonly InstalledSet[]
  readonly environment: Readonly<Record<string, string>>
}

/** Params of `fx.killHost`. */
export interface HostKill {
  readonly taskId: string
  readonly signal: 'SIGTERM' | 'SIGKILL'
}

/** Params of `fx.startProbes`. */
export interface ProbesStart {
  readonly taskId: string
  readonly healthCheck?: HealthCheck
  readonly check?: CheckInfo
  /** Variables of the task, which commands of checks get too. */
  readonly environment: Readonly<Record<string, string>>
}
