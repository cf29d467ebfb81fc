/** The flags of a Mesos master like this one. */
import { formatDuration } from '../../../mesos/duration.ts'
import type { Master } from '../../master/master.ts'

export function masterFlags({ info, settings }: Master): Record<string, string> {
  return {
    allocation_interval: formatDuration(settings.allocationIntervalMs),
    allocator: 'hierarchical',
    hostname: info.hostname ?? '',
    ip: info.address?.ip ?? '',
    max_completed_frameworks: '50',
    max_completed_tasks_per_framework: '1000',
    max_operator_event_stream_subscribers: '1000',
    min_allocatable_resources: 'cpus:0.01|mem:32',
    port: String(info.port),
    registry: 'in_memory',
  }
}
