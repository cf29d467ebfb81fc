/** The input of the scheduler machine, and the FrameworkInfo for the master. */
import { defined } from '../../defined.ts'
import type { SchedulerInput } from '../../machines/scheduler/input.ts'
import type { FrameworkInfo } from '../../mesos/types.generated.ts'
import type { FrameworkSettings } from './settings.ts'

/** Capabilities of every framework. */
const ownCapabilities = ['MULTI_ROLE', 'PARTITION_AWARE', 'RESERVATION_REFINEMENT'] as const

function frameworkInfoOf(settings: FrameworkSettings): FrameworkInfo {
  const { user, name, roles, hostname, principal, failoverTimeoutMs, capabilities } = settings
  const types = new Set([...ownCapabilities, ...capabilities])
  return {
    user,
    name,
    hostname,
    ...defined({ principal }),
    roles,
    failoverTimeout: failoverTimeoutMs / 1000,
    // Executors survive a restart of their agent.
    checkpoint: true,
    capabilities: Array.from(types, (type) => ({ type })),
  }
}

/** The input of a new run with these settings. */
export function schedulerInputOf(settings: FrameworkSettings): SchedulerInput {
  const { frameworkId, libraries, timeoutMs, journal, offerConstraints, policy } = settings
  return {
    framework: frameworkInfoOf(settings),
    hasLibraries: libraries.length > 0,
    timeoutMs,
    remembersOutcomes: journal !== undefined,
    ...defined({ frameworkId, offerConstraints }),
    policy,
  }
}
