/** The machines of a cluster. */
import type { AgentNode } from './agent/agent-node.ts'
import type { MasterNode } from './master/master-node.ts'
import type { NodePlace } from './node-place.ts'

export interface ClusterNodes {
  readonly place: NodePlace
  readonly masters: MasterNode[]
  readonly agents: AgentNode[]
}
