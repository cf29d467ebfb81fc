/**
 * An agent: launches executors in sandboxes, delivers tasks to them, and their status updates to
 * the master. Keeps everything in memory. What a Mesos agent has on its disk outlives `crash`,
 * until `recover`.
 * Source: apache/mesos src/slave/slave.cpp.
 */
import type {
  AgentInfo,
  Base64,
  DrainConfig,
  ExecutorInfo,
  FrameworkInfo,
  KillPolicy,
  Resource,
  TaskGroupInfo,
  TaskInfo,
  TaskStatus,
  URL,
} from '../../mesos/types.generated.ts'
import type { ExecutorHost, Unacknowledged } from '../executors/executor-host.ts'
import type { ExecutorChannel, ExecutorRun } from '../executors/executor-run.ts'
import type { Exit } from '../executors/processes/command-process.ts'
import { shutdownGraceOf } from '../executors/processes/environment.ts'
import type { AgentLink, AgentReport, AppliedOperation } from '../network/links.ts'
import { nowSeconds } from '../time/now.ts'
import { allRuns, findRun, frameworkOf, newAgentState } from './agent-state.ts'
import type { AgentOptions, AgentPhase, AgentState } from './agent-state.ts'
import { commandExecutorInfo } from './command-executor-info.ts'
import { refusedWhileDraining } from './drain.ts'
import { attachRun, endRun, launchRun, shutdownRun } from './executor-runs.ts'
import type { LaunchedExecutor } from './executor-runs.ts'
import { drainTasks, killTask } from './kill.ts'
import { forgetRun } from './records.ts'
import { crashAgent, recoverAgent } from './recovery.ts'
import { reportAgent } from './report.ts'
import { endUnknownTasks, queueWithVolumes } from './tasks.ts'
import { forgetTask, updateFromExecutor } from './updates.ts'

export class Agent implements Omit<AgentLink, 'ping'>, ExecutorHost {
  readonly id: string
  readonly info: AgentInfo
  readonly url: URL
  readonly state: AgentState
  /** In seconds since 1970. */
  readonly startedAt = nowSeconds()

  constructor(options: AgentOptions) {
    this.info = options.info
    this.url = options.url
    this.state = newAgentState(options, (frameworkId, taskId) =>
      forgetTask(this.state, frameworkId, taskId),
    )
    this.id = this.state.id
  }

  get total(): readonly Resource[] {
    return this.state.options.resources.total()
  }

  get phase(): AgentPhase {
    return this.state.phase
  }

  isRecovering(): boolean {
    return this.phase === 'RECOVERING'
  }

  /** As SIGKILL to its process: executors live on. */
  crash(): void {
    crashAgent(this.state)
  }

  /**
   * Starts the process again. Resolves when it is ready to register; false: it was killed before.
   */
  recover(): Promise<boolean> {
    return recoverAgent(this.state)
  }

  report(): AgentReport {
    return reportAgent(this.state)
  }

  /** Sends updates from now on: a master has admitted it. */
  registered(): void {
    this.state.updates.resume()
    this.state.operations.resume()
  }

  /** Keeps updates until it is registered again. */
  disconnected(): void {
    this.state.updates.pause()
    this.state.operations.pause()
  }

  reconcileTasks(framework: FrameworkInfo, taskIds: readonly string[]): void {
    endUnknownTasks(this.state, framework, taskIds)
  }

  shutDown(): void {
    void this.close().then(this.state.options.onShutDown)
  }

  hasFramework(frameworkId: string): boolean {
    return this.state.frameworks.has(frameworkId)
  }

  findRun(frameworkId: string, executorId: string): ExecutorRun | undefined {
    return findRun(this.state, frameworkId, executorId)
  }

  runTask(framework: FrameworkInfo, task: TaskInfo): void {
    const kind = task.executor === undefined ? 'command' : 'custom'
    const info = task.executor ?? commandExecutorInfo(framework, task)
    this.#launch(framework, { info, kind, task }, [task])
  }

  runTaskGroup(framework: FrameworkInfo, info: ExecutorInfo, group: TaskGroupInfo): void {
    const kind = info.type === 'CUSTOM' ? 'custom' : 'default'
    this.#launch(framework, { info, kind }, group.tasks ?? [], group)
  }

