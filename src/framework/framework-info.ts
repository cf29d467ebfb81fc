/** What the master is told of a framework. Source: mesos.proto, `FrameworkInfo`. */
import type { FrameworkInfo } from '../mesos/types.generated.ts'
import type { FrameworkSettings } from './options.ts'

export function frameworkInfoOf(settings: FrameworkSettings): FrameworkInfo {
  const { user, name, role, hostname, failoverTimeoutMs } = settings
  return {
    user,
    name,
    hostname,
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
