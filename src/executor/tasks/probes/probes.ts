/**
 * Looks at tasks that run, again and again, and says what changed.
 * Source: mesos.proto, `CheckInfo` and `HealthCheck`; apache/mesos docs/health-checks.md.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { ExecutorMachineEvent } from '../../../machines/executor/events.ts'
import { emptyStatus } from '../../../machines/task-run/run-report.ts'
import type { ProbesStart } from '../../../machines/task-run/events.ts'
import type { CheckInfo, HealthCheck } from '../../../mesos/types.generated.ts'
import { createHealth } from './health.ts'
import { probe } from './probe.ts'
import type { ProbeTarget } from './probe.ts'

export interface ProbesOptions {
  readonly sandbox: string
  readonly dispatch: (event: ExecutorMachineEvent) => void
}

export interface Probes {
  start(params: ProbesStart): void
  /** Nothing is said of the task any more. */
  stop(taskId: string): void
  stopAll(): void
}

/** Mesos' own defaults, in seconds. */
const defaults = { delaySeconds: 15, intervalSeconds: 10, timeoutSeconds: 20 }

export function createProbes({ sandbox, dispatch }: ProbesOptions): Probes {
  const running = new Map<string, AbortController>()

  function watchHealth(healthCheck: HealthCheck, params: ProbesStart, signal: AbortSignal): void {
    const { taskId, environment } = params
    const health = createHealth(healthCheck, performance.now())
    const look = (limit: AbortSignal) =>
      probe(healthCheck, { sandbox, environment, signal: limit }).catch(() => undefined)
    void repeat(healthCheck, signal, look, (status) => {
      const news = health.take(status, performance.now())
      if (news !== undefined) dispatch({ type: 'health.checked', taskId, ...news })
    })
  }

  function watchCheck(check: CheckInfo, params: ProbesStart, signal: AbortSignal): void {
    const { taskId, environment } = params
    let last = emptyStatus(check)
    const target = targetOf(check)
    const look = (limit: AbortSignal) =>
      probe(target, { sandbox, environment, signal: limit }).catch(() => emptyStatus(check))
    void repeat(check, signal, look, (status) => {
      if (isDeepStrictEqual(status, last)) return
      last = status
      dispatch({ type: 'check.changed', taskId, status })
    })
  }

  function stop(taskId: string): void {
    running.get(taskId)?.abort()
    running.delete(taskId)
  }

  return {
    start(params) {
      const { taskId, healthCheck, check } = params
      stop(taskId)
      const controller = new AbortController()
      running.set(taskId, controller)
      if (healthCheck !== undefined) watchHealth(healthCheck, params, controller.signal)
      if (check !== undefined) watchCheck(check, params, controller.signal)
    },
    stop,
    stopAll() {
      for (const taskId of running.keys()) stop(taskId)
    },
  }
}

/** What timers can wait, at most: more would be no wait at all. */
function msOf(seconds: number): number {
  return Math.min(seconds * 1000, 2 ** 31 - 1)
}

/** One look after the other until the signal; each has its time, and the interval begins when it is over. */
async function repeat<Seen>(
  times: Partial<typeof defaults>,
  signal: AbortSignal,
  look: (limit: AbortSignal) => Promise<Seen>,
  onSeen: (seen: Seen) => void,
): Promise<void> {
  const { delaySeconds, intervalSeconds, timeoutSeconds } = { ...defaults, ...times }
  try {
    await delay(msOf(delaySeconds), undefined, { signal })
    while (!signal.aborted) {
      const seen = await within(timeoutSeconds, signal, look)
      if (!signal.aborted) onSeen(seen)
      await delay(msOf(intervalSeconds), undefined, { signal })
    }
  } catch {
    // Stopped while it waited.
  }
}

/** Gives `look` a signal that ends it with the task, or when its time is over; 0 means no limit, as in Mesos. */
async function within<Seen>(
  timeoutSeconds: number,
  signal: AbortSignal,
  look: (limit: AbortSignal) => Promise<Seen>,
): Promise<Seen> {
  const limit = new AbortController()
  const end = (): void => limit.abort()
  const timer = timeoutSeconds === 0 ? undefined : setTimeout(end, msOf(timeoutSeconds))
  signal.addEventListener('abort', end, { once: true })
  try {
    return await look(limit.signal)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
  }
}

function targetOf({ command, http, tcp }: CheckInfo): ProbeTarget {
  return {
    ...(command === undefined ? {} : { command: command.command }),
    ...(http === undefined ? {} : { http }),
    ...(tcp === undefined ? {} : { tcp }),
  }
}
