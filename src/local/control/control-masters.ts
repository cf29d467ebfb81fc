/** The commands on masters and their leadership. */
import type { ClusterNodes } from '../nodes/cluster-nodes.ts'
import type { MasterNode } from '../nodes/master-node.ts'
import type { ClusterControl } from './cluster-control.ts'
import { describeMasterNode, findMasterNode, refused } from './control-status.ts'
import type { MasterState } from './control-status.ts'

export type MasterControl = Pick<
  ClusterControl,
  'killMaster' | 'startMaster' | 'restartMaster' | 'leadMaster'
>

export function controlMasters(nodes: ClusterNodes): MasterControl {
  async function change(
    name: string,
    command: (node: MasterNode) => Promise<void>,
  ): Promise<MasterState> {
    const node = findMasterNode(nodes, name)
    await command(node)
    return describeMasterNode(nodes, node)
  }

  return {
    killMaster: (name) => change(name, kill),
    startMaster: (name) => change(name, start),
    restartMaster: (name) =>
      change(name, async (node) => {
        await kill(node)
        await start(node)
      }),
    leadMaster: (name) => change(name, (node) => lead(nodes, node)),
  }
}

/** Suspends leadership. The leader ends and starts again. */
export async function endLeadership(nodes: ClusterNodes): Promise<void> {
  nodes.place.leadership.setSuspended(true)
  await restartLeader(nodes)
}

async function kill(node: MasterNode): Promise<void> {
  if (!node.isRunning) throw refused('state', `${node.name} is stopped already`)
  await node.kill()
}

async function start(node: MasterNode): Promise<void> {
  if (node.isRunning) throw refused('state', `${node.name} runs already`)
  await node.start()
}

async function lead(nodes: ClusterNodes, node: MasterNode): Promise<void> {
  const { leadership } = nodes.place
  if (!node.isRunning) throw refused('state', `${node.name} is stopped: start it first`)
  if (node === leadership.leader) return
  leadership.prefer(node)
  leadership.setSuspended(false)
  if (leadership.leader !== node) await restartLeader(nodes)
}

/** A Mesos master that loses leadership ends, and its supervisor starts it again. */
async function restartLeader({ masters, place }: ClusterNodes): Promise<void> {
  const leader = masters.find((node) => node === place.leadership.leader)
  await leader?.kill()
  await leader?.start()
}
