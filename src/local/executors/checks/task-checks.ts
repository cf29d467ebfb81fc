/**
 * Runs the check and the health check of a task while it runs.
 * Source: apache/mesos docs/health-checks.md; src/checks/checker.cpp,
 * src/checks/health_checker.cpp.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type {
  CheckInfo,
  CheckStatusInfo,
  CommandInfo,
  HealthCheck,
  TaskInfo,
} from '../../../mesos/types.generated.ts'
import { timeoutSignal } from '../../../timeout-signal.ts'
import { commandVariables } from '../processes/environment.ts'
import { runProbe } from './probe.ts'
import type { Probe } from './probe.ts'

/** Folder and environment of commands of checks. */
export interface CheckPlace {
  readonly directory: string
  readonly environment: Readonly<Record<string, string>>
}

export interface CheckReports {
  /** The result differs from the one before. */
  onCheck(status: CheckStatusInfo): void
  /**
   * Called for each failure after the grace period, and each first success. `mustEnd`: too many
   * failures in a row.
   */
  onHealth(health: { readonly healthy: boolean; readonly mustEnd: boolean }): void
}

export interface TaskChecks {
  stop(): void
}

interface Rhythm {
  readonly delaySeconds?: number
  readonly intervalSeconds?: number
  readonly timeoutSeconds?: number
}

/** Mesos' defaults. */
const defaultDelaySeconds = 15
const defaultIntervalSeconds = 10
const defaultTimeoutSeconds = 20
const defaultConsecutiveFailures = 3
const defaultGracePeriodSeconds = 10
const loopback = '127.0.0.1'
const loopback6 = '::1'

export function startTaskChecks(
  { check, healthCheck }: TaskInfo,
  place: CheckPlace,
  reports: CheckReports,
): TaskChecks {
  const end = new AbortController()
  if (check !== undefined) void watchCheck(check, place, reports, end.signal)
  if (healthCheck !== undefined) void watchHealth(healthCheck, place, reports, end.signal)
  return { stop: () => end.abort() }
}

/** The check status of a task before the first result. */
export function emptyCheckStatus({ type = 'UNKNOWN' }: CheckInfo): CheckStatusInfo {
  if (type === 'COMMAND') return { type, command: {} }
  if (type === 'HTTP') return { type, http: {} }
  return type === 'TCP' ? { type, tcp: {} } : { type }
}

async function watchCheck(
  check: CheckInfo,
  place: CheckPlace,
  { onCheck }: CheckReports,
  signal: AbortSignal,
): Promise<void> {
  const probe = probeOfCheck(check, place)
  let previous = JSON.stringify(emptyCheckStatus(check))
  await repeat(check, signal, async (timeout) => {
    const status = await runProbe(probe, timeout).catch(() => emptyCheckStatus(check))
    const text = JSON.stringify(status)
    if (signal.aborted || text === previous) return
    previous = text
    onCheck(status)
  })
}

async function watchHealth(
  check: HealthCheck,
  place: CheckPlace,
  { onHealth }: CheckReports,
  signal: AbortSignal,
): Promise<void> {
  const probe = probeOfHealth(check, place)
  const graceMs = (check.gracePeriodSeconds ?? defaultGracePeriodSeconds) * 1000
  const mostFailures = check.consecutiveFailures ?? defaultConsecutiveFailures
  const startedAt = performance.now()
  let isInitializing = true
  let failures = 0
  await repeat(check, signal, async (timeout) => {
    const isHealthy = await runProbe(probe, timeout).then(isGood, () => false)
    if (signal.aborted) return
    if (isHealthy) {
      const isNews = isInitializing || failures > 0
      isInitializing = false
      failures = 0
      if (isNews) onHealth({ healthy: true, mustEnd: false })
      return
    }
    if (isInitializing && graceMs > 0 && performance.now() - startedAt <= graceMs) return
    failures += 1
    onHealth({ healthy: false, mustEnd: failures >= mostFailures })
  })
}

/**
 * Probes after the delay, then with the interval between the end of one probe and the next. Timeout
 * 0: none.
 */
async function repeat(
  { delaySeconds, intervalSeconds, timeoutSeconds }: Rhythm,
  signal: AbortSignal,
  look: (timeout: AbortSignal) => Promise<void>,
): Promise<void> {
  const timeoutMs = (timeoutSeconds ?? defaultTimeoutSeconds) * 1000
  let waitSeconds = delaySeconds ?? defaultDelaySeconds
  try {
    for (;;) {
      await sleep(waitSeconds * 1000, undefined, { signal })
      await look(timeoutMs === 0 ? signal : AbortSignal.any([signal, timeoutSignal(timeoutMs)]))
      waitSeconds = intervalSeconds ?? defaultIntervalSeconds
    }
  } catch {
    // `stop` aborted the delay.
  }
}

function isGood({ command, http, tcp }: CheckStatusInfo): boolean {
  const statusCode = http?.statusCode ?? 0
  return (
    command?.exitCode === 0 || tcp?.succeeded === true || (statusCode >= 200 && statusCode < 400)
  )
}

function probeOfCheck({ command, http, tcp, type }: CheckInfo, place: CheckPlace): Probe {
  if (type === 'HTTP') {
    return { type, url: `http://${loopback}:${http?.port}${http?.path ?? ''}` }
  }
  if (type === 'TCP') return { type, host: loopback, port: tcp?.port ?? 0 }
  return commandProbe(command?.command, place)
}

function probeOfHealth({ command, http, tcp, type }: HealthCheck, place: CheckPlace): Probe {
  if (type === 'HTTP') {
    const host = http?.protocol === 'IPv6' ? `[${loopback6}]` : loopback
    return { type, url: `${http?.scheme ?? 'http'}://${host}:${http?.port}${http?.path ?? ''}` }
  }
  if (type === 'TCP') {
    const host = tcp?.protocol === 'IPv6' ? loopback6 : loopback
    return { type, host, port: tcp?.port ?? 0 }
  }
  return commandProbe(command, place)
}

function commandProbe(command: CommandInfo = {}, { directory, environment }: CheckPlace): Probe {
  return {
    type: 'COMMAND',
    command,
    directory,
    environment: { ...environment, ...commandVariables(command) },
  }
}
