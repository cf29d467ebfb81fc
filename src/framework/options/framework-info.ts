/** What the scheduler machine begins with, and what the master is told. Source: mesos.proto, `FrameworkInfo`. */
import type { SchedulerInput } from '../../machines/scheduler/setup.ts'
import type { FrameworkInfo } from '../../mesos/types.generated.ts'
import type { FrameworkSettings } from './options.ts'

/** What this framework deals with whatever its user says. */
const ownCapabilities = ['MULTI_ROLE', 'PARTITION_AWARE', 'RESERVATION_REFINEMENT'] as const

function frameworkInfoOf(settings: FrameworkSettings): FrameworkInfo {
  const { user, name, roles, hostname, principal, failoverTimeoutMs, capabilities } = settings
  const types = new Set([...ownCapabilities, ...capabilities])
  return {
    user,
    name,
    hostname,
    ...(principal === undefined ? {} : { principal }),
    roles,
    failoverTimeout: failoverTimeoutMs / 1000,
    // Executors outlive a restart of their agent; those of a framework that is gone are ended by Mesos.
    checkpoint: true,
    capabilities: Array.from(types, (type) => ({ type })),
  }
}

/** The input of a run that begins with these settings. */
export function schedulerInputOf(settings: FrameworkSettings): SchedulerInput {
  const { frameworkId, libraries, timeoutMs, journal, offerConstraints, policy } = settings
  return {
    framework: frameworkInfoOf(settings),
    hasLibraries: libraries.length > 0,
    timeoutMs,
    remembersOutcomes: journal !== undefined,
    ...(frameworkId === undefined ? {} : { frameworkId }),
    ...(offerConstraints === undefined ? {} : { offerConstraints }),
    policy,
  }
}
