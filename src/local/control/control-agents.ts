/** The commands on agents. */
import type { Answer } from '../http/http.ts'
import type { AgentNode } from '../nodes/agent-node.ts'
import type { ClusterNodes } from '../nodes/cluster-nodes.ts'
import type { ClusterControl } from './cluster-control.ts'
import { describeAgentNode, findAgentNode, findLeader, refused } from './control-status.ts'
import type { AgentState } from './control-status.ts'

export type AgentControl = Pick<
  ClusterControl,
  | 'killAgent'
  | 'startAgent'
  | 'restartAgent'
  | 'cutAgent'
  | 'healAgent'
  | 'markAgentGone'
  | 'drainAgent'
  | 'reactivateAgent'
  | 'fillDisk'
  | 'freeDisk'
>

export function controlAgents(nodes: ClusterNodes): AgentControl {
  async function change(
    name: string,
    command: (node: AgentNode) => Promise<void> | void,
  ): Promise<AgentState> {
    const node = findAgentNode(nodes, name)
    await command(node)
    return describeAgentNode(node)
  }

  return {
    killAgent: (name) => change(name, kill),
    startAgent: (name) => change(name, start),
    restartAgent: (name) =>
      change(name, async (node) => {
        await kill(node)
        await start(node)
      }),
    cutAgent: (name) => change(name, (node) => node.setCut(true)),
    healAgent: (name) => change(name, (node) => node.setCut(false)),
    markAgentGone: (name) =>
      change(name, (node) => {
        if (findLeader(nodes).master.markGone(node.local.id)) return
        throw refused('state', `${node.name} is gone already, or was never registered`)
      }),
    drainAgent: (name) =>
      change(name, (node) => {
        const agentId = { value: node.local.id }
        assertTaken(findLeader(nodes).master.draining.drain({ agentId }))
      }),
    reactivateAgent: (name) =>
      change(name, (node) =>
        assertTaken(findLeader(nodes).master.draining.reactivate(node.local.id)),
      ),
    fillDisk: (name) => change(name, (node) => node.setDiskFull(true)),
    freeDisk: (name) => change(name, (node) => node.setDiskFull(false)),
  }
}

async function kill(node: AgentNode): Promise<void> {
  if (node.status === 'stopped') throw refused('state', `${node.name} is stopped already`)
  await node.kill()
}

async function start(node: AgentNode): Promise<void> {
  if (node.status !== 'stopped') throw refused('state', `${node.name} runs already`)
  await node.start()
}

function assertTaken({ status, body = '' }: Answer): void {
  if (status !== 200) throw refused('state', body)
}
