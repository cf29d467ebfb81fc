/**
 * An agent: launches executors in sandboxes, delivers tasks to them, and their status updates to the master.
 * It keeps everything in memory; a framework's `checkpoint` only changes what its executors are told.
 * Source: apache/mesos src/slave/slave.cpp.
 */
import { randomUUID } from 'node:crypto'
import { formatDuration } from '../mesos/duration.ts'
import { isTerminal } from '../mesos/states.ts'
import type {
  AgentInfo,
  ExecutorInfo,
  FrameworkInfo,
  KillPolicy,
  TaskGroupInfo,
  TaskInfo,
  TaskStatus,
  URL,
} from '../mesos/types.generated.ts'
import { shutdownGraceOf } from './environment.ts'
import {
  containerStatusOf,
  hasIncompleteTasks,
  newExecutorRun,
  type ExecutorChannel,
  type ExecutorRun,
} from './executor-run.ts'
import type { Exit } from './command-process.ts'
import { hasCapability } from './framework-info.ts'
import { nowSeconds, randomUuidBytes } from './ids.ts'
import type { AgentLink, MasterLink } from './links.ts'
import { createStatusUpdates } from './status-updates.ts'

export interface AgentOptions {
  readonly info: AgentInfo
  readonly url: URL
  readonly master: MasterLink
  readonly ipAddress: string
  readonly updateRetryMs: number
  readonly executorRegistrationTimeoutMs: number
  readonly shutdownGraceMs: number
  /** Makes the sandbox, fetches, and starts the run; calls back into the agent when it is up or gone. */
  readonly launcher: ExecutorLauncher
}

export interface ExecutorLauncher {
  /** Rejects when the container cannot be launched; the error's message is the reason that Mesos would give. */
  launch(
    agent: Agent,
    run: ExecutorRun,
    framework: FrameworkInfo,
    task: TaskInfo | undefined,
  ): Promise<void>
}

export interface Agent extends AgentLink {
  readonly id: string
  /** The framework and the run, if both are known here. */
  findRun(frameworkId: string, executorId: string): ExecutorRun | undefined
  hasFramework(frameworkId: string): boolean
  /** An executor is there: SUBSCRIBED goes to it, then what waits for it. */
  attach(
    run: ExecutorRun,
    channel: ExecutorChannel,
    recovered?: { readonly updates: readonly TaskStatus[] },
  ): void
  /** Its stream broke; the agent waits for another or for the end of the process. */
  detach(run: ExecutorRun, channel: ExecutorChannel): void
  updateFromExecutor(run: ExecutorRun, status: TaskStatus): void
  sendMessageFromExecutor(run: ExecutorRun, data: string): void
  executorEnded(run: ExecutorRun, exit: Exit | undefined): void
  /** Shuts every executor down and waits until nothing of them lives. */
  close(): Promise<void>
}

interface AgentFramework {
  info: FrameworkInfo
  isTerminating: boolean
  readonly runs: Map<string, ExecutorRun>
}

