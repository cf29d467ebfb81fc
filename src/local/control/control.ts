/** The commands on a cluster. */
import type { ClusterNodes } from '../nodes/cluster-nodes.ts'
import type { ClusterControl } from './cluster-control.ts'
import { controlAgents } from './control-agents.ts'
import { controlFrameworks } from './control-frameworks.ts'
import { controlMasters, endLeadership } from './control-masters.ts'
import { describeCluster, findLeader, refused } from './control-status.ts'

const maxDelayMs = 3_600_000

export function createControl(nodes: ClusterNodes): ClusterControl {
  return {
    ...controlAgents(nodes),
    ...controlMasters(nodes),
    ...controlFrameworks(nodes),
    status: () => describeCluster(nodes),
    async resign() {
      await endLeadership(nodes)
      return describeCluster(nodes)
    },
    async allocate() {
      findLeader(nodes).master.state.allocator.allocate()
      return Promise.resolve(describeCluster(nodes))
    },
    async setDelay(delayMs) {
      if (!Number.isFinite(delayMs) || delayMs < 0 || delayMs > maxDelayMs) {
        throw refused('value', `delayMs must be 0 to ${maxDelayMs}, not ${delayMs}`)
      }
      nodes.place.network.setDelay(delayMs)
      return Promise.resolve({ delayMs })
    },
  }
}
