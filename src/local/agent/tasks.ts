/**
 * Tasks on the agent: queued until their executor is there, delivered, killed.
 * Source: apache/mesos src/slave/slave.cpp (run, kill).
 */
import { defined } from '../../defined.ts'
import type {
  CommandInfo,
  ExecutorInfo,
  FrameworkInfo,
  Resource,
  TaskGroupInfo,
  TaskInfo,
} from '../../mesos/types.generated.ts'
import type { ExecutorRun } from '../executors/executor-run.ts'
import { hasCapability } from '../messages/framework-info.ts'
import { nowSeconds, randomUuidBytes } from '../messages/ids.ts'
import { hasVolumes } from './agent-resources.ts'
import { agentStatus, findRunOfTask } from './agent-state.ts'
import type { AgentFramework, AgentState } from './agent-state.ts'
import { recordStatus, recordTask } from './records.ts'
import { updateFromAgent } from './updates.ts'

const longestShownCommand = 15

/**
 * As `queueTasks`, once the volumes of the tasks are in the sandbox of an executor that runs already; a new one gets
 * them at its launch.
 */
export async function queueWithVolumes(
  state: AgentState,
  framework: AgentFramework,
  run: ExecutorRun,
  tasks: readonly TaskInfo[],
  group?: TaskGroupInfo,
): Promise<void> {
  if (run.directory !== '' && tasks.some(({ resources }) => hasVolumes(resources))) {
    for (const { resources } of tasks) {
      // A name that is taken already stays what it is, as with Mesos.
      await state.options.resources.link(resources, run.directory).catch(() => {})
    }
  }
  queueTasks(state, framework, run, tasks, group)
}

/** Delivers at once when the executor is there, keeps for it when it comes, drops when it is on its way out. */
function queueTasks(
  state: AgentState,
  framework: AgentFramework,
  run: ExecutorRun,
  tasks: readonly TaskInfo[],
  group?: TaskGroupInfo,
): void {
  if (run.state === 'TERMINATING' || run.state === 'TERMINATED') {
    dropTasks(state, framework, run, tasks)
    return
  }
  if (group !== undefined) run.queuedGroups.add(group)
  for (const task of tasks) {
    run.queuedTasks.set(task.taskId.value, task)
    recordTask(run, task)
  }
  deliver(run)
}

/** Sends what waits: groups whole, other tasks one by one. */
export function deliver(run: ExecutorRun): void {
  if (run.state !== 'RUNNING' || run.channel === undefined) return
  for (const taskGroup of run.queuedGroups) {
    run.queuedGroups.delete(taskGroup)
    for (const task of taskGroup.tasks ?? []) moveToLaunched(run, task)
    run.channel.send({ type: 'LAUNCH_GROUP', launchGroup: { taskGroup } })
  }
  for (const task of run.queuedTasks.values()) {
    moveToLaunched(run, task)
    run.channel.send({ type: 'LAUNCH', launch: { task } })
  }
}

/** A task that still waits is killed here, with the rest of its group. */
export function killQueued(state: AgentState, run: ExecutorRun, taskId: string): void {
  const group = [...run.queuedGroups].find((each) =>
    (each.tasks ?? []).some((task) => task.taskId.value === taskId),
  )
  if (group !== undefined) run.queuedGroups.delete(group)
  const subject = group === undefined ? 'Killed' : 'A task within the task group was killed'
  for (const queued of group?.tasks?.map((task) => task.taskId.value) ?? [taskId]) {
    const status = agentStatus(state, run, queued, {
      state: 'TASK_KILLED',
      reason: 'REASON_TASK_KILLED_DURING_LAUNCH',
      message: `${subject} before delivery to the executor`,
    })
    updateFromAgent(state, run, status)
  }
}

/** Tasks that were on their way when the agent was away, and of which nothing is left here. */
export function endUnknownTasks(
  state: AgentState,
  framework: FrameworkInfo,
  taskIds: readonly string[],
): void {
  const frameworkId = framework.id?.value ?? ''
  const isAware = hasCapability(framework, 'PARTITION_AWARE')
  for (const taskId of taskIds) {
    if (findRunOfTask(state, frameworkId, taskId) !== undefined) continue
    state.updates.add(frameworkId, {
      taskId: { value: taskId },
      state: isAware ? 'TASK_DROPPED' : 'TASK_LOST',
      source: 'SOURCE_AGENT',
      reason: 'REASON_RECONCILIATION',
      message: 'Reconciliation: task unknown to the agent',
      agentId: { value: state.id },
      timestamp: nowSeconds(),
      uuid: randomUuidBytes(),
    })
  }
}

/** The executor of a command task, as Mesos names it; its small overhead is not taken from the offer. */
export function commandExecutorInfo(framework: FrameworkInfo, task: TaskInfo): ExecutorInfo {
  return {
    executorId: task.taskId,
    name: `Command Executor (Task: ${task.taskId.value}) (Command: ${shorten(task.command ?? {})})`,
    source: task.taskId.value,
    ...defined({ frameworkId: framework.id }),
    // Mesos names its own program here. This one has none: it lives in the agent.
    command: { shell: false, value: 'mesos-executor', arguments: ['mesos-executor'] },
    resources: withRole(overhead, task.resources?.[0]?.allocationInfo),
  }
}

const overhead: readonly Resource[] = [
  { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } },
  { name: 'mem', type: 'SCALAR', scalar: { value: 32 } },
]

function withRole(
  resources: readonly Resource[],
  allocationInfo: Resource['allocationInfo'],
): Resource[] {
  return resources.map((each) => ({
    ...each,
    ...defined({ allocationInfo }),
  }))
}

/** The beginning of a command, as Mesos puts it into names. */
function shorten({ arguments: args = [], shell = true, value }: CommandInfo): string {
  if (value === undefined) return shell ? 'NO COMMAND' : 'NO EXECUTABLE'
  const text = shell ? value : [value, ...args].join(', ')
  const isLong = text.length > longestShownCommand
  const shown = isLong ? `${text.slice(0, longestShownCommand - 3)}...` : text
  return shell ? `sh -c '${shown}'` : `[${shown}]`
}

function moveToLaunched(run: ExecutorRun, task: TaskInfo): void {
  run.hasReceivedTask = true
  run.queuedTasks.delete(task.taskId.value)
  run.launchedTasks.set(task.taskId.value, task)
}

function dropTasks(
  state: AgentState,
  framework: AgentFramework,
  run: ExecutorRun,
  tasks: readonly TaskInfo[],
): void {
  const isPartitionAware = hasCapability(framework.info, 'PARTITION_AWARE')
  for (const task of tasks) {
    const status = agentStatus(state, run, task.taskId.value, {
      state: isPartitionAware ? 'TASK_DROPPED' : 'TASK_LOST',
      reason: 'REASON_EXECUTOR_TERMINATED',
      message: run.state === 'TERMINATED' ? 'Executor terminated' : 'Executor terminating',
    })
    // Known to the run from now on, so that it stays until this is acknowledged.
    run.terminatedTasks.add(task.taskId.value)
    recordTask(run, task)
    recordStatus(run, status)
    state.updates.add(framework.id, status)
  }
  // The master counts a new run of this executor, which there never was.
  if (run.state === 'TERMINATED' && run.kind !== 'command') {
    state.options.master.reportExecutorExit(framework.id, state.id, run.id, -1)
  }
}