  killTask(frameworkId: string, taskId: string, policy: KillPolicy | undefined): void {
    killTask(this.state, frameworkId, taskId, policy)
  }

  drain(config: DrainConfig): void {
    drainTasks(this.state, config)
  }

  shutdownExecutor(frameworkId: string, executorId: string): void {
    const run = this.findRun(frameworkId, executorId)
    if (run !== undefined) this.#shutDown(run)
  }

  shutdownFramework(frameworkId: string): void {
    const framework = this.state.frameworks.get(frameworkId)
    if (framework === undefined) return
    framework.isTerminating = true
    this.state.updates.dropFramework(frameworkId)
    this.state.operations.dropFramework(frameworkId)
    for (const run of framework.runs.values()) {
      if (run.state === 'TERMINATED') forgetRun(this.state, run)
      else this.#shutDown(run)
    }
  }

  sendMessage(frameworkId: string, executorId: string, data: string): void {
    const run = this.findRun(frameworkId, executorId)
    if (run?.state === 'RUNNING') run.channel?.send({ type: 'MESSAGE', message: { data } })
  }

  acknowledge(frameworkId: string, taskId: string, uuid: string): void {
    this.state.updates.acknowledge(frameworkId, taskId, uuid)
  }

  applyOperation(frameworkId: string, applied: AppliedOperation): void {
    this.state.operations.apply(frameworkId, applied)
  }

  acknowledgeOperation(operationUuid: Base64, statusUuid: Base64): void {
    this.state.operations.acknowledge(operationUuid, statusUuid)
  }

  resendUpdates(frameworkId: string): void {
    this.state.updates.resend(frameworkId)
    this.state.operations.resend(frameworkId)
  }

  attach(run: ExecutorRun, channel: ExecutorChannel, unacknowledged: Unacknowledged): void {
    if (this.phase !== 'DOWN') attachRun(this.state, run, channel, unacknowledged)
  }

  detach(run: ExecutorRun, channel: ExecutorChannel): void {
    if (run.channel === channel) run.channel = undefined
  }

  update(run: ExecutorRun, status: TaskStatus): void {
    if (this.phase !== 'DOWN') updateFromExecutor(this.state, run, status)
  }

  sendMessageFromExecutor(run: ExecutorRun, data: string): void {
    this.state.options.master.sendMessage(run.frameworkId, this.id, run.id, data)
  }

  executorEnded(run: ExecutorRun, exit: Exit): void {
    endRun(this.state, run, exit)
  }

  /** Shuts every executor down. Resolves when none of their processes lives. */
  async close(): Promise<void> {
    const { frameworks, launching, operations, options, orphans, recovery, updates } = this.state
    recovery.abort()
    for (const framework of frameworks.values()) framework.isTerminating = true
    const runs = allRuns(this.state)
    for (const run of runs) {
      if (this.phase === 'RUNNING' && !orphans.has(run))
        shutdownRun(this.state, run, options.shutdownGraceMs)
      else run.container?.kill(0)
    }
    await Promise.all(launching)
    await Promise.all(runs.flatMap((run) => run.container?.exited ?? []))
    updates.close()
    operations.close()
  }

  /**
   * Queues tasks for an executor, and starts it if it does not run. Refuses them while draining.
   */
  #launch(
    info: FrameworkInfo,
    executor: LaunchedExecutor,
    tasks: readonly TaskInfo[],
    group?: TaskGroupInfo,
  ): void {
    if (this.state.drain !== undefined) {
      for (const { taskId } of tasks) {
        const status = refusedWhileDraining(this.id, info, taskId)
        this.state.updates.add(info.id?.value ?? '', status)
      }
      return
    }
    const framework = frameworkOf(this.state, info)
    const run =
      framework.runs.get(executor.info.executorId.value) ??
      launchRun(this.state, this, framework, executor)
    void queueWithVolumes(this.state, framework, run, tasks, group)
  }

  #shutDown(run: ExecutorRun): void {
    shutdownRun(this.state, run, shutdownGraceOf(run.info, this.state.options.shutdownGraceMs))
  }
}
