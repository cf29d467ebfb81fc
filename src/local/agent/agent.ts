/**
 * An agent: launches executors in sandboxes, delivers tasks to them, and their status updates to the master.
 * It keeps everything in memory, and what a real one has on its disk across `crash` and `recover`.
 * Source: apache/mesos src/slave/slave.cpp.
 */
import { defined } from '../../defined.ts'
import type { FrameworkInfo, KillPolicy, TaskInfo } from '../../mesos/types.generated.ts'
import type { ExecutorHost } from '../executors/executor-host.ts'
import type { ExecutorRun } from '../executors/executor-run.ts'
import { shutdownGraceOf } from '../executors/processes/environment.ts'
import { nowSeconds } from '../messages/ids.ts'
import type { AgentLink, AgentReport } from '../network/links.ts'
import { findRun, findRunOfTask } from './agent-state.ts'
import type { AgentFramework, AgentOptions, AgentPhase, AgentState } from './agent-state.ts'
import { drainKillPolicy, refusedWhileDraining } from './drain.ts'
import { attachRun, endRun, launchRun, shutdownRun } from './executor-runs.ts'
import { createAgentOperations } from './operations.ts'
import { forgetRun } from './records.ts'
import { crashAgent, recoverAgent } from './recovery.ts'
import { reportAgent } from './report.ts'
import { createStatusUpdates } from './status-updates.ts'
import { commandExecutorInfo, endUnknownTasks, killQueued, queueWithVolumes } from './tasks.ts'
import { forgetTask, updateFromExecutor } from './updates.ts'

export interface Agent extends Omit<AgentLink, 'ping'>, ExecutorHost {
  readonly state: AgentState
  /** In seconds since 1970. */
  readonly startedAt: number
  readonly phase: AgentPhase
  /** As SIGKILL to its process: executors live on. */
  crash(): void
  /** The process is started again. Resolves when it wants to register; with false when it was killed before. */
  recover(): Promise<boolean>
  report(): AgentReport
  /** A master has taken it: updates flow. */
  registered(): void
  /** There is no master: updates are kept. */
  disconnected(): void
  /** Shuts every executor down and waits until nothing of them lives. */
  close(): Promise<void>
}

