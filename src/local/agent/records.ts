/**
 * Records of tasks and executors for operators.
 * Source: apache/mesos src/slave/slave.cpp (Executor::updateTaskState, Framework::destroyExecutor),
 * src/slave/constants.hpp.
 */
import { defined } from '../../defined.ts'
import { isTerminal } from '../../mesos/states.ts'
import type { Task, TaskInfo, TaskStatus } from '../../mesos/types.generated.ts'
import type { ExecutorRun, TaskRecord } from '../executors/executor-run.ts'
import type { AgentFramework, AgentState } from './agent-state.ts'

/** Mesos' limits of completed ones. */
const maxCompletedFrameworks = 50
const maxCompletedExecutors = 150
const maxCompletedTasks = 200
/** Mesos keeps one status per change of state, without bound. */
const maxStatuses = 100

export function recordTask(run: ExecutorRun, info: TaskInfo): void {
  const { data: _data, ...kept } = info
  run.records.set(info.taskId.value, { info: kept, state: 'TASK_STAGING', statuses: [] })
}

/** Moves a task to the completed ones: its terminal update was acknowledged. */
export function completeTask(run: ExecutorRun, taskId: string): void {
  const record = run.records.get(taskId)
  if (record === undefined) return
  run.records.delete(taskId)
  run.completedTasks.push(toTask(run, record))
  if (run.completedTasks.length > maxCompletedTasks) run.completedTasks.shift()
}

/** Keeps a status, without its data, in place of the last one of the same state. */
export function recordStatus(run: ExecutorRun, status: TaskStatus): void {
  const record = run.records.get(status.taskId.value)
  if (record === undefined || isTerminal(record.state)) return
  record.state = status.state
  const { statuses } = record
  if (statuses.at(-1)?.state === status.state || statuses.length >= maxStatuses) statuses.pop()
  const { data: _data, ...kept } = status
  statuses.push(kept)
}

/** Removes a run that ended, and its framework with the last run. */
export function forgetRun(state: AgentState, run: ExecutorRun): void {
  const framework = state.frameworks.get(run.frameworkId)
  if (framework === undefined) return
  framework.runs.delete(run.id)
  if (framework.runs.size === 0) state.frameworks.delete(run.frameworkId)
  if (state.frameworks.size === 0) state.drain = undefined
  recordEnd(state, framework, run)
}

/** Moves a run to the completed ones, and its framework with the last run. */
function recordEnd(state: AgentState, framework: AgentFramework, run: ExecutorRun): void {
  // Tasks of a removed framework get no terminal update.
  for (const taskId of [...run.launchedTasks.keys(), ...run.queuedTasks.keys()]) {
    run.terminatedTasks.add(taskId)
  }
  run.launchedTasks.clear()
  run.queuedTasks.clear()
  framework.completedRuns.push(run)
  if (framework.completedRuns.length > maxCompletedExecutors) framework.completedRuns.shift()
  if (framework.runs.size > 0) return
  state.completedFrameworks.set(framework.id, framework)
  const [oldest] = state.completedFrameworks.keys()
  if (state.completedFrameworks.size > maxCompletedFrameworks && oldest !== undefined) {
    state.completedFrameworks.delete(oldest)
  }
}

/** The task without its command and data, as operators see it. */
export function toTask(run: ExecutorRun, { info, state, statuses }: TaskRecord): Task {
  const { container, discovery, healthCheck, killPolicy, labels, limits, resources } = info
  const { user } = info.command ?? {}
  const last = statuses.at(-1)
  return {
    name: info.name,
    taskId: info.taskId,
    frameworkId: { value: run.frameworkId },
    ...(run.kind === 'command' ? {} : { executorId: run.info.executorId }),
    agentId: info.agentId,
    state,
    ...defined({ resources }),
    ...(last && { statuses: [...statuses], statusUpdateState: last.state }),
    ...defined({
      statusUpdateUuid: last?.uuid,
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
