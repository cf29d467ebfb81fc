/**
 * Tasks on the agent: queued until their executor has subscribed, delivered, dropped.
 * Source: apache/mesos src/slave/slave.cpp (run).
 */
import type { FrameworkInfo, TaskGroupInfo, TaskInfo } from '../../mesos/types.generated.ts'
import type { ExecutorRun } from '../executors/executor-run.ts'
import { hasCapability } from '../messages/framework-info.ts'
import { randomUuidBytes } from '../messages/uuid.ts'
import { nowSeconds } from '../time/now.ts'
import { hasVolumes } from './agent-resources.ts'
import { agentStatus, findRunOfTask } from './agent-state.ts'
import type { AgentFramework, AgentState } from './agent-state.ts'
import { recordStatus, recordTask } from './records.ts'

/**
 * Queues tasks after their volumes were linked into the sandbox of a running executor. A new
 * executor gets them at its launch.
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
      // An existing file of that name stays, as in Mesos.
      await state.options.resources.link(resources, run.directory).catch(() => {})
    }
  }
  queueTasks(state, framework, run, tasks, group)
}

/**
 * Delivers tasks to a subscribed executor, queues them for a starting one, drops them for a
 * terminating one.
 */
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

/** Sends queued tasks: whole groups, other tasks one by one. */
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

/** Ends tasks that the master reconciles and that the agent never received. */
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
    // The run must stay until the update is acknowledged.
    run.terminatedTasks.add(task.taskId.value)
    recordTask(run, task)
    recordStatus(run, status)
    state.updates.add(framework.id, status)
  }
  // The master expects a new run of this executor, which does not exist.
  if (run.state === 'TERMINATED' && run.kind !== 'command') {
    state.options.master.reportExecutorExit(framework.id, state.id, run.id, -1)
  }
}
