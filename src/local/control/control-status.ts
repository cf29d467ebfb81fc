/** The state of a cluster, and the nodes and connections that commands name. */
import { JarcastError } from '../../errors.ts'
import type { Framework } from '../master/state/master-state.ts'
import type { AgentNode, AgentStatus } from '../nodes/agent-node.ts'
import type { ClusterNodes } from '../nodes/cluster-nodes.ts'
import type { MasterNode } from '../nodes/master-node.ts'

export interface ClusterStatus {
  readonly masters: readonly MasterState[]
  readonly agents: readonly AgentState[]
  readonly frameworks: readonly FrameworkState[]
  readonly network: NetworkState
}

export interface MasterState {
  readonly name: string
  readonly url: string
  readonly state: 'leading' | 'following' | 'stopped'
}

export interface AgentState {
  readonly name: string
  readonly id: string
  readonly url: string
  readonly state: AgentStatus
  readonly isCut: boolean
  readonly isDiskFull: boolean
}

export interface FrameworkState {
  readonly id: string
  readonly name: string
  readonly isConnected: boolean
  readonly isCut: boolean
}

export interface NetworkState {
  readonly delayMs: number
}

/** Why a command is refused: unknown name, impossible in this state, or a value out of bounds. */
export type Refusal = 'unknown' | 'state' | 'value'

export function refused(reason: Refusal, message: string): JarcastError {
  return new JarcastError('COMMAND_REFUSED', message, { details: { reason } })
}

export function describeCluster(nodes: ClusterNodes): ClusterStatus {
  return {
    masters: nodes.masters.map((node) => describeMasterNode(nodes, node)),
    agents: nodes.agents.map(describeAgentNode),
    frameworks: describeFrameworkConnection(nodes),
    network: { delayMs: nodes.place.network.delayMs },
  }
}

export function describeMasterNode({ place }: ClusterNodes, node: MasterNode): MasterState {
  const { isRunning, name, url } = node
  if (!isRunning) return { name, url, state: 'stopped' }
  return { name, url, state: place.leadership.leader === node ? 'leading' : 'following' }
}

export function describeAgentNode(node: AgentNode): AgentState {
  const { isCut, isDiskFull, local, name, status } = node
  return { name, id: local.id, url: local.url, state: status, isCut, isDiskFull }
}

/** The connections of the frameworks on the leading master. */
export function describeFrameworkConnection(nodes: ClusterNodes): FrameworkState[] {
  return frameworksOf(nodes).map(({ id, info, stream }) => ({
    id,
    name: info.name,
    isConnected: stream !== undefined,
    isCut: nodes.place.network.isFrameworkCut(id),
  }))
}

export function findAgentNode({ agents }: ClusterNodes, name: string): AgentNode {
  const node = agents.find(({ local, name: own }) => own === name || local.id === name)
  if (node !== undefined) return node
  throw refused('unknown', `There is no agent ${name}; there are ${listNames(agents)}`)
}

/** `0` is short for `master-0`. */
export function findMasterNode({ masters }: ClusterNodes, name: string): MasterNode {
  const node = masters.find(({ index, name: own }) => own === name || String(index) === name)
  if (node !== undefined) return node
  throw refused('unknown', `There is no master ${name}; there are ${listNames(masters)}`)
}

/** Throws COMMAND_REFUSED (`state`) if no master leads. */
export function findLeader({ masters, place }: ClusterNodes): MasterNode {
  const leader = masters.find((node) => node === place.leadership.leader)
  if (leader === undefined)
    throw refused('state', 'No master leads: start one, or choose one with lead')
  return leader
}

/** The event stream of a framework; undefined while it is away. */
export function findConnection(nodes: ClusterNodes, id: string): Framework['stream'] {
  const framework = frameworksOf(nodes).find((each) => each.id === id)
  if (framework !== undefined) return framework.stream
  throw refused('unknown', `The leading master knows no framework ${id}`)
}

function frameworksOf({ masters, place }: ClusterNodes): Framework[] {
  const leader = masters.find((node) => node === place.leadership.leader)
  return [...(leader?.master.state.frameworks.values() ?? [])]
}

function listNames(nodes: readonly { readonly name: string }[]): string {
  return nodes.length === 0 ? 'none' : nodes.map(({ name }) => name).join(', ')
}
