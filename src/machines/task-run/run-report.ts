/** The status updates of a task, as its executor sends them. Source: mesos.proto, `TaskStatus`. */
import { defined } from '../../defined.ts'
import type { TaskReport } from '../../domain/tasks/task-report.ts'
import type { ErrorCode } from '../../errors.ts'
import type { CheckInfo, CheckStatusInfo, TaskStatusReason } from '../../mesos/types.generated.ts'

/** The states that an executor reports. */
export type RunState =
  'TASK_STARTING' | 'TASK_RUNNING' | 'TASK_FINISHED' | 'TASK_FAILED' | 'TASK_KILLED'

/** How a task host ended, for the last update. */
export interface HostOutcome {
  readonly ok: boolean
  /** For people, one line. */
  readonly message: string
  readonly report: TaskReport
}

/** Content of one status update. The performer of `fx.report` adds uuid and time. */
export interface RunReport {
  readonly taskId: string
  readonly state: RunState
  readonly reason?: TaskStatusReason
  readonly message?: string
  readonly report?: TaskReport
  /** Last result of the health check; absent before the first one. */
  readonly healthy?: boolean
  /** Last result of the check; present in every update of a task with a check. */
  readonly checkStatus?: CheckStatusInfo
}

/** The part of a run's context that reports are made from. */
export interface RunFacts {
  readonly taskId: string
  readonly maxCompletionMs?: number
  readonly outcome: HostOutcome | undefined
  readonly healthy: boolean | undefined
  readonly checkStatus: CheckStatusInfo | undefined
}

interface Args {
  readonly context: RunFacts
}

/** The outcome of a task whose host never started, or ended for a reason of the executor. */
export function failedOutcome(code: ErrorCode, message: string): HostOutcome {
  return { ok: false, message, report: { version: 1, code } }
}

export function starting({ context }: Args): RunReport {
  return { taskId: context.taskId, state: 'TASK_STARTING' }
}

export function running({ context }: Args): RunReport {
  const { taskId, healthy, checkStatus } = context
  return { taskId, state: 'TASK_RUNNING', ...defined({ healthy, checkStatus }) }
}

export function checkedHealth(args: Args): RunReport {
  return { ...running(args), reason: 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED' }
}

export function changedCheck(args: Args): RunReport {
  return { ...running(args), reason: 'REASON_TASK_CHECK_STATUS_UPDATED' }
}

/** The status of a check that has no result. */
export function emptyStatus({ type }: CheckInfo): CheckStatusInfo {
  switch (type) {
    case 'COMMAND':
      return { type, command: {} }
    case 'HTTP':
      return { type, http: {} }
    case 'TCP':
      return { type, tcp: {} }
    default:
      return {}
  }
}

export function finished({ context }: Args): RunReport {
  return { taskId: context.taskId, state: 'TASK_FINISHED', ...endOf(context) }
}

export function failed({ context }: Args): RunReport {
  return {
    taskId: context.taskId,
    state: 'TASK_FAILED',
    // As for a failure of Mesos' own fetcher: the task never ran, so a scheduler may launch it
    // again.
    reason:
      context.outcome?.report.code === 'LIBRARY_UNAVAILABLE'
        ? 'REASON_CONTAINER_LAUNCH_FAILED'
        : 'REASON_COMMAND_EXECUTOR_FAILED',
    ...endOf(context),
  }
}

export function overdue({ context }: Args): RunReport {
  const { taskId, maxCompletionMs, outcome } = context
  const { result: _, ...report } = outcome?.report ?? { version: 1 }
  return {
    taskId,
    state: 'TASK_FAILED',
    reason: 'REASON_MAX_COMPLETION_TIME_REACHED',
    message: `killed: it ran longer than its maximum of ${maxCompletionMs} ms`,
    report: { ...report, code: 'TASK_FAILED' },
  }
}

export function killed(args: Args): RunReport {
  return killedWith('killed', args)
}

export function killedUnhealthy(args: Args): RunReport {
  return { ...killedWith('killed because its health checks failed', args), healthy: false }
}

/** A killed task has no result and no error code: its end was requested. */
function killedWith(why: string, { context }: Args): RunReport {
  const { taskId, outcome } = context
  if (outcome === undefined) {
    return { taskId, state: 'TASK_KILLED', message: 'killed before it started' }
  }
  const { result: _, code: __, ...report } = outcome.report
  return { taskId, state: 'TASK_KILLED', message: `${why}: ${outcome.message}`, report }
}

function endOf({ outcome }: RunFacts): Pick<RunReport, 'message' | 'report'> {
  return defined({ message: outcome?.message, report: outcome?.report })
}
