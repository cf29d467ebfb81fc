/** What the scheduler machine begins with, and what the master is told. Source: mesos.proto, `FrameworkInfo`. */
import type { SchedulerInput } from '../machines/scheduler-setup.ts'
import type { FrameworkInfo } from '../mesos/types.generated.ts'
import type { FrameworkSettings } from './options.ts'

function frameworkInfoOf(settings: FrameworkSettings): FrameworkInfo {
  const { user, name, role, hostname, principal, failoverTimeoutMs } = settings
  return {
    user,
    name,
    hostname,
    ...(principal === undefined ? {} : { principal }),
    roles: [role],
    failoverTimeout: failoverTimeoutMs / 1000,
    // Executors outlive a restart of their agent; those of a framework that is gone are ended by Mesos.
    checkpoint: true,
    capabilities: [
      { type: 'MULTI_ROLE' },
      { type: 'PARTITION_AWARE' },
      { type: 'RESERVATION_REFINEMENT' },
    ],
  }
}

/** The input of a run that begins with these settings. */
export function schedulerInputOf(settings: FrameworkSettings): SchedulerInput {
  const { frameworkId, libraries, timeoutMs, journal } = settings
  return {
    framework: frameworkInfoOf(settings),
    hasLibraries: libraries.length > 0,
    timeoutMs,
    remembersOutcomes: journal !== undefined,
    ...(frameworkId === undefined ? {} : { frameworkId }),
  }
}
