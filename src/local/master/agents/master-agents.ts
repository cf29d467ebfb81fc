/**
 * The agents of a master: they register, are asked at intervals whether they live, are given up when they do not
 * answer, come back, and are marked gone.
 * Source: apache/mesos src/master/master.cpp (SlaveObserver, exited, markUnreachable, markGone, reregisterSlave,
 * recoveredSlavesTimeout); docs/high-availability-framework-guide.md, "Dealing with Partitioned or Failed Agents".
 */
import { formatDuration } from '../../../mesos/duration.ts'
import { nowSeconds, nowTimeInfo } from '../../messages/ids.ts'
import type { AgentLink, AgentReport } from '../../network/links.ts'
import { amountsOf } from '../../resources/resources.ts'
import { startTimer } from '../../time/timers.ts'
import { createDraining } from '../maintenance/draining.ts'
import type { Draining } from '../maintenance/draining.ts'
import { isDown, unavailabilityOf } from '../maintenance/machines.ts'
import { rescindAgentOffers } from '../offers/offer-book.ts'
import { resendOperations } from '../operations/operation-state.ts'
import type { MasterAgent, MasterState } from '../state/master-state.ts'
import { loseUncheckpointed, loseUnreachable, removeAgent, tellAgentLost } from './agent-removal.ts'
import { addReported, compareReported, recoverFrameworks } from './agent-return.ts'

export interface MasterAgentsOptions {
  /** Mesos' `--agent_ping_timeout`. */
  readonly pingTimeoutMs: number
  /** Mesos' `--max_agent_ping_timeouts`. */
  readonly maxPingTimeouts: number
  /** Mesos' `--agent_reregister_timeout`. */
  readonly reregisterTimeoutMs: number
}

export interface MasterAgents {
  /** An agent that no master knew. */
  register(link: AgentLink): void
  /** One that was admitted before, with what it has. */
  reregister(link: AgentLink, report: AgentReport): void
  /** The connection to its process broke. */
  disconnect(agentId: string): void
  /** It answered a ping. */
  pong(agentId: string): void
  /** Says whether there is such an agent, registered or not. */
  markGone(agentId: string): boolean
  readonly draining: Draining
  /** Ends a registered agent, and all that runs there; it may register again. */
  shutDown(agentId: string, message: string): void
  close(): void
}

const goneMessage = 'Agent has been marked gone'

