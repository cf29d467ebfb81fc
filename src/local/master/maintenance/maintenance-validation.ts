/**
 * Why Mesos refuses a maintenance schedule, in its words.
 * Source: apache/mesos src/master/maintenance.cpp (validation).
 */
import { isIPv4 } from 'node:net'
import type { MachineID, MaintenanceSchedule } from '../../../mesos/types.generated.ts'

/** `down`: machines that must stay in the schedule. */
export function findScheduleError(
  { windows = [] }: MaintenanceSchedule,
  down: readonly MachineID[],
): string | undefined {
  const seen = new Set<string>()
  for (const { machineIds = [], unavailability } of windows) {
    if (machineIds.length === 0) return 'List of machines in the maintenance window is empty'
    if (Number(unavailability.duration?.nanoseconds ?? 0) < 0) {
      return "Unavailability 'duration' is negative"
    }
    const error = findListError(machineIds, seen)
    if (error !== undefined) return error
  }
  const missing = down.find((id) => !seen.has(describeMachine(id)))
  return (
    missing && `${describeMachine(missing)} is deactivated and cannot be removed from the schedule`
  )
}

export function findMachinesError(ids: readonly MachineID[]): string | undefined {
  return ids.length === 0 ? 'List of machines is empty' : findListError(ids, new Set())
}

/** `Machine '{"hostname":"a","ip":"127.0.0.1"}'`. */
export function describeMachine({ hostname, ip }: MachineID): string {
  return `Machine '${JSON.stringify({ hostname, ip })}'`
}

function findListError(ids: readonly MachineID[], seen: Set<string>): string | undefined {
  for (const id of ids) {
    const { hostname = '', ip = '' } = id
    if (hostname === '' && ip === '') return "Both 'hostname' and 'ip' for a machine are empty"
    if (ip !== '' && !isIPv4(ip)) return `Failed to parse the IP: ${ip}`
    const name = describeMachine(id)
    if (seen.has(name)) return `${name} appears more than once in the schedule`
    seen.add(name)
  }
  return undefined
}
