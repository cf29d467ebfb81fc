/**
 * The executor of a command task, inside this process. The command and its checks are processes.
 * Source: apache/mesos src/launcher/executor.cpp.
 */
import type {
  ExecutorEvent,
  FrameworkInfo,
  KillPolicy,
  TaskInfo,
  TaskStatus,
} from '../../mesos/types.generated.ts'
import { hasCapability } from '../messages/framework-info.ts'
import { startTimer } from '../time/timers.ts'
import { startTaskChecks } from './checks/task-checks.ts'
import type { TaskChecks } from './checks/task-checks.ts'
import { startCommand } from './processes/command-process.ts'
import type { CommandProcess, Exit } from './processes/command-process.ts'
import { commandVariables } from './processes/environment.ts'
import { createTaskReporter } from './task-reporter.ts'
import type { TaskReporter } from './task-reporter.ts'

export interface CommandExecutorOptions {
  readonly framework: FrameworkInfo
  readonly directory: string
  /** The executor's environment. Variables of the command win. */
  readonly environment: Readonly<Record<string, string>>
  readonly shutdownGraceMs: number
  /** Called before the first update, when the command started or failed to start. */
  readonly onStarted: (task: TaskInfo, process: CommandProcess) => void
  readonly sendUpdate: (status: TaskStatus) => void
  /** Called after the terminal update. */
  readonly onEnded: (exit: Exit) => void
}

export interface CommandExecutor {
  handle(event: ExecutorEvent): void
}

/** Why a task is killed. The first cause counts. */
export type KillCause = 'kill' | 'max-completion-time' | 'unhealthy'

interface Running {
  readonly task: TaskInfo
  readonly process: CommandProcess
  readonly reporter: TaskReporter
  readonly checks: TaskChecks
}

const defaultKillGraceMs = 3000
const nanosecondsPerMs = 1e6

export function createCommandExecutor(options: CommandExecutorOptions): CommandExecutor {
  let running: Running | undefined
  let killCause: KillCause | undefined
  let completionTimer: NodeJS.Timeout | undefined

  function launch(task: TaskInfo): void {
    const { directory } = options
    const process = startCommand({
      command: task.command ?? {},
      directory,
      environment: taskEnvironment(task, options.environment),
    })
    options.onStarted(task, process)
    const reporter = createTaskReporter(task, options.sendUpdate)
    reporter.tell('TASK_STARTING')
    reporter.tell('TASK_RUNNING')
    const place = { directory, environment: options.environment }
    const checks = startTaskChecks(task, place, {
      onCheck: reporter.tellCheck,
      onHealth({ healthy, mustEnd }) {
        reporter.tellHealth(healthy)
        if (mustEnd) kill('unhealthy', killGraceMs(undefined, task.killPolicy))
      },
    })
    running = { task, process, reporter, checks }
    completionTimer = startCompletionTimer(task, () => kill('max-completion-time', 0))
    void process.exited.then((exit) => end(exit))
  }

  function kill(cause: KillCause, graceMs: number): void {
    if (running === undefined) return
    clearTimeout(completionTimer)
    running.checks.stop()
    const isFirst = killCause === undefined
    killCause ??= cause
    if (isFirst && tellsKilling(options.framework, cause)) running.reporter.tell('TASK_KILLING')
    running.process.kill(graceMs)
  }

  function end(exit: Exit): void {
    clearTimeout(completionTimer)
    running?.checks.stop()
    running?.reporter.tell(...endStatus(killCause, exit))
    options.onEnded(exit)
  }

  return {
    handle(event) {
      if (event.type === 'LAUNCH') launch(event.launch.task)
      // As in Mesos, whose adapter of the command executor drops the policy of a KILL.
      if (event.type === 'KILL') kill('kill', killGraceMs(undefined, running?.task.killPolicy))
      if (event.type === 'SHUTDOWN') kill('kill', options.shutdownGraceMs)
    },
  }
}

/** The grace period: the kill's own, the task's, or 3 s. */
export function killGraceMs(asked: KillPolicy | undefined, ofTask: KillPolicy | undefined): number {
  return durationMs(asked?.gracePeriod) ?? durationMs(ofTask?.gracePeriod) ?? defaultKillGraceMs
}

/** Starts a timer for `max_completion_time`, if the task has one. */
export function startCompletionTimer(
  { maxCompletionTime }: TaskInfo,
  onReached: () => void,
): NodeJS.Timeout | undefined {
  const maxMs = durationMs(maxCompletionTime) ?? 0
  return maxMs > 0 ? startTimer(onReached, maxMs) : undefined
}

/**
 * True if TASK_KILLING is sent first: only to frameworks with that capability, and not after
 * `max_completion_time`.
 */
export function tellsKilling(framework: FrameworkInfo, cause: KillCause): boolean {
  return cause !== 'max-completion-time' && hasCapability(framework, 'TASK_KILLING_STATE')
}

/** The terminal state of a task, by the cause of its end and its exit. */
export function endStatus(
  cause: KillCause | undefined,
  exit: Exit,
): [state: TaskStatus['state'], fields: Partial<TaskStatus>] {
  const message = `Command ${exit.text}`
  switch (cause) {
    case 'max-completion-time':
      return ['TASK_FAILED', { message, reason: 'REASON_MAX_COMPLETION_TIME_REACHED' }]
    case 'unhealthy':
      return ['TASK_KILLED', { message, healthy: false }]
    case 'kill':
      return ['TASK_KILLED', { message }]
    default:
      return [exit.isSuccess ? 'TASK_FINISHED' : 'TASK_FAILED', { message }]
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

function durationMs(
  duration: { readonly nanoseconds: number | string } | undefined,
): number | undefined {
  return duration === undefined ? undefined : Number(duration.nanoseconds) / nanosecondsPerMs
}
