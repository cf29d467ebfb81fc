/**
 * The life of an executor's run on the agent: launched, attached, shut down, ended.
 * Source: apache/mesos src/slave/slave.cpp.
 */
import { randomUUID } from 'node:crypto'
import { messageOf } from '../../errors.ts'
import { formatDuration } from '../../mesos/duration.ts'
import type { ExecutorInfo, TaskInfo } from '../../mesos/types.generated.ts'
import type { ExecutorHost, Unacknowledged } from '../executors/executor-host.ts'
import { hasIncompleteTasks, newExecutorRun } from '../executors/executor-run.ts'
import type { ExecutorChannel, ExecutorRun } from '../executors/executor-run.ts'
import type { Exit } from '../executors/processes/command-process.ts'
import { shutdownGraceOf } from '../executors/processes/environment.ts'
import { hasCapability } from '../messages/framework-info.ts'
import { startTimer } from '../time/timers.ts'
import { agentStatus, isFrameworkTerminating } from './agent-state.ts'
import type { AgentFramework, AgentState } from './agent-state.ts'
import { forgetRun } from './records.ts'
import { deliver } from './tasks.ts'
import { updateFromAgent, updateFromExecutor } from './updates.ts'

export interface LaunchedExecutor {
  readonly info: ExecutorInfo
  readonly kind: ExecutorRun['kind']
  /** For an executor that the agent makes for a command task. */
  readonly task?: TaskInfo
}

/**
 * Starts a run. It fails if `attach` does not follow within the registration timeout, fetching
 * included.
 */
export function launchRun(
  state: AgentState,
  host: ExecutorHost,
  framework: AgentFramework,
  executor: LaunchedExecutor,
): ExecutorRun {
  const run = newExecutorRun(executor.info, framework.id, executor.kind, randomUUID())
  framework.runs.set(run.id, run)
  const { executorRegistrationTimeoutMs, launcher } = state.options
  run.registrationTimer = startTimer(
    () => giveUpRegistration(run, executorRegistrationTimeoutMs),
    executorRegistrationTimeoutMs,
  )
  const launched = launcher
    .launch(host, run, framework.info, executor.task)
    .catch((error: unknown) => {
      const message = messageOf(error)
      run.termination ??= {
        reason: 'REASON_CONTAINER_LAUNCH_FAILED',
        message: `Failed to launch container: ${message}`,
      }
      endRun(state, run, undefined)
    })
    .finally(() => state.launching.delete(launched))
  state.launching.add(launched)
  return run
}

/**
 * Attaches an executor that subscribed: handles its unacknowledged updates, then sends SUBSCRIBED
 * and queued tasks. A second stream replaces the first. A terminating executor gets SHUTDOWN and
 * nothing else.
 */
export function attachRun(
  state: AgentState,
  run: ExecutorRun,
  channel: ExecutorChannel,
  unacknowledged: Unacknowledged,
): void {
  const isOver = run.state === 'TERMINATING' || run.state === 'TERMINATED'
  if (isOver || isFrameworkTerminating(state, run.frameworkId)) {
    channel.send({ type: 'SHUTDOWN' })
    if (run.kind === 'custom') channel.end()
    return
  }
  const replaced = run.channel
  run.channel = channel
  replaced?.end()
  run.state = 'RUNNING'
  clearTimeout(run.registrationTimer)
  for (const status of unacknowledged.updates) updateFromExecutor(state, run, status)
  dropUnknown(state, run, unacknowledged.tasks)
  if (!run.hasReceivedTask && run.queuedTasks.size === 0) {
    shutdownRun(state, run, shutdownGraceOf(run.info, state.options.shutdownGraceMs))
    return
  }
  channel.send({
    type: 'SUBSCRIBED',
    subscribed: {
      executorInfo: run.info,
      frameworkInfo: state.frameworks.get(run.frameworkId)?.info ?? { user: '', name: '' },
      agentInfo: state.options.info,
      containerId: { value: run.containerId },
    },
  })
  deliver(run)
}

/** Reports launched tasks that the executor never received, since the agent was killed. */
function dropUnknown(state: AgentState, run: ExecutorRun, known: readonly TaskInfo[]): void {
  const knownIds = new Set(known.map(({ taskId }) => taskId.value))
  const { info } = state.frameworks.get(run.frameworkId) ?? {}
  const isAware = info !== undefined && hasCapability(info, 'PARTITION_AWARE')
  for (const taskId of run.launchedTasks.keys()) {
    if (run.records.get(taskId)?.state !== 'TASK_STAGING' || knownIds.has(taskId)) continue
    const status = agentStatus(state, run, taskId, {
      state: isAware ? 'TASK_DROPPED' : 'TASK_LOST',
      reason: 'REASON_AGENT_RESTARTED',
      message: 'Task launched during agent restart',
    })
    updateFromAgent(state, run, status)
  }
}

/** Sends SHUTDOWN, and kills the executor's processes after the grace period. */
export function shutdownRun(state: AgentState, run: ExecutorRun, graceMs: number): void {
  if (run.state === 'TERMINATING' || run.state === 'TERMINATED') return
  run.state = 'TERMINATING'
  clearTimeout(run.registrationTimer)
  run.abort.abort()
  run.channel?.send({ type: 'SHUTDOWN' })
  if (run.kind === 'custom') {
    run.shutdownTimer = startTimer(() => run.container?.kill(0), graceMs)
  } else if (run.container === undefined) {
    endRun(state, run, undefined)
  }
}

/** Reports an executor's exit to the master, then the end of its tasks. */
export function endRun(state: AgentState, run: ExecutorRun, exit: Exit | undefined): void {
  if (run.state === 'TERMINATED' || state.orphans.delete(run)) return
  if (state.phase === 'DOWN') {
    run.missedEnd = exit ?? null
    return
  }
  run.state = 'TERMINATED'
  clearTimeout(run.registrationTimer)
  clearTimeout(run.shutdownTimer)
  run.channel?.end()
  run.channel = undefined
  if (run.kind !== 'command') {
    const waitStatus = exit?.waitStatus ?? -1
    state.options.master.reportExecutorExit(run.frameworkId, state.id, run.id, waitStatus)
  }
  failTasks(state, run)
  if (isFrameworkTerminating(state, run.frameworkId) || !hasIncompleteTasks(run)) {
    forgetRun(state, run)
  }
}

function failTasks(state: AgentState, run: ExecutorRun): void {
  const {
    message,
    reason,
    state: taskState = 'TASK_FAILED',
  } = run.termination ?? {
    reason: 'REASON_EXECUTOR_TERMINATED',
    message: 'Executor terminated',
  }
  for (const taskId of [...run.launchedTasks.keys(), ...run.queuedTasks.keys()]) {
    const fields = { state: taskState, message, reason }
    updateFromAgent(state, run, agentStatus(state, run, taskId, fields))
  }
}

function giveUpRegistration(run: ExecutorRun, timeoutMs: number): void {
  if (run.state !== 'REGISTERING') return
  run.state = 'TERMINATING'
  run.termination = {
    reason: 'REASON_EXECUTOR_REGISTRATION_TIMEOUT',
    message: `Executor did not register within ${formatDuration(timeoutMs)}`,
  }
  run.abort.abort()
  run.container?.kill(0)
}
