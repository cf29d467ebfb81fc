/**
 * Which machine an agent is on: that of its hostname and address. A schedule means it only when it
 * names both.
 * Source: apache/mesos docs/maintenance.md; src/master/machine.hpp.
 */
import { defined } from '../../../defined.ts'
import type { MachineID, Unavailability } from '../../../mesos/types.generated.ts'
import type { AgentLink } from '../../network/links.ts'
import type { MasterAgent, MasterState } from '../state/master-state.ts'

/** When the agent's machine will be unavailable, if that is planned. */
export function unavailabilityOf(
  { registrar }: MasterState,
  agent: AgentLink,
): Unavailability | undefined {
  return registrar.maintenance.machines.get(machineKey(machineOf(agent)))?.unavailability
}

/** May no agent on this machine register. */
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

/** How a machine is found among others. */
export function machineKey({ hostname = '', ip = '' }: MachineID): string {
  return `${hostname.toLowerCase()} ${ip}`
}
