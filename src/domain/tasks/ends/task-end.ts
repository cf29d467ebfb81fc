/** One way in which a task ends, and the sources that report it. */
import type {
  TaskState,
  TaskStatusReason,
  TaskStatusSource,
} from '../../../mesos/types.generated.ts'

/**
 * `task`: the task failed, and its retry policy counts the attempt. `cluster`: a loss; the task is
 * launched again up to `maxLosses` times. `moved`: operators or Mesos took the place away; the task
 * is launched again any number of times.
 */
export type EndFault = 'none' | 'task' | 'cluster' | 'moved'

export interface TaskEnd {
  readonly states: readonly TaskState[]
  /** Absent: every reason without a row of its own. */
  readonly reason?: TaskStatusReason
  /** Sources that give this reason. With another source, only the state counts. */
  readonly sources: readonly TaskStatusSource[]
  /** Only for a status with `healthy: false`. */
  readonly isUnhealthy?: true
  readonly fault: EndFault
  /** What happened to the task, as the end of a sentence that begins with its id. */
  readonly text: string
  /** True if the message from Mesos does not say it. */
  readonly isUntold?: true
}

export const master = ['SOURCE_MASTER'] as const
export const agent = ['SOURCE_AGENT'] as const
export const executor = ['SOURCE_EXECUTOR'] as const
export const masterOrAgent = [...master, ...agent]
/** An executor may repeat a reason of the agent, and the agent sets it in updates of executors. */
export const agentOrExecutor = [...agent, ...executor]
export const anyone = [...masterOrAgent, ...executor]
