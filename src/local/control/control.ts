/** What can be done to a cluster by command, as methods: faults, returns, leadership. */
import type { Answer } from '../http/http.ts'
import type { ClusterNodes } from '../nodes/cluster-nodes.ts'
import {
  describeAgentNode,
  describeFrameworkConnection,
  describeMasterNode,
  findAgentNode,
  findConnection,
  findMasterNode,
  refused,
} from './control-status.ts'
import type {
  AgentState,
  ClusterStatus,
  FrameworkState,
  MasterState,
  NetworkState,
} from './control-status.ts'

/**
 * Agents are named `agent-1` and so on, masters `master-0` and so on, or by their ids; frameworks by their ids. Every
 * method throws COMMAND_REFUSED for a name that is none (`details.reason` is `unknown`), and for what cannot be done now
 * (`state`). What is given back is how things stand then; recoveries and elections may still be under way.
 */
export interface ClusterControl {
  status(): ClusterStatus
  /** As SIGKILL to the agent's process: its executors live on. */
  killAgent(name: string): Promise<AgentState>
  startAgent(name: string): Promise<AgentState>
  restartAgent(name: string): Promise<AgentState>
  /** Nothing passes between agent and masters. */
  cutAgent(name: string): Promise<AgentState>
  healAgent(name: string): Promise<AgentState>
  /** The leading master gives it up for good, and ends what runs there. */
  markAgentGone(name: string): Promise<AgentState>
  /** The leading master offers nothing there, and its tasks are killed, as by the operator call DRAIN_AGENT. */
  drainAgent(name: string): Promise<AgentState>
  /** Ends the draining, once all tasks are over. */
  reactivateAgent(name: string): Promise<AgentState>
  /** From now on nothing can be fetched, and no sandbox be made. */
  fillDisk(name: string): Promise<AgentState>
  freeDisk(name: string): Promise<AgentState>
  /** As SIGKILL to the master's process. */
  killMaster(name: string): Promise<MasterState>
  startMaster(name: string): Promise<MasterState>
  restartMaster(name: string): Promise<MasterState>
  /** The leader ends and starts again as a follower, as Mesos masters do; this one leads. */
  leadMaster(name: string): Promise<MasterState>
  /** Nobody leads until somebody is told to. */
  resign(): Promise<ClusterStatus>
  /** Nothing passes between the framework and the master, and neither notices. */
  cutFramework(id: string): Promise<FrameworkState>
  healFramework(id: string): Promise<FrameworkState>
  /** Its event stream is reset, once. */
  disconnectFramework(id: string): Promise<FrameworkState>
  /** The leading master offers what is free, whatever its allocation interval. */
  allocate(): Promise<ClusterStatus>
  /** How long everything takes between schedulers, masters, agents and executors, one way. */
  setDelay(delayMs: number): Promise<NetworkState>
}

function assertTaken({ status, body = '' }: Answer): void {
  if (status !== 200) throw refused('state', body)
}

const maxDelayMs = 3_600_000

