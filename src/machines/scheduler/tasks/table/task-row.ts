/** The row of a task that has not ended. */
import type { CheckStatusInfo, TaskStatus } from '../../../../mesos/types.generated.ts'
import type { TaskRequest } from '../../../../domain/tasks/task-request.ts'
import type { CountedAt } from './placement-counts.ts'

/** The states of the task machine. */
export type TaskState =
  | 'pending'
  | 'launching'
  | 'staging'
  | 'starting'
  | 'running'
  | 'killing'
  | 'dying'
  | 'unreachable'
  | 'ending'
  | 'finished'
  | 'failed'
  | 'killed'
  | 'lost'

export interface TaskRow {
  readonly request: TaskRequest
  readonly state: TaskState
  /** 1 for the first launch. */
  readonly attempt: number
  /** Number of failed attempts. */
  readonly failures: number
  /** Killed by its user: it is never launched again. */
  readonly isKilled?: boolean
  /** It is being killed to be launched on another agent. */
  readonly moves?: boolean
  /** Number of such moves. */
  readonly moved?: number
  /** Place in its queue; 0 if it is in none. */
  readonly ticket: number
  /** While `ending`: the end as the master reported it, before the agent's own update. */
  readonly answer?: TaskStatus
  readonly agentId?: string
  readonly hostname?: string
  /** Absent for a plain command: Mesos gives it an executor with the id of the task. */
  readonly executorId?: string
  /** Latest result of its health check. */
  readonly healthy?: boolean
  /** Latest result of its check. */
  readonly checkStatus?: CheckStatusInfo
  /** The library set that was current at submission: every attempt runs with it. */
  readonly librarySetId?: string
  /** Where it is counted from launch to end. */
  readonly counted?: readonly CountedAt[]
  /** The agent where the executor of the previous attempt ended before the task started. */
  readonly failedOn?: string
  /** Id of the absence of its agent, see absences.ts. */
  readonly absence?: string
  /** The previous attempt, given up as unreachable. It may return until this one is launched. */
  readonly away?: Pick<TaskRow, 'attempt' | 'agentId' | 'hostname' | 'executorId' | 'counted'>
}