export function createMasterAgents(
  master: MasterState,
  { maxPingTimeouts, pingTimeoutMs, reregisterTimeoutMs }: MasterAgentsOptions,
): MasterAgents {
  const { registrar } = master
  const draining = createDraining(master, markGone)
  const pings = setInterval(() => {
    for (const agent of master.agents.values()) pingOrGiveUp(agent)
    draining.settle()
  }, pingTimeoutMs)
  const recoveryTimer = startTimer(giveUpRecovered, reregisterTimeoutMs)

  function pingOrGiveUp(agent: MasterAgent): void {
    if (agent.missedPings >= maxPingTimeouts) {
      markUnreachable(agent, 'health check timed out')
      return
    }
    agent.missedPings += 1
    agent.link.ping()
  }

  function markUnreachable(agent: MasterAgent, message: string): void {
    const unreachableTime = nowTimeInfo()
    registrar.admitted.delete(agent.id)
    registrar.unreachable.set(agent.id, unreachableTime)
    removeAgent(master, agent, { message, unreachableTime })
  }

  /** Admitted by an earlier master, and not seen since this one leads. */
  function giveUpRecovered(): void {
    for (const agentId of master.recoveredAgents.keys()) {
      master.recoveredAgents.delete(agentId)
      registrar.admitted.delete(agentId)
      registrar.unreachable.set(agentId, nowTimeInfo())
      tellAgentLost(master, agentId)
    }
  }

  function giveUpDisconnected(agent: MasterAgent): void {
    const timeout = formatDuration(reregisterTimeoutMs)
    markUnreachable(agent, `agent did not reregister within ${timeout} after disconnecting`)
  }

  function add(link: AgentLink): MasterAgent {
    const id = link.info.id?.value ?? ''
    const total = amountsOf(link.total)
    const unavailability = unavailabilityOf(master, link)
    const now = nowSeconds()
    const agent: MasterAgent = {
      id,
      link,
      get total() {
        return master.allocator.totalOf(id) ?? total
      },
      registeredAt: now,
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
    master.allocator.addAgent(id, { info: link.info, total, unavailability })
    return agent
  }

  /** This master does not have it: it, or a master before, lost it. */
  function readmit(link: AgentLink, report: AgentReport): void {
    const id = link.info.id?.value ?? ''
    const isRecovered = master.recoveredAgents.has(id)
    const lost = registrar.unreachable.has(id)
      ? 'Unreachable agent re-reregistered'
      : 'Unknown agent reregistered'
    const agent = add(link)
    recoverFrameworks(master, report)
    addReported(master, agent, report, isRecovered ? undefined : lost)
    draining.resume(agent)
    master.watch.agentAdded(agent)
  }

  /** Only its connection was lost. */
  function reconnect(agent: MasterAgent, link: AgentLink, report: AgentReport): void {
    agent.link = link
    agent.isConnected = true
    agent.missedPings = 0
    clearTimeout(agent.reregistrationTimer)
    compareReported(master, agent, report)
    resendOperations(master, agent)
    if (!agent.isDeactivated) master.allocator.setAgentActive(agent.id, true)
    draining.resume(agent)
  }

  function markGone(agentId: string): boolean {
    const agent = master.agents.get(agentId)
    if (!registrar.admitted.has(agentId) && !registrar.unreachable.has(agentId)) return false
    registrar.admitted.delete(agentId)
    registrar.unreachable.delete(agentId)
    registrar.gone.set(agentId, nowTimeInfo())
    master.recoveredAgents.delete(agentId)
    draining.forget(agentId)
    if (agent === undefined) {
      loseUnreachable(master, agentId, goneMessage)
    } else {
      agent.link.shutDown()
      removeAgent(master, agent, { message: goneMessage, unreachableTime: undefined })
    }
    return true
  }

  return {
    register(link) {
      if (isDown(master, link)) link.shutDown()
      else master.watch.agentAdded(add(link))
    },
    reregister(link, report) {
      const id = link.info.id?.value ?? ''
      if (registrar.gone.has(id) || isDown(master, link)) {
        link.shutDown()
        return
      }
      const known = master.agents.get(id)
      if (known === undefined) readmit(link, report)
      else reconnect(known, link, report)
      shutDownCompleted(master, link, report)
    },
    disconnect(agentId) {
      const agent = master.agents.get(agentId)
      if (agent?.isConnected !== true) return
      agent.isConnected = false
      master.allocator.setAgentActive(agentId, false)
      rescindAgentOffers(master, agentId)
      loseUncheckpointed(master, agent)
      agent.reregistrationTimer = startTimer(() => giveUpDisconnected(agent), reregisterTimeoutMs)
    },
    pong(agentId) {
      const agent = master.agents.get(agentId)
      if (agent !== undefined) agent.missedPings = 0
    },
    markGone,
    draining,
    shutDown(agentId, message) {
      const agent = master.agents.get(agentId)
      if (agent === undefined) return
      registrar.admitted.delete(agentId)
      agent.link.shutDown()
      removeAgent(master, agent, { message, unreachableTime: undefined })
    },
    close() {
      clearInterval(pings)
      clearTimeout(recoveryTimer)
      for (const agent of master.agents.values()) clearTimeout(agent.reregistrationTimer)
    },
  }
}

function shutDownCompleted(master: MasterState, link: AgentLink, report: AgentReport): void {
  for (const { id } of report.frameworks) {
    if (master.completedIds.has(id?.value ?? '')) link.shutdownFramework(id?.value ?? '')
  }
}