export function createAgent(options: AgentOptions): Agent {
  const { info, master } = options
  const id = info.id?.value ?? ''
  const state: AgentState = {
    id,
    options,
    phase: 'RUNNING',
    drain: undefined,
    recovery: new AbortController(),
    frameworks: new Map(),
    completedFrameworks: new Map(),
    launching: new Set(),
    orphans: new Set(),
    updates: createStatusUpdates({
      retryMs: options.updateRetryMs,
      forward: (frameworkId, status, latest) => master.updateStatus(frameworkId, status, latest),
      onTaskDone: (frameworkId, taskId) => forgetTask(state, frameworkId, taskId),
    }),
    operations: createAgentOperations({
      agentId: id,
      resources: options.resources,
      retryMs: options.updateRetryMs,
      forward: (...update) => master.updateOperation(...update),
    }),
  }

  function graceOf(run: ExecutorRun): number {
    return shutdownGraceOf(run.info, options.shutdownGraceMs)
  }

  function refuse(framework: FrameworkInfo, tasks: readonly TaskInfo[]): boolean {
    if (state.drain === undefined) return false
    for (const { taskId } of tasks)
      state.updates.add(framework.id?.value ?? '', refusedWhileDraining(id, framework, taskId))
    return true
  }

  const agent: Agent = {
    id,
    state,
    startedAt: nowSeconds(),
    info,
    url: options.url,
    get total() {
      return options.resources.total()
    },
    get phase() {
      return state.phase
    },
    isRecovering: () => state.phase === 'RECOVERING',
    crash: () => crashAgent(state),
    recover: () => recoverAgent(state),
    report: () => reportAgent(state),
    registered() {
      state.updates.resume()
      state.operations.resume()
    },
    disconnected() {
      state.updates.pause()
      state.operations.pause()
    },
    reconcileTasks: (framework, taskIds) => endUnknownTasks(state, framework, taskIds),
    shutDown: () => void agent.close().then(options.onShutDown),
    hasFramework: (frameworkId) => state.frameworks.has(frameworkId),
    findRun: (frameworkId, executorId) => findRun(state, frameworkId, executorId),
    runTask(frameworkInfo, task) {
      if (refuse(frameworkInfo, [task])) return
      const framework = frameworkOf(state, frameworkInfo)
      const kind = task.executor === undefined ? 'command' : 'custom'
      const executor = task.executor ?? commandExecutorInfo(frameworkInfo, task)
      const run =
        framework.runs.get(executor.executorId.value) ??
        launchRun(state, agent, framework, { info: executor, kind, task })
      void queueWithVolumes(state, framework, run, [task])
    },
    runTaskGroup(frameworkInfo, executor, group) {
      if (refuse(frameworkInfo, group.tasks ?? [])) return
      const framework = frameworkOf(state, frameworkInfo)
      const kind = executor.type === 'CUSTOM' ? 'custom' : 'default'
      const run =
        framework.runs.get(executor.executorId.value) ??
        launchRun(state, agent, framework, { info: executor, kind })
      void queueWithVolumes(state, framework, run, group.tasks ?? [], group)
    },
    killTask: (frameworkId, taskId, policy) => killTask(state, frameworkId, taskId, policy),
    drain(config) {
      if (state.frameworks.size === 0) return
      state.drain = config
      for (const run of allRuns(state)) {
        for (const [taskId, task] of [...run.launchedTasks, ...run.queuedTasks])
          killTask(state, run.frameworkId, taskId, drainKillPolicy(config, task))
      }
    },
    shutdownExecutor(frameworkId, executorId) {
      const run = findRun(state, frameworkId, executorId)
      if (run !== undefined) shutdownRun(state, run, graceOf(run))
    },
    shutdownFramework(frameworkId) {
      const framework = state.frameworks.get(frameworkId)
      if (framework === undefined) return
      framework.isTerminating = true
      state.updates.dropFramework(frameworkId)
      state.operations.dropFramework(frameworkId)
      for (const run of framework.runs.values()) {
        if (run.state === 'TERMINATED') forgetRun(state, run)
        else shutdownRun(state, run, graceOf(run))
      }
    },
    sendMessage(frameworkId, executorId, data) {
      const run = findRun(state, frameworkId, executorId)
      if (run?.state === 'RUNNING') run.channel?.send({ type: 'MESSAGE', message: { data } })
    },
    acknowledge: (frameworkId, taskId, uuid) =>
      state.updates.acknowledge(frameworkId, taskId, uuid),
    applyOperation: state.operations.apply,
    acknowledgeOperation: state.operations.acknowledge,
    resendUpdates(frameworkId) {
      state.updates.resend(frameworkId)
      state.operations.resend(frameworkId)
    },
    attach(run, channel, unacknowledged) {
      if (state.phase !== 'DOWN') attachRun(state, run, channel, unacknowledged)
    },
    detach(run, channel) {
      if (run.channel === channel) run.channel = undefined
    },
    update(run, status) {
      if (state.phase !== 'DOWN') updateFromExecutor(state, run, status)
    },
    sendMessageFromExecutor: (run, data) => master.sendMessage(run.frameworkId, id, run.id, data),
    executorEnded: (run, exit) => endRun(state, run, exit),
    async close() {
      state.recovery.abort()
      for (const framework of state.frameworks.values()) framework.isTerminating = true
      const runs = allRuns(state)
      for (const run of runs) {
        if (state.phase === 'RUNNING' && !state.orphans.has(run))
          shutdownRun(state, run, options.shutdownGraceMs)
        else run.container?.kill(0)
      }
      await Promise.all(state.launching)
      await Promise.all(runs.flatMap((run) => run.container?.exited ?? []))
      state.updates.close()
      state.operations.close()
    },
  }
  return agent
}

function allRuns(state: AgentState): ExecutorRun[] {
  const known = [...state.frameworks.values()].flatMap(({ runs }) => [...runs.values()])
  return [...known, ...state.orphans]
}

function frameworkOf(state: AgentState, info: FrameworkInfo): AgentFramework {
  const id = info.id?.value ?? ''
  const known = state.frameworks.get(id)
  if (known !== undefined) {
    known.info = info
    return known
  }
  const completedRuns = state.completedFrameworks.get(id)?.completedRuns ?? []
  state.completedFrameworks.delete(id)
  const framework: AgentFramework = {
    id,
    info,
    isTerminating: false,
    runs: new Map(),
    completedRuns,
  }
  state.frameworks.set(id, framework)
  return framework
}

function killTask(
  state: AgentState,
  frameworkId: string,
  taskId: string,
  killPolicy: KillPolicy | undefined,
): void {
  const run = findRunOfTask(state, frameworkId, taskId)
  if (run === undefined || run.state === 'TERMINATING' || run.state === 'TERMINATED') return
  if (run.queuedTasks.has(taskId)) {
    killQueued(state, run, taskId)
    // An agent's own executor has nothing to wait for once its only tasks are gone.
    const isIdle = !run.hasReceivedTask && run.queuedTasks.size === 0
    if (isIdle && run.kind !== 'custom') shutdownRun(state, run, 0)
    return
  }
  const policy = defined({ killPolicy })
  run.channel?.send({ type: 'KILL', kill: { taskId: { value: taskId }, ...policy } })
}
