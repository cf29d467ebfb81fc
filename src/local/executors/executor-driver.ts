/**
 * Mesos' executor library for executors in this process: keeps tasks and updates until they are
 * acknowledged, subscribes again after a restart of the agent, and ends the executor if the agent
 * is away too long, or at once if its framework does not checkpoint.
 * Source: apache/mesos docs/executor-http-api.md, "Agent Recovery"; src/executor/executor.cpp.
 */
import type { ExecutorEvent, TaskInfo, TaskStatus } from '../../mesos/types.generated.ts'
import { startTimer } from '../time/timers.ts'
import type { ExecutorHost } from './executor-host.ts'
import type { ExecutorChannel, ExecutorRun } from './executor-run.ts'
import type { Exit } from './processes/command-process.ts'
import { recoveryTimeoutMs } from './processes/environment.ts'

export interface ExecutorDriverOptions {
  readonly host: ExecutorHost
  readonly run: ExecutorRun
  readonly isCheckpointing: boolean
  readonly handle: (event: ExecutorEvent) => void
}

export interface ExecutorDriver {
  /** Subscribes to the agent; called once. After a restart of the agent `run.rejoin` does it. */
  subscribe(): void
  sendUpdate(status: TaskStatus): void
  /** Ends the executor after all its updates were acknowledged. */
  end(exit: Exit): void
}

export function driveExecutor(options: ExecutorDriverOptions): ExecutorDriver {
  const { handle, host, run } = options
  const updates = new Map<string, TaskStatus>()
  const tasks = new Map<string, TaskInfo>()
  let exit: Exit | undefined
  let recoveryTimer: NodeJS.Timeout | undefined

  function endWhenAcknowledged(): void {
    if (exit !== undefined && updates.size === 0) host.executorEnded(run, exit)
  }

  function remember(event: ExecutorEvent): void {
    if (event.type === 'LAUNCH') tasks.set(event.launch.task.taskId.value, event.launch.task)
    if (event.type !== 'LAUNCH_GROUP') return
    for (const task of event.launchGroup.taskGroup.tasks ?? []) tasks.set(task.taskId.value, task)
  }

  const channel: ExecutorChannel = {
    send(event) {
      remember(event)
      if (event.type !== 'ACKNOWLEDGED') return handle(event)
      updates.delete(event.acknowledged.uuid)
      tasks.delete(event.acknowledged.taskId.value)
      endWhenAcknowledged()
    },
    end() {
      if (exit !== undefined) return
      if (!options.isCheckpointing) handle({ type: 'SHUTDOWN' })
      else recoveryTimer = startTimer(() => handle({ type: 'SHUTDOWN' }), recoveryTimeoutMs)
    },
  }

  function subscribe(): void {
    clearTimeout(recoveryTimer)
    run.rejoin = subscribe
    host.attach(run, channel, { tasks: [...tasks.values()], updates: [...updates.values()] })
  }

  return {
    subscribe,
    sendUpdate(status) {
      updates.set(status.uuid ?? '', status)
      host.update(run, status)
    },
    end(ended) {
      exit = ended
      clearTimeout(recoveryTimer)
      endWhenAcknowledged()
    },
  }
}
