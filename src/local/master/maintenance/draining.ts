/**
 * Agents that operators deactivate, drain and activate again. Nothing is offered there meanwhile.
 * Source: apache/mesos src/master/http.cpp (drainAgent, deactivateAgent, reactivateAgent);
 * src/master/master.cpp (checkAndTransitionDrainingAgent).
 */
import { defined } from '../../../defined.ts'
import type { DrainConfig, MasterCallDrainAgent } from '../../../mesos/types.generated.ts'
import { badRequest, ok } from '../../http/http.ts'
import type { Answer } from '../../http/http.ts'
import { nowSeconds } from '../../time/now.ts'
import { rescindInverseOffers } from '../offers/inverse-offer-book.ts'
import { rescindAgentOffers } from '../offers/offer-book.ts'
import type { MasterAgent, MasterState } from '../state/master-state.ts'
import { machineKey, machineOf } from './machines.ts'
import { describeMachine } from './maintenance-validation.ts'

const nanosecondsPerSecond = 1e9

export class Draining {
  readonly #master: MasterState
  readonly #markGone: (agentId: string) => boolean

  /** `markGone`: see `MasterAgents`. */
  constructor(master: MasterState, markGone: (agentId: string) => boolean) {
    this.#master = master
    this.#markGone = markGone
  }

  /**
   * Kills the tasks of an agent. Answers 400 in Mesos' words if it is unknown or in a maintenance
   * schedule.
   */
  drain(call: MasterCallDrainAgent): Answer {
    const agentId = call.agentId.value
    const conflict = this.#findScheduleConflict(agentId)
    if (conflict !== undefined) return badRequest(conflict)
    if (!this.#isKnown(agentId)) return badRequest('Unknown agent')
    const config = configOf(call)
    const { deactivated, draining } = this.#master.registrar
    draining.set(agentId, { state: 'DRAINING', config })
    deactivated.add(agentId)
    const agent = this.#master.agents.get(agentId)
    if (agent === undefined) return ok
    this.#withdrawOffers(agent)
    beginDraining(agent, config)
    this.settle()
    return ok
  }

  deactivate(agentId: string): Answer {
    if (!this.#isKnown(agentId)) return badRequest('Unknown agent')
    this.#master.registrar.deactivated.add(agentId)
    const agent = this.#master.agents.get(agentId)
    if (agent !== undefined) this.#withdrawOffers(agent)
    return ok
  }

  /** Answers 400 while the agent is being drained. */
  reactivate(agentId: string): Answer {
    const { deactivated, draining } = this.#master.registrar
    if (!deactivated.has(agentId)) return badRequest('Agent is not deactivated')
    if (draining.get(agentId)?.state === 'DRAINING')
      return badRequest('Agent is still in the DRAINING state')
    this.forget(agentId)
    const agent = this.#master.agents.get(agentId)
    if (agent === undefined) return { status: 409, body: 'Agent removed while processing the call' }
    agent.drainStartedAt = undefined
    if (agent.isConnected) this.#master.allocator.setAgentActive(agentId, true)
    return ok
  }

  /** Deactivates or drains an agent that registered again, as decided before. */
  resume(agent: MasterAgent): void {
    const { deactivated, draining } = this.#master.registrar
    if (deactivated.has(agent.id)) this.#withdrawOffers(agent)
    const info = draining.get(agent.id)
    if (info !== undefined) beginDraining(agent, info.config)
  }

  /** Ends the draining of agents without tasks and operations. */
  settle(): void {
    const { agents, registrar } = this.#master
    for (const [agentId, info] of registrar.draining) {
      if (info.state !== 'DRAINING' || !agents.has(agentId)) continue
      if (isInUse(this.#master, agentId)) continue
      if (info.config.markGone === true) this.#markGone(agentId)
      else registrar.draining.set(agentId, { ...info, state: 'DRAINED' })
    }
  }

  forget(agentId: string): void {
    this.#master.registrar.draining.delete(agentId)
    this.#master.registrar.deactivated.delete(agentId)
  }

  #isKnown(agentId: string): boolean {
    const { recoveredAgents, registrar } = this.#master
    return [registrar.admitted, registrar.unreachable, recoveredAgents].some((agents) =>
      agents.has(agentId),
    )
  }

  #withdrawOffers(agent: MasterAgent): void {
    this.#master.allocator.setAgentActive(agent.id, false)
    rescindAgentOffers(this.#master, agent.id)
    rescindInverseOffers(this.#master, agent.id)
  }

  #findScheduleConflict(agentId: string): string | undefined {
    const agent = this.#master.agents.get(agentId)
    const { machines } = this.#master.registrar.maintenance
    const machine = agent && machines.get(machineKey(machineOf(agent.link)))
    if (machine === undefined) return undefined
    return `Agent ${agentId} is part of a maintenance schedule under ${describeMachine(machine.id)}`
  }
}

function configOf({ markGone = false, maxGracePeriod }: MasterCallDrainAgent): DrainConfig {
  const { seconds = 0, nanos = 0 } = maxGracePeriod ?? {}
  const nanoseconds = Number(seconds) * nanosecondsPerSecond + nanos
  return { markGone, ...defined({ maxGracePeriod: maxGracePeriod && { nanoseconds } }) }
}

function beginDraining(agent: MasterAgent, config: DrainConfig): void {
  agent.drainStartedAt = nowSeconds()
  agent.link.drain(config)
}

function isInUse({ frameworks }: MasterState, agentId: string): boolean {
  return [...frameworks.values()].some(({ operations, tasks }) =>
    [...tasks.values(), ...operations.values()].some((each) => each.agentId === agentId),
  )
}
