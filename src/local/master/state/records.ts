/**
 * Records of tasks and frameworks for operators. All changes of the tables of tasks, frameworks and
 * agents are reported here.
 * Source: apache/mesos src/master/master.cpp (updateTask, removeTask, removeFramework);
 * docs/operator-http-api.md.
 */
import { defined } from '../../../defined.ts'
import { toOptionalId } from '../../../mesos/id-messages.ts'
import { isTerminal } from '../../../mesos/states.ts'
import type { Task, TaskStatus } from '../../../mesos/types.generated.ts'
import { nowSeconds } from '../../time/now.ts'
import type { Framework, MasterState, MasterTask } from './master-state.ts'
import { masterStatus } from './master-status.ts'

/** Mesos' `--max_completed_frameworks`. */
const maxCompletedFrameworks = 50
/** Mesos' `--max_completed_tasks_per_framework`. */
const maxCompletedTasks = 1000
/** Mesos' `--max_unreachable_tasks_per_framework`. */
const maxUnreachableTasks = 1000
/**
 * Mesos keeps one status per change of state without bound; here an executor cannot fill the
 * memory.
 */
const maxStatuses = 100

const checkReasons = ['REASON_TASK_CHECK_STATUS_UPDATED', 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED']

export function addTask(master: MasterState, framework: Framework, task: MasterTask): void {
  framework.tasks.set(task.info.taskId.value, task)
  master.watch.taskAdded(framework, task)
}

/** Keeps a status, without its data, in place of the last one of the same state. */
export function recordStatus(
  master: MasterState,
  framework: Framework,
  task: MasterTask,
  status: TaskStatus,
): void {
  const { statuses } = task
  const isSameState = statuses.at(-1)?.state === status.state
  if (isSameState || statuses.length >= maxStatuses) statuses.pop()
  const { data: _data, ...kept } = status
  statuses.push(kept)
  if (isTerminal(status.state) && !isSameState) {
    master.endedTasks.set(status.state, (master.endedTasks.get(status.state) ?? 0) + 1)
  }
  if (isSameState && !checkReasons.includes(status.reason ?? '')) return
  master.watch.taskUpdated(framework, task, status)
}

/** Removes a task of a lost agent: to the unreachable tasks, or to the completed ones. */
export function removeTask(framework: Framework, task: MasterTask): void {
  const taskId = task.info.taskId.value
  if (task.state !== 'TASK_UNREACHABLE') return completeTask(framework, taskId)
  framework.tasks.delete(taskId)
  framework.unreachableTasks.set(taskId, task)
  const [oldest] = framework.unreachableTasks.keys()
  if (framework.unreachableTasks.size > maxUnreachableTasks && oldest !== undefined) {
    framework.unreachableTasks.delete(oldest)
  }
}

/** Moves a task to the completed ones. */
export function completeTask(framework: Framework, taskId: string): void {
  const task = framework.tasks.get(taskId) ?? framework.unreachableTasks.get(taskId)
  if (task === undefined) return
  framework.tasks.delete(taskId)
  framework.unreachableTasks.delete(taskId)
  framework.completedTasks.push(toTask(framework, task))
  if (framework.completedTasks.length > maxCompletedTasks) framework.completedTasks.shift()
}

/** Moves a removed framework to the completed ones; its living tasks count as killed. */
export function completeFramework(master: MasterState, framework: Framework): void {
  for (const [taskId, task] of framework.tasks) {
    if (!isTerminal(task.state)) {
      task.state = 'TASK_KILLED'
      const status = masterStatus(taskId, task.agentId, {
        state: 'TASK_KILLED',
        message: `Framework ${framework.id} removed`,
        reason: 'REASON_FRAMEWORK_REMOVED',
      })
      recordStatus(master, framework, task, status)
    }
    completeTask(framework, taskId)
  }
  master.frameworks.delete(framework.id)
  framework.unregisteredAt = nowSeconds()
  framework.executors.clear()
  master.completedFrameworks.push(framework)
  if (master.completedFrameworks.length > maxCompletedFrameworks) {
    master.completedFrameworks.shift()
  }
  master.watch.frameworkRemoved(framework)
}

/** The task as operators see it: without command and data. */
export function toTask(framework: Framework, task: MasterTask): Task {
  const { info, lastUpdate, state, statuses } = task
  const { container, discovery, healthCheck, killPolicy, labels, limits, resources } = info
  const { user } = info.command ?? {}
  return {
    name: info.name,
    taskId: info.taskId,
    frameworkId: { value: framework.id },
    ...defined({ executorId: toOptionalId(task.executorId) }),
    agentId: { value: task.agentId },
    state,
    ...defined({ resources }),
    ...(statuses.length === 0 ? {} : { statuses: [...statuses] }),
    ...defined({
      statusUpdateState: lastUpdate?.state,
      statusUpdateUuid: lastUpdate?.uuid,
      labels,
      discovery,
      container,
      healthCheck,
      killPolicy,
      user,
      limits,
    }),
  }
}
