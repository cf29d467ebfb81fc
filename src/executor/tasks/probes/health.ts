/**
 * Derives the health of a task from results of its health check. Source: mesos.proto,
 * `HealthCheck`.
 */
import type { CheckStatusInfo, HealthCheck } from '../../../mesos/types.generated.ts'

export interface HealthNews {
  readonly healthy: boolean
  /** The maximum number of consecutive failures is reached. */
  readonly isLast: boolean
}

export interface Health {
  /** Takes a result, undefined if there was none, at `nowMs`. Returns news to report. */
  take(status: CheckStatusInfo | undefined, nowMs: number): HealthNews | undefined
}

/** Mesos' own defaults. */
const defaults = { gracePeriodSeconds: 10, consecutiveFailures: 3 }

/**
 * A pass is news if it is the first one or follows a failure; each failure is news. Failures in the
 * grace period before the first pass are ignored. `startedMs`: start of the task.
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

/** True for exit status 0; for a listed HTTP status, by default 200 to 399; for a connection. */
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
