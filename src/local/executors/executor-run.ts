/**
 * One run of an executor on an agent, from its launch until the last update of its last task is
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

/** Carries events to an executor: over an HTTP stream, or inside this process. */
export interface ExecutorChannel {
  send(event: ExecutorEvent): void
  end(): void
}

/** The processes of a run. */
export interface ExecutorContainer {
  readonly pid: number | undefined
  /** Never rejects. */
  readonly exited: Promise<Exit>
  kill(graceMs: number): void
}

/** A task as operators see it. */
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
  /** Tasks with an unacknowledged terminal update. */
  readonly terminatedTasks: Set<string>
  /** Records of its tasks for operators. */
  readonly records: Map<string, TaskRecord>
  /** The latest completed ones. */
  readonly completedTasks: Task[]
  hasReceivedTask: boolean
  registrationTimer: NodeJS.Timeout | undefined
  shutdownTimer: NodeJS.Timeout | undefined
  /** Reason, message and state in updates of its tasks, if the agent ends it. */
  termination:
    | {
        readonly reason: TaskStatusReason
        readonly message: string
        /** Default TASK_FAILED. */
        readonly state?: TaskState
      }
    | undefined
  /** Exit while the agent was down; null if its processes never started. */
  missedEnd: Exit | null | undefined
  /** Makes an executor inside this process subscribe again. Executor processes do it themselves. */
  rejoin: (() => void) | undefined
  /** Aborts fetching. */
  readonly abort: AbortController
  /** Containers of tasks in a group. */
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

/** True if it has queued or launched tasks, or unacknowledged terminal updates. */
export function hasIncompleteTasks(run: ExecutorRun): boolean {
  return run.queuedTasks.size + run.launchedTasks.size + run.terminatedTasks.size > 0
}

/** Container, address and process of a task, for its updates. */
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
