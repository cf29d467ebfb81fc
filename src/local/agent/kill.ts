/**
 * Kills delivered and queued tasks.
 * Source: apache/mesos src/slave/slave.cpp (killTask, drain).
 */
import { defined } from '../../defined.ts'
import type { DrainConfig, KillPolicy } from '../../mesos/types.generated.ts'
import type { ExecutorRun } from '../executors/executor-run.ts'
import { agentStatus, allRuns, findRunOfTask } from './agent-state.ts'
import type { AgentState } from './agent-state.ts'
import { drainKillPolicy } from './drain.ts'
import { shutdownRun } from './executor-runs.ts'
import { updateFromAgent } from './updates.ts'

/** Does nothing for a task that no living executor holds. */
export function killTask(
  state: AgentState,
  frameworkId: string,
  taskId: string,
  killPolicy: KillPolicy | undefined,
): void {
  const run = findRunOfTask(state, frameworkId, taskId)
  if (run === undefined || run.state === 'TERMINATING' || run.state === 'TERMINATED') return
  if (run.queuedTasks.has(taskId)) {
    killQueued(state, run, taskId)
    // Without tasks an executor of the agent's own has no reason to start.
    const isIdle = !run.hasReceivedTask && run.queuedTasks.size === 0
    if (isIdle && run.kind !== 'custom') shutdownRun(state, run, 0)
    return
  }
  const kill = { taskId: { value: taskId }, ...defined({ killPolicy }) }
  run.channel?.send({ type: 'KILL', kill })
}

/** Kills every task, and refuses new ones from now on. */
export function drainTasks(state: AgentState, config: DrainConfig): void {
  if (state.frameworks.size === 0) return
  state.drain = config
  for (const run of allRuns(state)) {
    for (const [taskId, task] of [...run.launchedTasks, ...run.queuedTasks])
      killTask(state, run.frameworkId, taskId, drainKillPolicy(config, task))
  }
}

/** Kills a task that was not delivered, with the rest of its group. */
function killQueued(state: AgentState, run: ExecutorRun, taskId: string): void {
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