export function createAgent(options: AgentOptions): Agent {
  const { info, master } = options
  const id = info.id?.value ?? ''
  const frameworks = new Map<string, AgentFramework>()
  const updates = createStatusUpdates({
    retryMs: options.updateRetryMs,
    forward: (frameworkId, status, latest) => master.updateStatus(frameworkId, status, latest),
    onTaskDone: forgetTask,
  })
  const launching = new Set<Promise<void>>()

  function frameworkOf(framework: FrameworkInfo): AgentFramework {
    const frameworkId = framework.id?.value ?? ''
    const known = frameworks.get(frameworkId) ?? {
      info: framework,
      isTerminating: false,
      runs: new Map<string, ExecutorRun>(),
    }
    known.info = framework
    frameworks.set(frameworkId, known)
    return known
  }

  function findRun(frameworkId: string, executorId: string): ExecutorRun | undefined {
    return frameworks.get(frameworkId)?.runs.get(executorId)
  }

  function findRunOfTask(frameworkId: string, taskId: string): ExecutorRun | undefined {
    for (const run of frameworks.get(frameworkId)?.runs.values() ?? []) {
      const holders = [run.queuedTasks, run.launchedTasks, run.terminatedTasks]
      if (holders.some((holder) => holder.has(taskId))) return run
    }
    return undefined
  }

  function runFor(
    framework: AgentFramework,
    executor: ExecutorInfo,
    kind: ExecutorRun['kind'],
    task?: TaskInfo,
  ): ExecutorRun {
    const known = framework.runs.get(executor.executorId.value)
    if (known !== undefined) return known
    const run = newExecutorRun(executor, framework.info.id?.value ?? '', kind, randomUUID())
    framework.runs.set(run.id, run)
    run.registrationTimer = setTimeout(
      () => registrationTimedOut(run),
      options.executorRegistrationTimeoutMs,
    )
    const launched = options.launcher
      .launch(agent, run, framework.info, task)
      .catch((error: unknown) => {
        const message = error instanceof Error ? error.message : String(error)
        run.termination ??= {
          reason: 'REASON_CONTAINER_LAUNCH_FAILED',
          message: `Failed to launch container: ${message}`,
        }
        executorEnded(run, undefined)
      })
      .finally(() => launching.delete(launched))
    launching.add(launched)
    return run
  }

  function registrationTimedOut(run: ExecutorRun): void {
    if (run.state !== 'REGISTERING') return
    const duration = formatDuration(options.executorRegistrationTimeoutMs)
    run.state = 'TERMINATING'
    run.termination = {
      reason: 'REASON_EXECUTOR_REGISTRATION_TIMEOUT',
      message: `Executor did not register within ${duration}`,
    }
    run.abort.abort()
    run.container?.kill(0)
  }

  /** Tasks for an executor that is on its way out are dropped. */
  function dropTasks(
    framework: AgentFramework,
    run: ExecutorRun,
    tasks: readonly TaskInfo[],
  ): void {
    const isPartitionAware = hasCapability(framework.info, 'PARTITION_AWARE')
    for (const task of tasks) {
      updates.add(run.frameworkId, {
        ...agentStatus(run.id, task.taskId.value, isPartitionAware ? 'TASK_DROPPED' : 'TASK_LOST'),
        reason: 'REASON_EXECUTOR_TERMINATED',
        message: 'Executor terminating',
      })
    }
  }

  function deliver(run: ExecutorRun): void {
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

  function moveToLaunched(run: ExecutorRun, task: TaskInfo): void {
    run.hasReceivedTask = true
    run.queuedTasks.delete(task.taskId.value)
    run.launchedTasks.set(task.taskId.value, task)
  }

  function agentStatus(
    executorId: string,
    taskId: string,
    state: TaskStatus['state'],
  ): TaskStatus & { readonly uuid: string } {
    return {
      taskId: { value: taskId },
      state,
      source: 'SOURCE_AGENT',
      agentId: { value: id },
      executorId: { value: executorId },
      timestamp: nowSeconds(),
      uuid: randomUuidBytes(),
    }
  }

  /** Notes the task's new state; false when the update must be dropped. */
  function noteState(run: ExecutorRun, taskId: string, state: TaskStatus['state']): boolean {
    const isEnd = isTerminal(state)
    if (run.launchedTasks.has(taskId) || (isEnd && run.queuedTasks.has(taskId))) {
      if (isEnd) {
        run.launchedTasks.delete(taskId)
        run.queuedTasks.delete(taskId)
        run.terminatedTasks.add(taskId)
      }
      return true
    }
    return false
  }

  function updateFromAgent(run: ExecutorRun, status: TaskStatus): void {
    if (frameworks.get(run.frameworkId)?.isTerminating === true) return
    if (noteState(run, status.taskId.value, status.state)) updates.add(run.frameworkId, status)
  }

  function updateFromExecutor(run: ExecutorRun, status: TaskStatus): void {
    const isTerminating = frameworks.get(run.frameworkId)?.isTerminating === true
    if (!isTerminating && noteState(run, status.taskId.value, status.state)) {
      updates.add(run.frameworkId, {
        ...status,
        source: 'SOURCE_EXECUTOR',
        agentId: { value: id },
        executorId: { value: run.id },
        timestamp: status.timestamp ?? nowSeconds(),
        containerStatus:
          status.containerStatus ?? containerStatusOf(run, status, options.ipAddress),
      })
    }
    const { taskId, uuid = '' } = status
    run.channel?.send({ type: 'ACKNOWLEDGED', acknowledged: { taskId, uuid } })
  }

  function forgetTask(frameworkId: string, taskId: string): void {
    const run = findRunOfTask(frameworkId, taskId)
    run?.terminatedTasks.delete(taskId)
    run?.taskContainers.delete(taskId)
    if (run?.state === 'TERMINATED' && !hasIncompleteTasks(run)) forgetRun(run)
  }

  function forgetRun(run: ExecutorRun): void {
    const framework = frameworks.get(run.frameworkId)
    framework?.runs.delete(run.id)
    if (framework?.runs.size === 0) frameworks.delete(run.frameworkId)
  }

  function executorEnded(run: ExecutorRun, exit: Exit | undefined): void {
    if (run.state === 'TERMINATED') return
    run.state = 'TERMINATED'
    clearTimeout(run.registrationTimer)
    clearTimeout(run.shutdownTimer)
    run.channel?.end()
    run.channel = undefined
    if (run.kind !== 'command') {
      master.reportExecutorExit(run.frameworkId, id, run.id, exit?.waitStatus ?? -1)
    }
    const { message, reason } = run.termination ?? {
      reason: 'REASON_EXECUTOR_TERMINATED' as const,
      message: 'Executor terminated',
    }
    for (const taskId of [...run.launchedTasks.keys(), ...run.queuedTasks.keys()]) {
      updateFromAgent(run, { ...agentStatus(run.id, taskId, 'TASK_FAILED'), message, reason })
    }
    const isTerminating = frameworks.get(run.frameworkId)?.isTerminating === true
    if (isTerminating || !hasIncompleteTasks(run)) forgetRun(run)
  }

  function shutdownRun(run: ExecutorRun, graceMs: number): void {
    if (run.state === 'TERMINATING' || run.state === 'TERMINATED') return
    run.state = 'TERMINATING'
    clearTimeout(run.registrationTimer)
    run.abort.abort()
    run.channel?.send({ type: 'SHUTDOWN' })
    if (run.kind === 'custom') {
      run.shutdownTimer = setTimeout(() => run.container?.kill(0), graceMs)
    } else if (run.container === undefined) {
      executorEnded(run, undefined)
    }
  }

  function killQueued(run: ExecutorRun, taskId: string): void {
    const group = [...run.queuedGroups].find((each) =>
      (each.tasks ?? []).some((task) => task.taskId.value === taskId),
    )
    if (group !== undefined) run.queuedGroups.delete(group)
    const taskIds = group?.tasks?.map((task) => task.taskId.value) ?? [taskId]
    for (const queued of taskIds) {
      updateFromAgent(run, {
        ...agentStatus(run.id, queued, 'TASK_KILLED'),
        reason: 'REASON_TASK_KILLED_DURING_LAUNCH',
        message:
          group === undefined
            ? 'Killed before delivery to the executor'
            : 'A task within the task group was killed before delivery to the executor',
      })
    }
  }

  function killTask(frameworkId: string, taskId: string, killPolicy?: KillPolicy): void {
    const run = findRunOfTask(frameworkId, taskId)
    if (run === undefined || run.state === 'TERMINATING' || run.state === 'TERMINATED') return
    if (run.queuedTasks.has(taskId)) {
      killQueued(run, taskId)
      // An agent's own executor has nothing to wait for once its only task is gone.
      const isIdle = !run.hasReceivedTask && run.queuedTasks.size === 0
      if (isIdle && run.kind !== 'custom') shutdownRun(run, 0)
    } else {
      const kill = {
        taskId: { value: taskId },
        ...(killPolicy === undefined ? {} : { killPolicy }),
      }
      run.channel?.send({ type: 'KILL', kill })
    }
  }

  const agent: Agent = {
    id,
    info,
    url: options.url,
    findRun,
    hasFramework: (frameworkId) => frameworks.has(frameworkId),
    runTask(frameworkInfo, task) {
      const framework = frameworkOf(frameworkInfo)
      const kind = task.executor === undefined ? 'command' : 'custom'
      const executor = task.executor ?? commandExecutorInfo(frameworkInfo, task)
      const run = runFor(framework, executor, kind, task)
      if (run.state === 'TERMINATING' || run.state === 'TERMINATED') {
        dropTasks(framework, run, [task])
        return
      }
      run.queuedTasks.set(task.taskId.value, task)
      deliver(run)
    },
    runTaskGroup(frameworkInfo, executor, group: TaskGroupInfo) {
      const framework = frameworkOf(frameworkInfo)
      const kind = executor.type === 'CUSTOM' ? 'custom' : 'default'
      const run = runFor(framework, executor, kind)
      const tasks = group.tasks ?? []
      if (run.state === 'TERMINATING' || run.state === 'TERMINATED') {
        dropTasks(framework, run, tasks)
        return
      }
      run.queuedGroups.add(group)
      for (const task of tasks) run.queuedTasks.set(task.taskId.value, task)
      deliver(run)
    },
    killTask,
    shutdownExecutor(frameworkId, executorId) {
      const run = findRun(frameworkId, executorId)
      if (run !== undefined) shutdownRun(run, shutdownGraceOf(run.info, options.shutdownGraceMs))
    },
    shutdownFramework(frameworkId) {
      const framework = frameworks.get(frameworkId)
      if (framework === undefined) return
      framework.isTerminating = true
      updates.dropFramework(frameworkId)
      for (const run of framework.runs.values()) {
        if (run.state === 'TERMINATED') forgetRun(run)
        else shutdownRun(run, shutdownGraceOf(run.info, options.shutdownGraceMs))
      }
    },
    sendMessage(frameworkId, executorId, data) {
      const run = findRun(frameworkId, executorId)
      if (run?.state === 'RUNNING') run.channel?.send({ type: 'MESSAGE', message: { data } })
    },
    acknowledge: (frameworkId, taskId, uuid) => updates.acknowledge(frameworkId, taskId, uuid),
    resendUpdates: (frameworkId) => updates.resend(frameworkId),
    attach(run, channel, recovered) {
      const framework = frameworks.get(run.frameworkId)
      run.channel?.end()
      run.channel = channel
      if (run.state === 'REGISTERING') run.state = 'RUNNING'
      clearTimeout(run.registrationTimer)
      channel.send({
        type: 'SUBSCRIBED',
        subscribed: {
          executorInfo: run.info,
          frameworkInfo: framework?.info ?? { user: '', name: '' },
          agentInfo: info,
          containerId: { value: run.containerId },
        },
      })
      for (const status of recovered?.updates ?? []) updateFromExecutor(run, status)
      if (run.state !== 'RUNNING') channel.send({ type: 'SHUTDOWN' })
      else deliver(run)
    },
    detach(run, channel) {
      if (run.channel === channel) run.channel = undefined
    },
    updateFromExecutor,
    sendMessageFromExecutor(run, data) {
      master.sendMessage(run.frameworkId, id, run.id, data)
    },
    executorEnded,
    async close() {
      const runs = [...frameworks.values()].flatMap((framework) => [...framework.runs.values()])
      for (const framework of frameworks.values()) framework.isTerminating = true
      for (const run of runs) shutdownRun(run, options.shutdownGraceMs)
      updates.close()
      await Promise.all(launching)
      await Promise.all(runs.flatMap((run) => run.container?.exited ?? []))
      updates.close()
    },
  }
  return agent
}

/** The executor of a command task, as Mesos names it; its small overhead is not taken from the offer. */
function commandExecutorInfo(framework: FrameworkInfo, task: TaskInfo): ExecutorInfo {
  return {
    executorId: task.taskId,
    name: `Command Executor (Task: ${task.taskId.value})`,
    source: task.taskId.value,
    ...(framework.id === undefined ? {} : { frameworkId: framework.id }),
    ...(task.command === undefined ? {} : { command: task.command }),
  }
}
