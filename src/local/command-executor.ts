/**
 * The executor that an agent makes for a command task. It lives inside this process; only the command is a process.
 * Health checks and checks are not run.
 * Source: apache/mesos src/launcher/executor.cpp.
 */
import type {
  ExecutorEvent,
  FrameworkInfo,
  KillPolicy,
  TaskInfo,
  TaskStatus,
} from '../mesos/types.generated.ts'
import { startCommand, type CommandProcess, type Exit } from './command-process.ts'
import { commandVariables } from './environment.ts'
import { hasCapability } from './framework-info.ts'
import { nowSeconds, randomUuidBytes } from './ids.ts'
import { startTimer } from './timers.ts'

export interface CommandExecutorOptions {
  readonly framework: FrameworkInfo
  readonly directory: string
  /** The executor's environment; the command's own variables come on top. */
  readonly environment: Readonly<Record<string, string>>
  readonly shutdownGraceMs: number
  /** The command runs (or could not be started); called before the first update. */
  readonly onStarted: (task: TaskInfo, process: CommandProcess) => void
  readonly sendUpdate: (status: TaskStatus) => void
  /** The command has ended and its terminal update is sent. */
  readonly onEnded: (exit: Exit) => void
}

export interface CommandExecutor {
  handle(event: ExecutorEvent): void
}

type KillCause = 'kill' | 'max-completion-time'

const DEFAULT_KILL_GRACE_MS = 3000
const NANOSECONDS_PER_MS = 1e6

export function createCommandExecutor(options: CommandExecutorOptions): CommandExecutor {
  let running: { readonly task: TaskInfo; readonly process: CommandProcess } | undefined
  let killCause: KillCause | undefined
  let completionTimer: NodeJS.Timeout | undefined

  function launch(task: TaskInfo): void {
    const process = startCommand({
      command: task.command ?? {},
      directory: options.directory,
      environment: taskEnvironment(task, options.environment),
    })
    running = { task, process }
    options.onStarted(task, process)
    sendState(task, 'TASK_STARTING')
    sendState(task, 'TASK_RUNNING')
    const maxMs = durationMs(task.maxCompletionTime)
    if (maxMs !== undefined && maxMs > 0) {
      completionTimer = startTimer(() => kill('max-completion-time', 0), maxMs)
    }
    void process.exited.then((exit) => end(task, exit))
  }

  function kill(cause: KillCause, graceMs: number): void {
    if (running === undefined) return
    clearTimeout(completionTimer)
    const isFirst = killCause === undefined
    killCause ??= cause
    if (isFirst && cause === 'kill' && hasCapability(options.framework, 'TASK_KILLING_STATE')) {
      sendState(running.task, 'TASK_KILLING')
    }
    running.process.kill(graceMs)
  }

  function end(task: TaskInfo, exit: Exit): void {
    clearTimeout(completionTimer)
    sendState(task, endState(killCause, exit), {
      message: `Command ${exit.text}`,
      ...(killCause === 'max-completion-time'
        ? { reason: 'REASON_MAX_COMPLETION_TIME_REACHED' }
        : {}),
    })
    options.onEnded(exit)
  }

  function sendState(
    task: TaskInfo,
    state: TaskStatus['state'],
    fields: Partial<TaskStatus> = {},
  ): void {
    options.sendUpdate({ ...newStatus(task, state), ...fields })
  }

  return {
    handle(event) {
      if (event.type === 'LAUNCH') launch(event.launch.task)
      if (event.type === 'KILL') {
        kill('kill', killGraceMs(event.kill.killPolicy, running?.task.killPolicy))
      }
      if (event.type === 'SHUTDOWN') kill('kill', options.shutdownGraceMs)
    },
  }
}

/** A kill's own policy wins over the task's; without either, 3 s. */
export function killGraceMs(asked: KillPolicy | undefined, ofTask: KillPolicy | undefined): number {
  return durationMs(asked?.gracePeriod) ?? durationMs(ofTask?.gracePeriod) ?? DEFAULT_KILL_GRACE_MS
}

/** An update from an executor inside this process. */
export function newStatus(task: TaskInfo, state: TaskStatus['state']): TaskStatus {
  return {
    taskId: task.taskId,
    state,
    source: 'SOURCE_EXECUTOR',
    timestamp: nowSeconds(),
    uuid: randomUuidBytes(),
  }
}

export function taskEnvironment(
  task: TaskInfo,
  environment: Readonly<Record<string, string>>,
): Record<string, string> {
  const role = task.resources?.[0]?.allocationInfo?.role ?? '*'
  return {
    ...environment,
    ...commandVariables(task.command),
    MESOS_ALLOCATION_ROLE: role,
  }
}

function endState(killCause: KillCause | undefined, exit: Exit): TaskStatus['state'] {
  if (killCause === 'kill') return 'TASK_KILLED'
  return killCause === undefined && exit.isSuccess ? 'TASK_FINISHED' : 'TASK_FAILED'
}

function durationMs(
  duration: { readonly nanoseconds: number | string } | undefined,
): number | undefined {
  return duration === undefined ? undefined : Number(duration.nanoseconds) / NANOSECONDS_PER_MS
}
