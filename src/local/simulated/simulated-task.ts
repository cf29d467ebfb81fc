/** A task of a simulated agent: when and how it ends, and its status updates. */
import { isTerminal } from '../../mesos/states.ts'
import type { FrameworkInfo, TaskInfo, TaskState, TaskStatus } from '../../mesos/types.generated.ts'
import { hasCapability } from '../messages/framework-info.ts'
import { randomUuidBytes } from '../messages/uuid.ts'
import { nowSeconds } from '../time/now.ts'

export interface SimulatedTask {
  readonly id: string
  readonly frameworkId: string
  readonly executorId: string
  readonly info: TaskInfo
  readonly framework: FrameworkInfo
  readonly hasKillingState: boolean
  /** The tasks of its LAUNCH_GROUP, itself included. */
  readonly group: readonly SimulatedTask[]
  state: TaskState
  latest: TaskStatus | undefined
  timer: NodeJS.Timeout | undefined
}

/** Label of a task: its duration in ms. */
const durationLabel = 'simulated-ms'
/** Label of a task: its terminal state. */
const stateLabel = 'simulated-state'

export function newSimulatedTask(
  framework: FrameworkInfo,
  info: TaskInfo,
  executorId: string,
  group: readonly SimulatedTask[],
): SimulatedTask {
  return {
    id: info.taskId.value,
    frameworkId: framework.id?.value ?? '',
    executorId,
    info,
    framework,
    hasKillingState: hasCapability(framework, 'TASK_KILLING_STATE'),
    group,
    state: 'TASK_STAGING',
    latest: undefined,
    timer: undefined,
  }
}

/** How and when a task ends, by its labels. Defaults: TASK_FINISHED after `taskMs`. */
export function outcomeOf(
  { labels }: TaskInfo,
  taskMs: number,
): { readonly endState: TaskState; readonly waitMs: number } {
  const state = labelOf(labels, stateLabel) as TaskState | undefined
  const waitMs = Number(labelOf(labels, durationLabel) ?? taskMs)
  return {
    endState: state !== undefined && isTerminal(state) ? state : 'TASK_FINISHED',
    waitMs: Number.isFinite(waitMs) && waitMs >= 0 ? waitMs : taskMs,
  }
}

export function statusOf(
  { executorId, id }: SimulatedTask,
  agentId: string,
  state: TaskState,
  fields: Partial<TaskStatus>,
): TaskStatus {
  return {
    taskId: { value: id },
    state,
    source: 'SOURCE_EXECUTOR',
    agentId: { value: agentId },
    executorId: { value: executorId },
    timestamp: nowSeconds(),
    uuid: randomUuidBytes(),
    ...fields,
  }
}

function labelOf(labels: TaskInfo['labels'], key: string): string | undefined {
  return labels?.labels?.find((label) => label.key === key)?.value
}
