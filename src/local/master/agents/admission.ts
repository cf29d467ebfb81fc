/**
 * Agents register with the master: for the first time, after their connection broke, after the
 * master removed them as unreachable, and with the next master.
 * Source: apache/mesos src/master/master.cpp (registerSlave, reregisterSlave).
 */
import type { AgentLink, AgentReport } from '../../network/links.ts'
import { amountsOf } from '../../resources/resources.ts'
import { nowSeconds } from '../../time/now.ts'
import { unavailabilityOf } from '../maintenance/machines.ts'
import { resendOperations } from '../operations/operation-state.ts'
import type { MasterAgent, MasterState } from '../state/master-state.ts'
import { addReported, compareReported, recoverFrameworks } from './agent-return.ts'

/** Adds an agent, and offers its resources. */
export function admitAgent(master: MasterState, link: AgentLink): MasterAgent {
  const { allocator, registrar } = master
  const id = link.info.id?.value ?? ''
  const total = amountsOf(link.total)
  const unavailability = unavailabilityOf(master, link)
  const agent: MasterAgent = {
    id,
    link,
    get total() {
      return allocator.totalOf(id) ?? total
    },
    registeredAt: nowSeconds(),
    isConnected: true,
    missedPings: 0,
    reregistrationTimer: undefined,
    unavailability,
    get isDeactivated() {
      return registrar.deactivated.has(id)
    },
    get drainInfo() {
      return registrar.draining.get(id)
    },
    drainStartedAt: undefined,
  }
  registrar.unreachable.delete(id)
  registrar.admitted.set(id, link.info)
  master.recoveredAgents.delete(id)
  master.agents.set(id, agent)
  allocator.addAgent(id, { info: link.info, total, unavailability })
  return agent
}

/**
 * Adds an agent that an earlier master admitted, or that was unreachable, with its tasks and
 * executors.
 */
export function readmitAgent(
  master: MasterState,
  link: AgentLink,
  report: AgentReport,
): MasterAgent {
  const id = link.info.id?.value ?? ''
  const isRecovered = master.recoveredAgents.has(id)
  const lost = master.registrar.unreachable.has(id)
    ? 'Unreachable agent re-reregistered'
    : 'Unknown agent reregistered'
  const agent = admitAgent(master, link)
  recoverFrameworks(master, report)
  addReported(master, agent, report, isRecovered ? undefined : lost)
  return agent
}

/** Reconnects an agent that lost only its connection. */
export function reconnectAgent(
  master: MasterState,
  agent: MasterAgent,
  link: AgentLink,
  report: AgentReport,
): void {
  agent.link = link
  agent.isConnected = true
  agent.missedPings = 0
  clearTimeout(agent.reregistrationTimer)
  compareReported(master, agent, report)
  resendOperations(master, agent)
  if (!agent.isDeactivated) master.allocator.setAgentActive(agent.id, true)
}

/** Ends frameworks on the agent that were removed while it was away. */
export function shutDownCompleted(master: MasterState, link: AgentLink, report: AgentReport): void {
  for (const { id } of report.frameworks) {
    if (master.completedIds.has(id?.value ?? '')) link.shutdownFramework(id?.value ?? '')
  }
}