export function createControl(nodes: ClusterNodes): ClusterControl {
  const { leadership, network } = nodes.place

  function status(): ClusterStatus {
    return {
      masters: nodes.masters.map((node) => describeMasterNode(nodes, node)),
      agents: nodes.agents.map(describeAgentNode),
      frameworks: describeFrameworkConnection(nodes),
      network: { delayMs: network.delayMs },
    }
  }

  function leading(): ReturnType<typeof findMasterNode> {
    const leader = nodes.masters.find((node) => node === leadership.leader)
    if (leader === undefined) throw refused('state', 'No master leads')
    return leader
  }

  async function changeAgent(
    name: string,
    change: (node: ReturnType<typeof findAgentNode>) => Promise<void> | void,
  ): Promise<AgentState> {
    const node = findAgentNode(nodes, name)
    await change(node)
    return describeAgentNode(node)
  }

  async function killAgent(node: ReturnType<typeof findAgentNode>): Promise<void> {
    if (node.status === 'stopped') throw refused('state', `${node.name} is stopped already`)
    await node.kill()
  }

  async function startAgent(node: ReturnType<typeof findAgentNode>): Promise<void> {
    if (node.status !== 'stopped') throw refused('state', `${node.name} runs already`)
    await node.start()
  }

  async function changeMaster(
    name: string,
    change: (node: ReturnType<typeof findMasterNode>) => Promise<void>,
  ): Promise<MasterState> {
    const node = findMasterNode(nodes, name)
    await change(node)
    return describeMasterNode(nodes, node)
  }

  async function killMaster(node: ReturnType<typeof findMasterNode>): Promise<void> {
    if (!node.isRunning) throw refused('state', `${node.name} is stopped already`)
    await node.kill()
  }

  async function startMaster(node: ReturnType<typeof findMasterNode>): Promise<void> {
    if (node.isRunning) throw refused('state', `${node.name} runs already`)
    await node.start()
  }

  /** A master that loses leadership ends; its supervisor starts it again. */
  async function depose(): Promise<void> {
    const leader = nodes.masters.find((node) => node === leadership.leader)
    await leader?.kill()
    await leader?.start()
  }

  async function lead(node: ReturnType<typeof findMasterNode>): Promise<void> {
    if (!node.isRunning) throw refused('state', `${node.name} is stopped: start it first`)
    if (node === leadership.leader) return
    leadership.prefer(node)
    leadership.setSuspended(false)
    if (leadership.leader !== node) await depose()
  }

  async function changeFramework(
    id: string,
    change: (stream: ReturnType<typeof findConnection>) => void,
  ): Promise<FrameworkState> {
    change(findConnection(nodes, id))
    const state = describeFrameworkConnection(nodes).find((framework) => framework.id === id)
    if (state === undefined) throw refused('unknown', `There is no framework ${id} any more`)
    return Promise.resolve(state)
  }

  return {
    status,
    killAgent: (name) => changeAgent(name, killAgent),
    startAgent: (name) => changeAgent(name, startAgent),
    restartAgent: (name) =>
      changeAgent(name, async (node) => {
        await killAgent(node)
        await startAgent(node)
      }),
    cutAgent: (name) => changeAgent(name, (node) => node.setCut(true)),
    healAgent: (name) => changeAgent(name, (node) => node.setCut(false)),
    markAgentGone: (name) =>
      changeAgent(name, (node) => {
        if (leading().master.markGone(node.local.id)) return
        throw refused('state', `${node.name} is gone already, or was never registered`)
      }),
    drainAgent: (name) =>
      changeAgent(name, (node) => {
        const agentId = { value: node.local.id }
        assertTaken(leading().master.draining.drain({ agentId }))
      }),
    reactivateAgent: (name) =>
      changeAgent(name, (node) => assertTaken(leading().master.draining.reactivate(node.local.id))),
    fillDisk: (name) => changeAgent(name, (node) => node.setDiskFull(true)),
    freeDisk: (name) => changeAgent(name, (node) => node.setDiskFull(false)),
    killMaster: (name) => changeMaster(name, killMaster),
    startMaster: (name) => changeMaster(name, startMaster),
    restartMaster: (name) =>
      changeMaster(name, async (node) => {
        await killMaster(node)
        await startMaster(node)
      }),
    leadMaster: (name) => changeMaster(name, lead),
    async resign() {
      leadership.setSuspended(true)
      await depose()
      return status()
    },
    cutFramework: (id) =>
      changeFramework(id, (stream) => {
        network.setFrameworkCut(id, true)
        stream?.setCut(true)
      }),
    healFramework: (id) =>
      changeFramework(id, (stream) => {
        network.setFrameworkCut(id, false)
        stream?.setCut(false)
      }),
    disconnectFramework: (id) =>
      changeFramework(id, (stream) => {
        if (stream === undefined) throw refused('state', `Framework ${id} is not connected`)
        stream.destroy()
      }),
    async allocate() {
      leading().master.state.allocator.allocate()
      return Promise.resolve(status())
    },
    async setDelay(delayMs) {
      if (!Number.isFinite(delayMs) || delayMs < 0 || delayMs > maxDelayMs) {
        throw refused('value', `delayMs must be 0 to ${maxDelayMs}, not ${delayMs}`)
      }
      network.setDelay(delayMs)
      return Promise.resolve({ delayMs })
    },
  }
}
