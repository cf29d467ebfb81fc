/** What an executor says of a task: one status update for each thing that is worth one. Source: mesos.proto, `TaskStatus`. */
import type { TaskReport } from '../../domain/task-work.ts'
import type { ErrorCode } from '../../errors.ts'
import type { CheckInfo, CheckStatusInfo, TaskStatusReason } from '../../mesos/types.generated.ts'

/** The states that an executor reports. */
export type RunState =
  'TASK_STARTING' | 'TASK_RUNNING' | 'TASK_FINISHED' | 'TASK_FAILED' | 'TASK_KILLED'

/** How a task host ended: what of it goes into the last update. */
export interface HostOutcome {
  readonly ok: boolean
  /** For people, one line. */
  readonly message: string
  readonly report: TaskReport
}

/** What one status update says; its uuid and time are stamped by whoever performs `fx.report`. */
export interface RunReport {
  readonly taskId: string
  readonly state: RunState
  readonly reason?: TaskStatusReason
  readonly message?: string
  readonly report?: TaskReport
  /** What health checks say, once they say something. */
  readonly healthy?: boolean
  /** Present from the start in a task with a check. */
  readonly checkStatus?: CheckStatusInfo
}

/** What is known of a task when something is said of it. */
export interface RunFacts {
  readonly taskId: string
  /** Counted from its start; absent means no limit. */
  readonly maxCompletionMs?: number
  readonly outcome: HostOutcome | undefined
  readonly healthy: boolean | undefined
  readonly checkStatus: CheckStatusInfo | undefined
  /** Why it is being killed. */
  readonly killCause: 'asked' | 'unhealthy' | 'overdue' | undefined
}

interface Args {
  readonly context: RunFacts
}

/** The outcome of a task whose host never started, or ended for a reason of ours. */
export function failedOutcome(code: ErrorCode, message: string): HostOutcome {
  return { ok: false, message, report: { version: 1, code } }
}

export function starting({ context }: Args): RunReport {
  return { taskId: context.taskId, state: 'TASK_STARTING' }
}

export function running({ context }: Args): RunReport {
  const { taskId, healthy, checkStatus } = context
  return {
    taskId,
    state: 'TASK_RUNNING',
    ...(healthy === undefined ? {} : { healthy }),
    ...(checkStatus === undefined ? {} : { checkStatus }),
  }
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
  return { taskId: context.taskId, state: 'TASK_FINISHED', ...lastWords(context) }
}

export function failed({ context }: Args): RunReport {
  if (context.killCause === 'overdue') return overdue(context)
  return {
    taskId: context.taskId,
    state: 'TASK_FAILED',
    // As when Mesos' own fetcher fails: the task never ran, and a scheduler may launch it again.
    reason:
      context.outcome?.report.code === 'LIBRARY_UNAVAILABLE'
        ? 'REASON_CONTAINER_LAUNCH_FAILED'
        : 'REASON_COMMAND_EXECUTOR_FAILED',
    ...lastWords(context),
  }
}

function overdue({ taskId, maxCompletionMs, outcome }: RunFacts): RunReport {
  const { result: _, ...report } = outcome?.report ?? { version: 1 }
  return {
    taskId,
    state: 'TASK_FAILED',
    reason: 'REASON_MAX_COMPLETION_TIME_REACHED',
    message: `it was not over after ${maxCompletionMs} ms, and was killed`,
    report: { ...report, code: 'TASK_FAILED' },
  }
}

export function killed({ context }: Args): RunReport {
  const { taskId, outcome, killCause } = context
  if (outcome === undefined) {
    return { taskId, state: 'TASK_KILLED', message: 'killed before it started' }
  }
  const { result: _, code: __, ...report } = outcome.report
  const isUnhealthy = killCause === 'unhealthy'
  const why = isUnhealthy ? 'killed, as its health checks failed' : 'killed'
  return {
    taskId,
    state: 'TASK_KILLED',
    message: `${why}: ${outcome.message}`,
    report,
    ...(isUnhealthy ? { healthy: false } : {}),
  }
}

function lastWords({ outcome }: RunFacts): Pick<RunReport, 'message' | 'report'> {
  return outcome === undefined ? {} : { message: outcome.message, report: outcome.report }
}
