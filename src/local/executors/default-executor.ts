/**
 * The executor of task groups. It lives inside this process; each task is a container of its own below the executor's
 * sandbox. When a task of a group ends badly, the others of its group are killed; after the last it ends itself.
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
import type { TaskChecks } from './checks/task-checks.ts'
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
  /** What the agent adds to the updates of a task: its container and, while it lives, its process. */
  readonly onContainer: (taskId: string, id: string, pid: number | undefined) => void
  readonly sendUpdate: (status: TaskStatus) => void
  /** All tasks have ended. */
  readonly onEnded: (exit: Exit) => void
}

export interface DefaultExecutor extends CommandExecutor {
  readonly container: ExecutorContainer
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

export function createDefaultExecutor(options: DefaultExecutorOptions): DefaultExecutor {
  const living = new Map<string, GroupTask>()
  // Of the whole executor, as in Mesos: once a task was unhealthy, all that end later are said to be.
  let isUnhealthy = false
  let resolveExited: (exit: Exit) => void = () => {}
  const exited = new Promise<Exit>((resolve) => {
    resolveExited = resolve
  })

  function launchGroup(group: TaskGroupInfo): void {
    const members = (group.tasks ?? []).map((task): GroupTask => ({
      task,
      group,
      containerId: randomUUID(),
      reporter: createTaskReporter(task, options.sendUpdate),
      process: undefined,
      checks: undefined,
      completionTimer: undefined,
      killCause: undefined,
    }))
    for (const member of members) {
      living.set(member.task.taskId.value, member)
      options.onContainer(member.task.taskId.value, member.containerId, undefined)
    }
    for (const { reporter } of members) reporter.tell('TASK_STARTING')
    for (const member of members) void start(member)
  }

  async function start(member: GroupTask): Promise<void> {
    const { containerId, task } = member
    try {
      const directory = await createTaskSandbox(options.directory, task.taskId.value, containerId)
      await options.fetch(task, directory, containerId)
      if (member.killCause !== undefined) {
        end(member, 'TASK_KILLED', { message: 'Task was killed before it started' })
        return
      }
      const exit = await run(member, directory)
      end(member, ...endStatus(member.killCause, exit))
    } catch (error) {
      end(member, 'TASK_FAILED', {
        message: messageOf(error),
      })
    }
  }

  function run(member: GroupTask, directory: string): Promise<Exit> {
    const { containerId, reporter, task } = member
    const environment = {
      ...taskEnvironment(task, options.environment),
      MESOS_SANDBOX: directory,
      MESOS_CONTAINER_ID: containerId,
    }
    const process = startCommand({ command: task.command ?? {}, directory, environment })
    member.process = process
    options.onContainer(task.taskId.value, containerId, process.pid)
    reporter.tell('TASK_RUNNING')
    member.checks = startTaskChecks(
      task,
      { directory, environment },
      {
        onCheck: reporter.tellCheck,
        onHealth({ healthy, mustEnd }) {
          reporter.tellHealth(healthy)
          isUnhealthy ||= mustEnd
          if (mustEnd) kill(member, 'unhealthy')
        },
      },
    )
    member.completionTimer = startCompletionTimer(task, () =>
      kill(member, 'max-completion-time', 0),
    )
    return process.exited
  }

  function end(member: GroupTask, state: TaskStatus['state'], fields: Partial<TaskStatus>): void {
    const taskId = member.task.taskId.value
    if (!living.delete(taskId)) return
    clearTimeout(member.completionTimer)
    member.checks?.stop()
    options.onContainer(taskId, member.containerId, undefined)
    member.reporter.tell(state, { ...fields, ...(isUnhealthy ? { healthy: false } : {}) })
    if (state !== 'TASK_FINISHED') {
      for (const other of living.values()) if (other.group === member.group) kill(other, 'kill')
    }
    if (living.size > 0) return
    resolveExited(success)
    options.onEnded(success)
  }

  function kill(
    member: GroupTask,
    cause: KillCause,
    graceMs = killGraceMs(undefined, member.task.killPolicy),
  ): void {
    clearTimeout(member.completionTimer)
    member.checks?.stop()
    if (member.killCause === undefined && tellsKilling(options.framework, cause)) {
      member.reporter.tell('TASK_KILLING')
    }
    member.killCause ??= cause
    member.process?.kill(graceMs)
  }

  function killAll(graceMs: number): void {
    for (const member of living.values()) kill(member, 'kill', graceMs)
  }

  return {
    container: { pid: undefined, exited, kill: killAll },
    handle(event: ExecutorEvent) {
      if (event.type === 'LAUNCH_GROUP') launchGroup(event.launchGroup.taskGroup)
      if (event.type === 'SHUTDOWN') killAll(options.shutdownGraceMs)
      if (event.type !== 'KILL') return
      const member = living.get(event.kill.taskId.value)
      if (member === undefined) return
      kill(member, 'kill', killGraceMs(event.kill.killPolicy, member.task.killPolicy))
    },
  }
}
