/**
 * The maintenance schedule: unavailability of machines, and machines that are down.
 * Source: apache/mesos docs/maintenance.md; src/master/maintenance.cpp, src/master/http.cpp
 * (_updateMaintenanceSchedule, _getMaintenanceStatus).
 */
import type {
  MaintenanceClusterStatus,
  MaintenanceSchedule,
  Unavailability,
} from '../../../mesos/types.generated.ts'
import { badRequest, ok } from '../../http/http.ts'
import type { Answer } from '../../http/http.ts'
import { rescindInverseOffers } from '../offers/inverse-offer-book.ts'
import { rescindAgentOffers } from '../offers/offer-book.ts'
import type { MasterState } from '../state/master-state.ts'
import type { Machine } from '../state/registrar.ts'
import { agentsOn, machineKey } from './machines.ts'
import { findScheduleError } from './maintenance-validation.ts'

/**
 * Replaces the schedule and rescinds offers of the machines' agents. Answers 400 with Mesos' reason
 * for an invalid schedule.
 */
export function updateSchedule(master: MasterState, schedule: MaintenanceSchedule): Answer {
  const { machines } = master.registrar.maintenance
  const down = [...machines.values()].filter(({ mode }) => mode === 'DOWN').map(({ id }) => id)
  const error = findScheduleError(schedule, down)
  if (error !== undefined) return badRequest(error)
  const planned = new Map(
    (schedule.windows ?? []).flatMap(({ machineIds = [], unavailability }) =>
      machineIds.map((id) => [machineKey(id), { id, unavailability }] as const),
    ),
  )
  for (const [key, machine] of machines) {
    if (planned.has(key)) continue
    machine.mode = 'UP'
    setUnavailability(master, machine, undefined)
    machines.delete(key)
  }
  for (const [key, { id, unavailability }] of planned) {
    const machine = machines.get(key) ?? { id, mode: 'UP', unavailability: undefined }
    if (machine.mode === 'UP') machine.mode = 'DRAINING'
    machines.set(key, machine)
    setUnavailability(master, machine, unavailability)
  }
  master.registrar.maintenance.schedule = schedule
  return ok
}

/** The draining machines with the answers of frameworks, and the machines that are down. */
export function getMaintenanceStatus(master: MasterState): MaintenanceClusterStatus {
  const machines = [...master.registrar.maintenance.machines.values()]
  const draining = machines.filter(({ mode }) => mode === 'DRAINING')
  const down = machines.filter(({ mode }) => mode === 'DOWN')
  return {
    ...(draining.length === 0
      ? {}
      : {
          drainingMachines: draining.map((machine) => ({
            id: machine.id,
            ...statusesOf(master, machine),
          })),
        }),
    ...(down.length === 0 ? {} : { downMachines: down.map(({ id }) => id) }),
  }
}

function setUnavailability(
  master: MasterState,
  machine: Machine,
  unavailability: Unavailability | undefined,
): void {
  machine.unavailability = unavailability
  for (const agent of agentsOn(master, machine.id)) {
    agent.unavailability = unavailability
    rescindAgentOffers(master, agent.id)
    rescindInverseOffers(master, agent.id)
    master.allocator.setUnavailability(agent.id, unavailability)
  }
}

function statusesOf(master: MasterState, machine: Machine) {
  const statuses = agentsOn(master, machine.id).flatMap((agent) =>
    [...master.allocator.inverseResponses(agent.id)].map(([frameworkId, { atMs, status }]) => ({
      status,
      frameworkId: { value: frameworkId },
      timestamp: { nanoseconds: `${Math.round(atMs)}000000` },
    })),
  )
  return statuses.length === 0 ? {} : { statuses }
}
