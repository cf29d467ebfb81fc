/**
 * Takes machines down for maintenance, and up again.
 * Source: apache/mesos docs/maintenance.md; src/master/http.cpp (_startMaintenance,
 * _stopMaintenance).
 */
import type { MachineID } from '../../../mesos/types.generated.ts'
import { badRequest, ok } from '../../http/http.ts'
import type { Answer } from '../../http/http.ts'
import type { MasterState } from '../state/master-state.ts'
import type { Machine } from '../state/registrar.ts'
import { agentsOn, machineKey } from './machines.ts'
import { describeMachine, findMachinesError } from './maintenance-validation.ts'

/**
 * Takes draining machines down. Their agents are removed, and may register again when the machines
 * are up.
 */
export function startMaintenance(
  master: MasterState,
  ids: readonly MachineID[],
  shutDownAgent: (agentId: string, reason: string) => void,
): Answer {
  const error =
    findMachinesError(ids) ?? findModeError(master, ids, 'DRAINING', 'cannot be brought down')
  if (error !== undefined) return badRequest(error)
  for (const machine of machinesOf(master, ids)) {
    machine.mode = 'DOWN'
    for (const { id } of agentsOn(master, machine.id)) {
      shutDownAgent(id, "Operator initiated 'Machine DOWN'")
    }
  }
  return ok
}

/** Ends the maintenance of machines that are down, and removes them from the schedule. */
export function stopMaintenance(master: MasterState, ids: readonly MachineID[]): Answer {
  const error = findMachinesError(ids) ?? findModeError(master, ids, 'DOWN', 'cannot be brought up')
  if (error !== undefined) return badRequest(error)
  const keys = new Set(ids.map(machineKey))
  for (const key of keys) master.registrar.maintenance.machines.delete(key)
  const windows = (master.registrar.maintenance.schedule.windows ?? []).flatMap((window) => {
    const machineIds = (window.machineIds ?? []).filter((id) => !keys.has(machineKey(id)))
    return machineIds.length === 0 ? [] : [{ ...window, machineIds }]
  })
  master.registrar.maintenance.schedule = windows.length === 0 ? {} : { windows }
  return ok
}

function findModeError(
  master: MasterState,
  ids: readonly MachineID[],
  mode: Machine['mode'],
  consequence: string,
): string | undefined {
  for (const id of ids) {
    const isKnown = agentsOn(master, id).length > 0
    const present =
      master.registrar.maintenance.machines.get(machineKey(id))?.mode ??
      (isKnown ? 'UP' : undefined)
    const name = describeMachine(id)
    if (present === undefined) return `${name} is not part of a maintenance schedule`
    if (present !== mode) return `${name} is not in ${mode} mode and ${consequence}`
  }
  return undefined
}

function machinesOf(master: MasterState, ids: readonly MachineID[]): Machine[] {
  return ids.flatMap((id) => master.registrar.maintenance.machines.get(machineKey(id)) ?? [])
}
