/**
 * The executor of task groups, inside this process. Each task is a container below the executor's
 * sandbox. A task that fails ends the others of its group. The executor ends after its last task.
 * Source: apache/mesos src/launcher/default_executor.cpp.
 */
import { randomUUID } from 'node:crypto'
import { messageOf } from '../../errors.ts'
import type {
  ExecutorEvent,
  FrameworkInfo,
  TaskGroupInfo,
  TaskInfo,
  TaskStatus,
} from '../../mesos/types.generated.ts'
import { startTaskChecks } from './checks/task-checks.ts'
import type { CheckPlace, TaskChecks } from './checks/task-checks.ts'
import {
  endStatus,
  killGraceMs,
  startCompletionTimer,
  taskEnvironment,
  tellsKilling,
} from './command-executor.ts'
import type { CommandExecutor, KillCause } from './command-executor.ts'
import type { ExecutorContainer } from './executor-run.ts'
import { startCommand } from './processes/command-process.ts'
import type { CommandProcess, Exit } from './processes/command-process.ts'
import { createTaskSandbox } from './sandbox.ts'
import { createTaskReporter } from './task-reporter.ts'
import type { TaskReporter } from './task-reporter.ts'

export interface DefaultExecutorOptions {
  readonly framework: FrameworkInfo
  readonly directory: string
  readonly environment: Readonly<Record<string, string>>
  readonly shutdownGraceMs: number
  /** Fetches the URIs of a task's command into its own sandbox. */
  readonly fetch: (task: TaskInfo, directory: string, containerId: string) => Promise<void>
  /** Reports a task's container and, while it runs, its process; the agent adds both to updates. */
  readonly onContainer: (taskId: string, id: string, pid: number | undefined) => void
  readonly sendUpdate: (status: TaskStatus) => void
  /** Called when all tasks ended. */
  readonly onEnded: (exit: Exit) => void
}

interface GroupTask {
  readonly task: TaskInfo
  readonly group: TaskGroupInfo
  readonly containerId: string
  readonly reporter: TaskReporter
  process: CommandProcess | undefined
  checks: TaskChecks | undefined
  completionTimer: NodeJS.Timeout | undefined
  killCause: KillCause | undefined
}

const success: Exit = { isSuccess: true, waitStatus: 0, text: 'exited with status 0' }

export class DefaultExecutor implements CommandExecutor {
  readonly container: ExecutorContainer
  readonly #options: DefaultExecutorOptions
  readonly #living = new Map<string, GroupTask>()
  /** Once a task was unhealthy, all tasks that end later are unhealthy, as in Mesos. */
  #isUnhealthy = false
  #resolveExited: (exit: Exit) => void = () => {}

  constructor(options: DefaultExecutorOptions) {
    this.#options = options
    const exited = new Promise<Exit>((resolve) => {
      this.#resolveExited = resolve
    })
    this.container = { pid: undefined, exited, kill: (graceMs) => this.#killAll(graceMs) }
  }

  handle(event: ExecutorEvent): void {
    if (event.type === 'LAUNCH_GROUP') this.#launchGroup(event.launchGroup.taskGroup)
    if (event.type === 'SHUTDOWN') this.#killAll(this.#options.shutdownGraceMs)
    if (event.type !== 'KILL') return
    const member = this.#living.get(event.kill.taskId.value)
    if (member === undefined) return
    this.#kill(member, 'kill', killGraceMs(event.kill.killPolicy, member.task.killPolicy))
  }

  #launchGroup(group: TaskGroupInfo): void {
    const members = (group.tasks ?? []).map((task) => this.#newMember(task, group))
    for (const member of members) {
      this.#living.set(member.task.taskId.value, member)
      this.#options.onContainer(member.task.taskId.value, member.containerId, undefined)
    }
    for (const { reporter } of members) reporter.tell('TASK_STARTING')
    for (const member of members) void this.#start(member)
  }

  #newMember(task: TaskInfo, group: TaskGroupInfo): GroupTask {
    return {
      task,
      group,
      containerId: randomUUID(),
      reporter: createTaskReporter(task, this.#options.sendUpdate),
      process: undefined,
      checks: undefined,
      completionTimer: undefined,
      killCause: undefined,
    }
  }

  async #start(member: GroupTask): Promise<void> {
    const { containerId, task } = member
    const { directory: parent, fetch } = this.#options
    try {
      const directory = await createTaskSandbox(parent, task.taskId.value, containerId)
      await fetch(task, directory, containerId)
      if (member.killCause !== undefined) {
        this.#end(member, 'TASK_KILLED', { message: 'Task was killed before it started' })
        return
      }
      const exit = await this.#run(member, directory)
      this.#end(member, ...endStatus(member.killCause, exit))
    } catch (error) {
      this.#end(member, 'TASK_FAILED', { message: messageOf(error) })
    }
  }

  #run(member: GroupTask, directory: string): Promise<Exit> {
    const { containerId, reporter, task } = member
    const environment = {
      ...taskEnvironment(task, this.#options.environment),
      MESOS_SANDBOX: directory,
      MESOS_CONTAINER_ID: containerId,
    }
    const process = startCommand({ command: task.command ?? {}, directory, environment })
    member.process = process
    this.#options.onContainer(task.taskId.value, containerId, process.pid)
    reporter.tell('TASK_RUNNING')
    member.checks = this.#startChecks(member, { directory, environment })
    member.completionTimer = startCompletionTimer(task, () =>
      this.#kill(member, 'max-completion-time', 0),
    )
    return process.exited
  }

  #startChecks(member: GroupTask, place: CheckPlace): TaskChecks {
    const { reporter, task } = member
    return startTaskChecks(task, place, {
      onCheck: reporter.tellCheck,
      onHealth: ({ healthy, mustEnd }) => {
        reporter.tellHealth(healthy)
        this.#isUnhealthy ||= mustEnd
        if (mustEnd) this.#kill(member, 'unhealthy')
      },
    })
  }

  #end(member: GroupTask, state: TaskStatus['state'], fields: Partial<TaskStatus>): void {
    const taskId = member.task.taskId.value
    if (!this.#living.delete(taskId)) return
    clearTimeout(member.completionTimer)
    member.checks?.stop()
    this.#options.onContainer(taskId, member.containerId, undefined)
    member.reporter.tell(state, { ...fields, ...(this.#isUnhealthy && { healthy: false }) })
    if (state !== 'TASK_FINISHED') this.#killGroup(member.group)
    if (this.#living.size > 0) return
    this.#resolveExited(success)
    this.#options.onEnded(success)
  }

  #kill(
    member: GroupTask,
    cause: KillCause,
    graceMs = killGraceMs(undefined, member.task.killPolicy),
  ): void {
    clearTimeout(member.completionTimer)
    member.checks?.stop()
    if (member.killCause === undefined && tellsKilling(this.#options.framework, cause)) {
      member.reporter.tell('TASK_KILLING')
    }
    member.killCause ??= cause
    member.process?.kill(graceMs)
  }

  #killGroup(group: TaskGroupInfo): void {
    for (const member of this.#living.values())
      if (member.group === group) this.#kill(member, 'kill')
  }

  #killAll(graceMs: number): void {
    for (const member of this.#living.values()) this.#kill(member, 'kill', graceMs)
  }
}
