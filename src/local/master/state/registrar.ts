/**
 * What masters keep where the next one finds it: which agents were admitted, which of them are
 * unreachable or gone, and which machines are to be maintained.
 * Source: apache/mesos docs/replicated-log-internals.md; src/master/registry.proto.
 */
import type {
  AgentInfo,
  DrainInfo,
  MachineID,
  MaintenanceSchedule,
  TimeInfo,
  Unavailability,
} from '../../../mesos/types.generated.ts'

/** By agent id; an agent is in one of the first three. */
export interface Registrar {
  readonly admitted: Map<string, AgentInfo>
  /** Since when. */
  readonly unreachable: Map<string, TimeInfo>
  /** Since when. */
  readonly gone: Map<string, TimeInfo>
  /** Agents on which nothing is offered, among them those that are drained. */
  readonly deactivated: Set<string>
  readonly draining: Map<string, DrainInfo>
  readonly maintenance: Maintenance
}

export interface Maintenance {
  schedule: MaintenanceSchedule
  /** Those that the schedule names, by hostname and address. */
  readonly machines: Map<string, Machine>
}

export interface Machine {
  readonly id: MachineID
  mode: 'UP' | 'DRAINING' | 'DOWN'
  unavailability: Unavailability | undefined
}

/** One for all masters of a cluster, as their replicated log is. */
export function createRegistrar(): Registrar {
  return {
    admitted: new Map(),
    unreachable: new Map(),
    gone: new Map(),
    deactivated: new Set(),
    draining: new Map(),
    maintenance: { schedule: {}, machines: new Map() },
  }
}
