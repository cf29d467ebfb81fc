/**
 * Status updates on the agent: accepts or drops them, and completes them.
 * Source: apache/mesos src/slave/slave.cpp (statusUpdate, updateTaskState).
 */
import { isTerminal } from '../../mesos/states.ts'
import type { TaskStatus } from '../../mesos/types.generated.ts'
import { containerStatusOf, hasIncompleteTasks } from '../executors/executor-run.ts'
import type { ExecutorRun } from '../executors/executor-run.ts'
import { nowSeconds } from '../time/now.ts'
import { findRunOfTask, isFrameworkTerminating } from './agent-state.ts'
import type { AgentState } from './agent-state.ts'
import { withDrainReason } from './drain.ts'
import { completeTask, forgetRun, recordStatus } from './records.ts'

/**
 * Accepts or drops an executor's update, and sends it ACKNOWLEDGED in any case. An update of an
 * unknown task is forwarded: the framework may have acknowledged the terminal update before the
 * executor got ACKNOWLEDGED.
 */
export function updateFromExecutor(state: AgentState, run: ExecutorRun, status: TaskStatus): void {
  const { taskId, uuid = '' } = status
  const isKnown = findRunOfTask(state, run.frameworkId, taskId.value) !== undefined
  const completed = withReason(state, run, completeStatus(state, run, status, isKnown))
  const isTaken =
    !isFrameworkTerminating(state, run.frameworkId) &&
    (!isKnown || noteState(state, run, completed))
  if (isTaken) state.updates.add(run.frameworkId, completed)
  run.channel?.send({ type: 'ACKNOWLEDGED', acknowledged: { taskId, uuid } })
}

export function updateFromAgent(state: AgentState, run: ExecutorRun, told: TaskStatus): void {
  if (isFrameworkTerminating(state, run.frameworkId)) return
  const status = withReason(state, run, told)
  if (noteState(state, run, status)) state.updates.add(run.frameworkId, status)
}

function withReason(state: AgentState, run: ExecutorRun, status: TaskStatus): TaskStatus {
  return withDrainReason(state.drain, state.frameworks.get(run.frameworkId)?.info, status)
}

/** Forgets a task: its terminal update was acknowledged. */
export function forgetTask(state: AgentState, frameworkId: string, taskId: string): void {
  const run = findRunOfTask(state, frameworkId, taskId)
  run?.terminatedTasks.delete(taskId)
  run?.taskContainers.delete(taskId)
  if (run !== undefined) completeTask(run, taskId)
  if (run?.state === 'TERMINATED' && !hasIncompleteTasks(run)) forgetRun(state, run)
}

/**
 * Applies an update to its task. False for an unknown or completed task, or a queued one that this
 * does not end.
 */
function noteState(state: AgentState, run: ExecutorRun, status: TaskStatus): boolean {
  const taskId = status.taskId.value
  const isEnd = isTerminal(status.state)
  const isKnown = run.launchedTasks.has(taskId) || (isEnd && run.queuedTasks.has(taskId))
  if (!isKnown || state.updates.hasSeen(run.frameworkId, status)) return false
  recordStatus(run, status)
  if (isEnd) {
    run.launchedTasks.delete(taskId)
    run.queuedTasks.delete(taskId)
    run.terminatedTasks.add(taskId)
  }
  return true
}

/** Sets the fields that the agent knows, as Mesos does. */
function completeStatus(
  state: AgentState,
  run: ExecutorRun,
  status: TaskStatus,
  isKnown: boolean,
): TaskStatus {
  return {
    ...status,
    source: 'SOURCE_EXECUTOR',
    agentId: { value: state.id },
    executorId: { value: run.id },
    timestamp: status.timestamp ?? nowSeconds(),
    ...(isKnown
      ? {
          containerStatus: {
            ...status.containerStatus,
            ...containerStatusOf(run, status, state.options.ipAddress),
          },
        }
      : {}),
  }
}
