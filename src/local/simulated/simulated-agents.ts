/** Many simulated agents. They share equal data. */
import type { LeadingMaster, MasterLink } from '../network/links.ts'
import type { Leadership } from '../nodes/leadership.ts'
import { resourcesOf } from '../options/agent-resources.ts'
import { attributesOf } from '../options/cluster-options.ts'
import type { LocalClusterOptions } from '../options/cluster-options.ts'
import { SimulatedAgent } from './simulated-agent.ts'

export interface SimulatedAgents {
  close(): void
}

/** Port of an agent, unused. */
const nominalPort = 5051
const defaultTaskMs = 1000

/**
 * Registers `options.simulatedAgents` agents, with ids from `firstIndex`. They follow the leading
 * master.
 */
export function startSimulatedAgents(
  leadership: Leadership,
  options: LocalClusterOptions,
  firstIndex: number,
): SimulatedAgents {
  const resources = resourcesOf(options.agentResources ?? {})
  const attributes = attributesOf(options.attributes ?? {})
  let leader: LeadingMaster | undefined
  const settings = {
    master: linkTo(() => leader),
    taskMs: options.simulatedTaskMs ?? defaultTaskMs,
    updateRetryMs: options.updateRetryMs ?? 10_000,
  }
  const agents = Array.from({ length: options.simulatedAgents ?? 0 }, (_, index) => {
    const hostname = `simulated-${index + 1}`
    const info = {
      id: { value: `${leadership.leader?.info.id}-S${firstIndex + index}` },
      hostname,
      port: nominalPort,
      resources,
      ...(attributes.length === 0 ? {} : { attributes }),
    }
    const address = { hostname, port: nominalPort }
    return new SimulatedAgent(info, { scheme: 'http', address, path: '/slave(1)' }, settings)
  })
  let isAdmitted = false
  leadership.follow((next) => {
    leader = next
    if (next === undefined) return
    for (const agent of agents) {
      if (isAdmitted) agent.reregister(next)
      else next.addAgent(agent)
    }
    isAdmitted = true
  })
  return {
    close() {
      for (const agent of agents) agent.close()
    },
  }
}

/** Calls without a leader are lost; updates are sent again later. */
function linkTo(leaderOf: () => LeadingMaster | undefined): MasterLink {
  return {
    updateStatus: (...args) => leaderOf()?.updateStatus(...args),
    updateOperation: (...args) => leaderOf()?.updateOperation(...args),
    reportExecutorExit: (...args) => leaderOf()?.reportExecutorExit(...args),
    sendMessage: (...args) => leaderOf()?.sendMessage(...args),
    pong: (agentId) => leaderOf()?.pong(agentId),
  }
}
