/**
 * The registry that masters share: admitted, unreachable and gone agents, and the maintenance
 * schedule.
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

/** Agents by id. An agent is in one of `admitted`, `unreachable` and `gone`. */
export interface Registrar {
  readonly admitted: Map<string, AgentInfo>
  /** Time of the change. */
  readonly unreachable: Map<string, TimeInfo>
  /** Time of the change. */
  readonly gone: Map<string, TimeInfo>
  /** Agents without offers; includes drained ones. */
  readonly deactivated: Set<string>
  readonly draining: Map<string, DrainInfo>
  readonly maintenance: Maintenance
}

export interface Maintenance {
  schedule: MaintenanceSchedule
  /** Machines of the schedule, by hostname and address. */
  readonly machines: Map<string, Machine>
}

export interface Machine {
  readonly id: MachineID
  mode: 'UP' | 'DRAINING' | 'DOWN'
  unavailability: Unavailability | undefined
}

/** Creates the registry of a cluster, in place of Mesos' replicated log. */
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
