/** The machines of a cluster. */
import type { AgentNode } from './agent-node.ts'
import type { MasterNode } from './master-node.ts'
import type { NodePlace } from './node-place.ts'

export interface ClusterNodes {
  readonly place: NodePlace
  readonly masters: MasterNode[]
  readonly agents: AgentNode[]
}
