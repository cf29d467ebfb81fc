/**
 * Agents that operators deactivate, drain and activate again. Nothing is offered there meanwhile.
 * Source: apache/mesos src/master/http.cpp (drainAgent, deactivateAgent, reactivateAgent); src/master/master.cpp
 * (checkAndTransitionDrainingAgent).
 */
import { defined } from '../../../defined.ts'
import type { DrainConfig, MasterCallDrainAgent } from '../../../mesos/types.generated.ts'
import { badRequest } from '../../http/http.ts'
import type { Answer } from '../../http/http.ts'
import { nowSeconds } from '../../messages/ids.ts'
import { rescindInverseOffers } from '../offers/inverse-offer-book.ts'
import { rescindAgentOffers } from '../offers/offer-book.ts'
import type { MasterAgent, MasterState } from '../state/master-state.ts'
import { machineKey, machineOf } from './machines.ts'
import { describeMachine } from './maintenance-validation.ts'

export interface Draining {
  /** Answers 400 in Mesos' words for an agent that is unknown or part of a maintenance schedule. */
  drain(call: MasterCallDrainAgent): Answer
  deactivate(agentId: string): Answer
  /** Refused while the agent is still being drained. */
  reactivate(agentId: string): Answer
  /** An agent registered again: what was decided about it still holds. */
  resume(agent: MasterAgent): void
  /** Ends the draining of agents on which nothing is left. */
  settle(): void
  forget(agentId: string): void
}

const ok: Answer = { status: 200 }
const nanosecondsPerSecond = 1e9

/** `markGone` as in `MasterAgents`. */
export function createDraining(
  master: MasterState,
  markGone: (agentId: string) => boolean,
): Draining {
  const { allocator, registrar } = master
  const { deactivated, draining } = registrar

  function isKnown(agentId: string): boolean {
    return (
      registrar.admitted.has(agentId) ||
      registrar.unreachable.has(agentId) ||
      master.recoveredAgents.has(agentId)
    )
  }

  function withdraw(agent: MasterAgent): void {
    allocator.setAgentActive(agent.id, false)
    rescindAgentOffers(master, agent.id)
    rescindInverseOffers(master, agent.id)
  }

  function begin(agent: MasterAgent, config: DrainConfig): void {
    agent.drainStartedAt = nowSeconds()
    agent.link.drain(config)
  }

  function findScheduleConflict(agentId: string): string | undefined {
    const agent = master.agents.get(agentId)
    const machine = agent && registrar.maintenance.machines.get(machineKey(machineOf(agent.link)))
    if (machine === undefined) return undefined
    return `Agent ${agentId} is part of a maintenance schedule under ${describeMachine(machine.id)}`
  }

  const self: Draining = {
    drain({ agentId: { value: agentId }, markGone: isLast = false, maxGracePeriod }) {
      const conflict = findScheduleConflict(agentId)
      if (conflict !== undefined) return badRequest(conflict)
      if (!isKnown(agentId)) return badRequest('Unknown agent')
      const { seconds = 0, nanos = 0 } = maxGracePeriod ?? {}
      const nanoseconds = Number(seconds) * nanosecondsPerSecond + nanos
      const config: DrainConfig = {
        markGone: isLast,
        ...defined({ maxGracePeriod: maxGracePeriod && { nanoseconds } }),
      }
      draining.set(agentId, { state: 'DRAINING', config })
      deactivated.add(agentId)
      const agent = master.agents.get(agentId)
      if (agent === undefined) return ok
      withdraw(agent)
      begin(agent, config)
      self.settle()
      return ok
    },
    deactivate(agentId) {
      if (!isKnown(agentId)) return badRequest('Unknown agent')
      deactivated.add(agentId)
      const agent = master.agents.get(agentId)
      if (agent !== undefined) withdraw(agent)
      return ok
    },
    reactivate(agentId) {
      if (!deactivated.has(agentId)) return badRequest('Agent is not deactivated')
      if (draining.get(agentId)?.state === 'DRAINING')
        return badRequest('Agent is still in the DRAINING state')
      self.forget(agentId)
      const agent = master.agents.get(agentId)
      if (agent === undefined)
        return { status: 409, body: 'Agent removed while processing the call' }
      agent.drainStartedAt = undefined
      if (agent.isConnected) allocator.setAgentActive(agentId, true)
      return ok
    },
    resume(agent) {
      if (deactivated.has(agent.id)) withdraw(agent)
      const info = draining.get(agent.id)
      if (info !== undefined) begin(agent, info.config)
    },
    settle() {
      for (const [agentId, info] of draining) {
        if (info.state !== 'DRAINING' || !master.agents.has(agentId)) continue
        if (isInUse(master, agentId)) continue
        if (info.config.markGone === true) markGone(agentId)
        else draining.set(agentId, { ...info, state: 'DRAINED' })
      }
    },
    forget(agentId) {
      draining.delete(agentId)
      deactivated.delete(agentId)
    },
  }
  return self
}

function isInUse({ frameworks }: MasterState, agentId: string): boolean {
  return [...frameworks.values()].some(({ operations, tasks }) =>
    [...tasks.values(), ...operations.values()].some((each) => each.agentId === agentId),
  )
}
