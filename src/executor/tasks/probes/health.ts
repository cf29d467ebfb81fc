/** From what was seen to whether a task is healthy. Source: mesos.proto, `HealthCheck`. */
import type { CheckStatusInfo, HealthCheck } from '../../../mesos/types.generated.ts'

export interface HealthNews {
  readonly healthy: boolean
  /** It failed as often in a row as it may. */
  readonly isLast: boolean
}

export interface Health {
  /** What is new about the task's health; `status` is undefined when nothing could be seen. Times in ms. */
  take(status: CheckStatusInfo | undefined, nowMs: number): HealthNews | undefined
}

/** Mesos' own defaults. */
const defaults = { gracePeriodSeconds: 10, consecutiveFailures: 3 }

/**
 * Passing is news the first time and after a failure, failing always. Until it passes for the first time, failures in
 * the grace period count for nothing.
 */
export function createHealth(healthCheck: HealthCheck, startedMs: number): Health {
  const { gracePeriodSeconds, consecutiveFailures } = { ...defaults, ...healthCheck }
  let hasPassed = false
  let failures = 0
  return {
    take(status, nowMs) {
      if (isPassing(status, healthCheck)) {
        const isNews = !hasPassed || failures > 0
        hasPassed = true
        failures = 0
        return isNews ? { healthy: true, isLast: false } : undefined
      }
      if (!hasPassed && nowMs - startedMs <= gracePeriodSeconds * 1000) return undefined
      failures += 1
      return { healthy: false, isLast: failures >= consecutiveFailures }
    },
  }
}

/** Exit status 0; one of the statuses named, or else 200 to 399; a connection. */
function isPassing(status: CheckStatusInfo | undefined, { http }: HealthCheck): boolean {
  if (status === undefined) return false
  const { statusCode } = status.http ?? {}
  if (statusCode !== undefined) {
    const { statuses = [] } = http ?? {}
    if (statuses.length > 0) return statuses.includes(statusCode)
    return statusCode >= 200 && statusCode < 400
  }
  return status.command?.exitCode === 0 || status.tcp?.succeeded === true
}
