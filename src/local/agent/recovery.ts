/**
 * Kill and restart of an agent's process. The state on its disk returns. Executors subscribe again
 * within the reregistration timeout or are ended; those of frameworks that do not checkpoint are
 * ended in any case.
 * Source: apache/mesos docs/agent-recovery.md; src/slave/slave.cpp (recover,
 * reregisterExecutorTimeout).
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { formatDuration } from '../../mesos/duration.ts'
import type { ExecutorRun } from '../executors/executor-run.ts'
import { hasCapability } from '../messages/framework-info.ts'
import type { AgentState } from './agent-state.ts'
import { endRun } from './executor-runs.ts'
import { forgetRun } from './records.ts'

/** Kills its process with streams and timers; executors live on. */
export function crashAgent(state: AgentState): void {
  state.phase = 'DOWN'
  state.recovery.abort()
  state.updates.pause()
  state.operations.pause()
  for (const framework of state.frameworks.values()) {
    const isKept = framework.info.checkpoint === true
    for (const run of framework.runs.values()) {
      if (!isKept) state.orphans.add(run)
      crashRun(run)
    }
    if (isKept) continue
    state.frameworks.delete(framework.id)
    state.updates.dropFramework(framework.id)
  }
}

/**
 * Resolves when the agent knows the state of its executors and can register; false: it was killed
 * before.
 */
export async function recoverAgent(state: AgentState): Promise<boolean> {
  state.phase = 'RECOVERING'
  state.recovery = new AbortController()
  const { signal } = state.recovery
  for (const run of state.orphans) run.container?.kill(0)
  const runs = [...state.frameworks.values()].flatMap(({ runs }) => [...runs.values()])
  for (const run of runs) recoverRun(state, run)
  // As in Mesos, an agent with executors waits for the whole timeout.
  const waitMs = runs.length > 0 ? state.options.executorReregistrationTimeoutMs : 0
  await sleep(waitMs, undefined, { signal }).catch(() => {})
  if (signal.aborted) return false
  for (const run of runs) if (run.state === 'REGISTERING') giveUpReturn(state, run)
  state.phase = 'RUNNING'
  return true
}

function crashRun(run: ExecutorRun): void {
  clearTimeout(run.registrationTimer)
  clearTimeout(run.shutdownTimer)
  run.abort.abort()
  const { channel } = run
  run.channel = undefined
  channel?.end()
  if (run.state === 'TERMINATED') return
  run.state = 'REGISTERING'
  run.termination = undefined
  // Checkpointed as tasks of this executor, delivered or not.
  for (const [taskId, task] of run.queuedTasks) run.launchedTasks.set(taskId, task)
  run.queuedTasks.clear()
  run.queuedGroups.clear()
  run.hasReceivedTask = run.launchedTasks.size + run.terminatedTasks.size > 0
}

function recoverRun(state: AgentState, run: ExecutorRun): void {
  if (run.state === 'TERMINATED') return
  if (run.rejoin !== undefined) run.rejoin()
  else if (run.missedEnd !== undefined) endMissed(state, run)
  else if (run.container === undefined) endUnstarted(state, run)
}

function endMissed(state: AgentState, run: ExecutorRun): void {
  if (run.missedEnd === null) return endUnstarted(state, run)
  endRun(state, run, run.missedEnd)
}

function endUnstarted(state: AgentState, run: ExecutorRun): void {
  run.termination = {
    reason: 'REASON_EXECUTOR_TERMINATED',
    message: 'Abnormal executor termination: unknown container',
  }
  endRun(state, run, undefined)
}

function giveUpReturn(state: AgentState, run: ExecutorRun): void {
  const { info } = state.frameworks.get(run.frameworkId) ?? {}
  const timeout = formatDuration(state.options.executorReregistrationTimeoutMs)
  run.state = 'TERMINATING'
  run.termination = {
    state: info !== undefined && hasCapability(info, 'PARTITION_AWARE') ? 'TASK_GONE' : 'TASK_LOST',
    reason: 'REASON_EXECUTOR_REREGISTRATION_TIMEOUT',
    message: `Executor did not reregister within ${timeout}`,
  }
  if (run.container === undefined) forgetRun(state, run)
  else run.container.kill(0)
}
