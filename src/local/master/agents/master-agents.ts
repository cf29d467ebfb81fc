/**
 * The agents of a master: registers them, pings them, marks them unreachable or gone.
 * Source: apache/mesos src/master/master.cpp (SlaveObserver, exited, markUnreachable, markGone,
 * reregisterSlave, recoveredSlavesTimeout); docs/high-availability-framework-guide.md, "Dealing
 * with Partitioned or Failed Agents".
 */
import { formatDuration } from '../../../mesos/duration.ts'
import type { AgentLink, AgentReport } from '../../network/links.ts'
import { nowTimeInfo } from '../../time/now.ts'
import { startTimer } from '../../time/timers.ts'
import { Draining } from '../maintenance/draining.ts'
import { isDown } from '../maintenance/machines.ts'
import { rescindAgentOffers } from '../offers/offer-book.ts'
import type { MasterAgent, MasterState } from '../state/master-state.ts'
import { admitAgent, readmitAgent, reconnectAgent, shutDownCompleted } from './admission.ts'
import { loseUncheckpointed, loseUnreachable, removeAgent, tellAgentLost } from './agent-removal.ts'

export interface MasterAgentsOptions {
  /** Mesos' `--agent_ping_timeout`. */
  readonly pingTimeoutMs: number
  /** Mesos' `--max_agent_ping_timeouts`. */
  readonly maxPingTimeouts: number
  /** Mesos' `--agent_reregister_timeout`. */
  readonly reregisterTimeoutMs: number
}

const goneMessage = 'Agent has been marked gone'

export class MasterAgents {
  readonly draining: Draining
  readonly #master: MasterState
  readonly #options: MasterAgentsOptions
  readonly #pingTimer: NodeJS.Timeout
  readonly #recoveryTimer: NodeJS.Timeout

  constructor(master: MasterState, options: MasterAgentsOptions) {
    this.#master = master
    this.#options = options
    this.draining = new Draining(master, (agentId) => this.markGone(agentId))
    this.#pingTimer = setInterval(() => this.#ping(), options.pingTimeoutMs)
    this.#recoveryTimer = startTimer(() => this.#giveUpRecovered(), options.reregisterTimeoutMs)
  }

  /** Admits an agent that no master knew. */
  register(link: AgentLink): void {
    if (isDown(this.#master, link)) link.shutDown()
    else this.#master.watch.agentAdded(admitAgent(this.#master, link))
  }

  /** Admits an agent again, with its tasks and executors. */
  reregister(link: AgentLink, report: AgentReport): void {
    const master = this.#master
    const id = link.info.id?.value ?? ''
    if (master.registrar.gone.has(id) || isDown(master, link)) {
      link.shutDown()
      return
    }
    const known = master.agents.get(id)
    if (known === undefined) {
      const agent = readmitAgent(master, link, report)
      this.draining.resume(agent)
      master.watch.agentAdded(agent)
    } else {
      reconnectAgent(master, known, link, report)
      this.draining.resume(known)
    }
    shutDownCompleted(master, link, report)
  }

  /**
   * Starts the timeout for an agent whose connection broke: it must register again in
   * `reregisterTimeoutMs`.
   */
  disconnect(agentId: string): void {
    const agent = this.#master.agents.get(agentId)
    if (agent?.isConnected !== true) return
    agent.isConnected = false
    this.#master.allocator.setAgentActive(agentId, false)
    rescindAgentOffers(this.#master, agentId)
    loseUncheckpointed(this.#master, agent)
    const { reregisterTimeoutMs } = this.#options
    const timeout = formatDuration(reregisterTimeoutMs)
    agent.reregistrationTimer = startTimer(() => {
      const message = `agent did not reregister within ${timeout} after disconnecting`
      this.#markUnreachable(agent, message)
    }, reregisterTimeoutMs)
  }

  /** Resets the count of missed pings. */
  pong(agentId: string): void {
    const agent = this.#master.agents.get(agentId)
    if (agent !== undefined) agent.missedPings = 0
  }

  /** False for an agent that is neither registered nor unreachable. */
  markGone(agentId: string): boolean {
    const { agents, recoveredAgents, registrar } = this.#master
    const agent = agents.get(agentId)
    if (!registrar.admitted.has(agentId) && !registrar.unreachable.has(agentId)) return false
    registrar.admitted.delete(agentId)
    registrar.unreachable.delete(agentId)
    registrar.gone.set(agentId, nowTimeInfo())
    recoveredAgents.delete(agentId)
    this.draining.forget(agentId)
    if (agent === undefined) {
      loseUnreachable(this.#master, agentId, goneMessage)
    } else {
      agent.link.shutDown()
      removeAgent(this.#master, agent, { message: goneMessage, unreachableTime: undefined })
    }
    return true
  }

  /** Ends a registered agent with everything that runs there. It may register again. */
  shutDown(agentId: string, message: string): void {
    const agent = this.#master.agents.get(agentId)
    if (agent === undefined) return
    this.#master.registrar.admitted.delete(agentId)
    agent.link.shutDown()
    removeAgent(this.#master, agent, { message, unreachableTime: undefined })
  }

  close(): void {
    clearInterval(this.#pingTimer)
    clearTimeout(this.#recoveryTimer)
    for (const agent of this.#master.agents.values()) clearTimeout(agent.reregistrationTimer)
  }

  #ping(): void {
    for (const agent of this.#master.agents.values()) {
      if (agent.missedPings >= this.#options.maxPingTimeouts) {
        this.#markUnreachable(agent, 'health check timed out')
      } else {
        agent.missedPings += 1
        agent.link.ping()
      }
    }
    this.draining.settle()
  }

  #markUnreachable(agent: MasterAgent, message: string): void {
    const { registrar } = this.#master
    const unreachableTime = nowTimeInfo()
    registrar.admitted.delete(agent.id)
    registrar.unreachable.set(agent.id, unreachableTime)
    removeAgent(this.#master, agent, { message, unreachableTime })
  }

  /** Marks agents of an earlier master unreachable that did not register again. */
  #giveUpRecovered(): void {
    const { recoveredAgents, registrar } = this.#master
    for (const agentId of recoveredAgents.keys()) {
      recoveredAgents.delete(agentId)
      registrar.admitted.delete(agentId)
      registrar.unreachable.set(agentId, nowTimeInfo())
      tellAgentLost(this.#master, agentId)
    }
  }
}
