/**
 * One master and some agents in this process, for people with no Mesos at hand. They speak Mesos' v1 HTTP APIs to any
 * framework and start real executor processes in real sandboxes. State is in memory only, there is no isolation, and
 * tasks run as the user who runs the cluster: listen on loopback unless you trust the network.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { JarcastError } from '../errors.ts'
import { startAgentNode, type AgentNode } from './agent-node.ts'
import type { LocalAgent, LocalClusterOptions } from './cluster-options.ts'
import { startMasterNode, type MasterNode } from './master-node.ts'
import { startSimulatedAgents, type SimulatedAgents } from './simulated-agents.ts'
import { readTls } from './tls.ts'

export interface LocalCluster {
  /** The master's address, `http://host:port`. */
  readonly url: string
  readonly workDir: string
  /** Without the simulated ones. */
  readonly agents: readonly LocalAgent[]
  /** Shuts every executor down, waits until no process of theirs lives, frees ports and the temporary folder. */
  close(): Promise<void>
}

const DEFAULT_HOST = '127.0.0.1'
const MAX_AGENTS = 1000
const MAX_SIMULATED_AGENTS = 10_000

/** Starts a cluster. Rejects with CONFIG_INVALID for bad options, and with the system's error when a port is taken. */
export async function startLocalCluster(options: LocalClusterOptions = {}): Promise<LocalCluster> {
  const simulatedCount = options.simulatedAgents ?? 0
  const agentCount = options.agents ?? (simulatedCount === 0 ? 1 : 0)
  assertCount('agents', agentCount, MAX_AGENTS)
  assertCount('simulatedAgents', simulatedCount, MAX_SIMULATED_AGENTS)
  const tls = options.tls === undefined ? undefined : readTls(options.tls)
  const workDir = await prepareWorkDir(options.workDir)
  const place = { options, host: options.host ?? DEFAULT_HOST, workDir, tls }
  const started: { master?: MasterNode; agents: AgentNode[]; simulated?: SimulatedAgents } = {
    agents: [],
  }

  async function close(): Promise<void> {
    started.simulated?.close()
    await Promise.all(started.agents.map((agent) => agent.shutDown()))
    await started.master?.close()
    await Promise.all(started.agents.map((agent) => agent.close()))
    if (options.workDir === undefined) await rm(workDir, { recursive: true, force: true })
  }

  try {
    const node = await startMasterNode(place)
    started.master = node
    for (let index = 0; index < agentCount; index += 1) {
      started.agents.push(await startAgentNode({ ...place, index, master: node.master }))
    }
    started.simulated = startSimulatedAgents(node.master, options, agentCount)
    return {
      url: node.url,
      workDir,
      agents: started.agents.map(({ local }) => local),
      close: once(close),
    }
  } catch (error) {
    await close()
    throw error
  }
}

function assertCount(name: string, count: number, max: number): void {
  if (Number.isInteger(count) && count >= 0 && count <= max) return
  throw new JarcastError('CONFIG_INVALID', `${name} must be 0 to ${max}, not ${count}`)
}

async function prepareWorkDir(given: string | undefined): Promise<string> {
  if (given === undefined) return mkdtemp(path.join(tmpdir(), 'jarcast-local-'))
  const workDir = path.resolve(given)
  await mkdir(workDir, { recursive: true })
  return workDir
}

function once(action: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined
  return () => (result ??= action())
}
