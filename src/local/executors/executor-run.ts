/**
 * One run of an executor on an agent, from its launch until its last task's last update is
 * acknowledged.
 */
import { defined } from '../../defined.ts'
import type {
  ContainerStatus,
  ExecutorEvent,
  ExecutorInfo,
  Task,
  TaskGroupInfo,
  TaskInfo,
  TaskState,
  TaskStatus,
  TaskStatusReason,
} from '../../mesos/types.generated.ts'
import type { Exit } from './processes/command-process.ts'

/** Takes the agent's events to the executor: an HTTP stream, or an executor inside this process. */
export interface ExecutorChannel {
  send(event: ExecutorEvent): void
  end(): void
}

/** What the agent can do to the processes of a run. */
export interface ExecutorContainer {
  readonly pid: number | undefined
  /** Never rejects. */
  readonly exited: Promise<Exit>
  kill(graceMs: number): void
}

/** A task as operators see it, kept when it is over. */
export interface TaskRecord {
  /** Without data. */
  readonly info: TaskInfo
  state: TaskState
  /** One per change of state, without data. */
  readonly statuses: TaskStatus[]
}

export type ExecutorState = 'REGISTERING' | 'RUNNING' | 'TERMINATING' | 'TERMINATED'

export interface ExecutorRun {
  readonly id: string
  readonly info: ExecutorInfo
  readonly frameworkId: string
  /** `command`: made by the agent for one task, unknown to the master. */
  readonly kind: 'command' | 'default' | 'custom'
  readonly containerId: string
  state: ExecutorState
  directory: string
  channel: ExecutorChannel | undefined
  container: ExecutorContainer | undefined
  readonly queuedTasks: Map<string, TaskInfo>
  /** Groups among the queued tasks, which are delivered whole. */
  readonly queuedGroups: Set<TaskGroupInfo>
  readonly launchedTasks: Map<string, TaskInfo>
  /** Ended, their terminal update not acknowledged yet. */
  readonly terminatedTasks: Set<string>
  /** Of the tasks it holds, as operators see them. */
  readonly records: Map<string, TaskRecord>
  /** The latest that are over. */
  readonly completedTasks: Task[]
  hasReceivedTask: boolean
  registrationTimer: NodeJS.Timeout | undefined
  shutdownTimer: NodeJS.Timeout | undefined
  /** Why the agent ends it, told in the updates of its tasks. */
  termination:
    | {
        readonly reason: TaskStatusReason
        readonly message: string
        /** Of its tasks. Default TASK_FAILED. */
        readonly state?: TaskState
      }
    | undefined
  /** How its processes ended while the agent was down; null when they were never started. */
  missedEnd: Exit | null | undefined
  /**
   * Lets an executor inside this process subscribe again. Those that are processes do so by
   * themselves.
   */
  rejoin: (() => void) | undefined
  /** Ends a launch that is still fetching. */
  readonly abort: AbortController
  /** Of the tasks in a group: their own containers. */
  readonly taskContainers: Map<string, { readonly id: string; readonly pid: number | undefined }>
}

export function newExecutorRun(
  info: ExecutorInfo,
  frameworkId: string,
  kind: ExecutorRun['kind'],
  containerId: string,
): ExecutorRun {
  return {
    id: info.executorId.value,
    info,
    frameworkId,
    kind,
    containerId,
    state: 'REGISTERING',
    directory: '',
    channel: undefined,
    container: undefined,
    queuedTasks: new Map(),
    queuedGroups: new Set(),
    launchedTasks: new Map(),
    terminatedTasks: new Set(),
    records: new Map(),
    completedTasks: [],
    hasReceivedTask: false,
    registrationTimer: undefined,
    shutdownTimer: undefined,
    termination: undefined,
    missedEnd: undefined,
    rejoin: undefined,
    abort: new AbortController(),
    taskContainers: new Map(),
  }
}

/** Does it hold tasks that run, wait, or whose end is not acknowledged. */
export function hasIncompleteTasks(run: ExecutorRun): boolean {
  return run.queuedTasks.size + run.launchedTasks.size + run.terminatedTasks.size > 0
}

/** Container, address and process of a task, as the agent adds them to an executor's update. */
export function containerStatusOf(
  run: ExecutorRun,
  status: TaskStatus,
  ipAddress: string,
): ContainerStatus {
  const nested = run.taskContainers.get(status.taskId.value)
  const parent = { value: run.containerId }
  const networkInfos = [{ ipAddresses: [{ ipAddress }] }]
  if (nested === undefined) {
    const { pid } = run.container ?? {}
    return { containerId: parent, networkInfos, ...defined({ executorPid: pid }) }
  }
  const containerId = { value: nested.id, parent }
  return nested.pid === undefined
    ? { containerId }
    : { containerId, networkInfos, executorPid: nested.pid }
}
