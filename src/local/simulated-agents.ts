/** Many simulated agents at once. They share what is equal among them. */
import { attributesOf, resourcesOf, type LocalClusterOptions } from './cluster-options.ts'
import type { Master } from './master.ts'
import { SimulatedAgent } from './simulated-agent.ts'

export interface SimulatedAgents {
  close(): void
}

/** Where an agent would listen; nobody does. */
const NOMINAL_PORT = 5051
const DEFAULT_TASK_MS = 1000

/** Registers `options.simulatedAgents` agents, the first with the id that follows `firstIndex - 1` real ones. */
export function startSimulatedAgents(
  master: Master,
  options: LocalClusterOptions,
  firstIndex: number,
): SimulatedAgents {
  const resources = resourcesOf(options.agentResources ?? {})
  const attributes = attributesOf(options.attributes ?? {})
  const settings = {
    master,
    taskMs: options.simulatedTaskMs ?? DEFAULT_TASK_MS,
    updateRetryMs: options.updateRetryMs ?? 10_000,
  }
  const agents = Array.from({ length: options.simulatedAgents ?? 0 }, (_, index) => {
    const hostname = `simulated-${index + 1}`
    const info = {
      id: { value: `${master.state.id}-S${firstIndex + index}` },
      hostname,
      port: NOMINAL_PORT,
      resources,
      ...(attributes.length === 0 ? {} : { attributes }),
    }
    const address = { hostname, port: NOMINAL_PORT }
    return new SimulatedAgent(info, { scheme: 'http', address, path: '/slave(1)' }, settings)
  })
  for (const agent of agents) master.addAgent(agent)
  return {
    close() {
      for (const agent of agents) agent.close()
    },
  }
}
