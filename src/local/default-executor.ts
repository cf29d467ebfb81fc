/**
 * The executor of task groups. It lives inside this process; each task is a container of its own below the executor's
 * sandbox. When a task of a group ends badly, the others of its group are killed; after the last it ends itself.
 * Source: apache/mesos src/launcher/default_executor.cpp.
 */
import { randomUUID } from 'node:crypto'
import type {
  ExecutorEvent,
  TaskGroupInfo,
  TaskInfo,
  TaskStatus,
} from '../mesos/types.generated.ts'
import {
  killGraceMs,
  newStatus,
  taskEnvironment,
  type CommandExecutor,
} from './command-executor.ts'
import { startCommand, type CommandProcess, type Exit } from './command-process.ts'
import type { ExecutorContainer } from './executor-run.ts'
import { createTaskSandbox } from './sandbox.ts'

export interface DefaultExecutorOptions {
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
  process: CommandProcess | undefined
  isKilled: boolean
}

const SUCCESS: Exit = { isSuccess: true, waitStatus: 0, text: 'exited with status 0' }

export function createDefaultExecutor(options: DefaultExecutorOptions): DefaultExecutor {
  const living = new Map<string, GroupTask>()
  let resolveExited: (exit: Exit) => void = () => {}
  const exited = new Promise<Exit>((resolve) => {
    resolveExited = resolve
  })

  function launchGroup(group: TaskGroupInfo): void {
    const members = (group.tasks ?? []).map((task) => ({
      task,
      group,
      containerId: randomUUID(),
      process: undefined,
      isKilled: false,
    }))
    for (const member of members) {
      living.set(member.task.taskId.value, member)
      options.onContainer(member.task.taskId.value, member.containerId, undefined)
    }
    for (const { task } of members) options.sendUpdate(newStatus(task, 'TASK_STARTING'))
    for (const member of members) void start(member)
  }

  async function start(member: GroupTask): Promise<void> {
    const { containerId, task } = member
    try {
      const directory = await createTaskSandbox(options.directory, task.taskId.value, containerId)
      await options.fetch(task, directory, containerId)
      if (member.isKilled) return end(member, 'TASK_KILLED', 'Task was killed before it started')
      member.process = startCommand({
        command: task.command ?? {},
        directory,
        environment: {
          ...taskEnvironment(task, options.environment),
          MESOS_SANDBOX: directory,
          MESOS_CONTAINER_ID: containerId,
        },
      })
      options.onContainer(task.taskId.value, containerId, member.process.pid)
      options.sendUpdate(newStatus(task, 'TASK_RUNNING'))
      const exit = await member.process.exited
      const state = exit.isSuccess ? 'TASK_FINISHED' : 'TASK_FAILED'
      end(member, member.isKilled ? 'TASK_KILLED' : state, `Command ${exit.text}`)
    } catch (error) {
      end(member, 'TASK_FAILED', error instanceof Error ? error.message : String(error))
    }
  }

  function end(member: GroupTask, state: TaskStatus['state'], message: string): void {
    const taskId = member.task.taskId.value
    if (!living.delete(taskId)) return
    options.onContainer(taskId, member.containerId, undefined)
    options.sendUpdate({ ...newStatus(member.task, state), message })
    if (state !== 'TASK_FINISHED') {
      for (const other of living.values()) if (other.group === member.group) kill(other)
    }
    if (living.size > 0) return
    resolveExited(SUCCESS)
    options.onEnded(SUCCESS)
  }

  function kill(member: GroupTask, graceMs = killGraceMs(undefined, member.task.killPolicy)): void {
    member.isKilled = true
    member.process?.kill(graceMs)
  }

  function killAll(graceMs: number): void {
    for (const member of living.values()) kill(member, graceMs)
  }

  return {
    container: { pid: undefined, exited, kill: killAll },
    handle(event: ExecutorEvent) {
      if (event.type === 'LAUNCH_GROUP') launchGroup(event.launchGroup.taskGroup)
      if (event.type === 'SHUTDOWN') killAll(options.shutdownGraceMs)
      if (event.type !== 'KILL') return
      const member = living.get(event.kill.taskId.value)
      if (member !== undefined) {
        kill(member, killGraceMs(event.kill.killPolicy, member.task.killPolicy))
      }
    },
  }
}
