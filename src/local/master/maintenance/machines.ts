/**
 * The machine of an agent: its hostname and address. A schedule must name both.
 * Source: apache/mesos docs/maintenance.md; src/master/machine.hpp.
 */
import { defined } from '../../../defined.ts'
import type { MachineID, Unavailability } from '../../../mesos/types.generated.ts'
import type { AgentLink } from '../../network/links.ts'
import type { MasterAgent, MasterState } from '../state/master-state.ts'

/** The planned unavailability of the agent's machine. */
export function unavailabilityOf(
  { registrar }: MasterState,
  agent: AgentLink,
): Unavailability | undefined {
  return registrar.maintenance.machines.get(machineKey(machineOf(agent)))?.unavailability
}

/** True if agents on this machine may not register. */
export function isDown({ registrar }: MasterState, agent: AgentLink): boolean {
  return registrar.maintenance.machines.get(machineKey(machineOf(agent)))?.mode === 'DOWN'
}

export function agentsOn(master: MasterState, id: MachineID): MasterAgent[] {
  const key = machineKey(id)
  return [...master.agents.values()].filter((agent) => machineKey(machineOf(agent.link)) === key)
}

export function machineOf({ info, url }: AgentLink): MachineID {
  const { ip } = url.address
  return { hostname: info.hostname, ...defined({ ip }) }
}

/** Key of a machine in maps. */
export function machineKey({ hostname = '', ip = '' }: MachineID): string {
  return `${hostname.toLowerCase()} ${ip}`
}
