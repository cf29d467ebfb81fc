/**
 * Masters and agents in this process, for people without Mesos. They speak Mesos' v1 HTTP APIs to
 * any framework and start real executor processes in real sandboxes. State is in memory, there is
 * no isolation, and tasks run as the user of this process: clients need the cluster's credentials.
 */
import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { defined } from '../defined.ts'
import { configInvalid } from '../errors.ts'
import { makeLeasedFolder } from '../leases/leased-folder.ts'
import { makeFolders } from '../leases/private-files.ts'
import type { ClusterControl } from './control/cluster-control.ts'
import { openControlServer } from './control/control-server.ts'
import { createControl } from './control/control.ts'
import {
  acceptEveryClient,
  createBasicAuthenticator,
  randomCredential,
} from './http/basic-authentication.ts'
import type { Credential } from './http/basic-authentication.ts'
import type { Site } from './http/listener.ts'
import { readTls } from './http/tls.ts'
import type { TlsMaterial } from './http/tls.ts'
import { webPageRules } from './http/web-pages.ts'
import { createRegistrar } from './master/state/registrar.ts'
import { createNetwork } from './network/network.ts'
import { startAgentNode } from './nodes/agent-node.ts'
import type { ClusterNodes } from './nodes/cluster-nodes.ts'
import { createLeadership } from './nodes/leadership.ts'
import { startMasterNode } from './nodes/master-node.ts'
import type { MasterNode } from './nodes/master-node.ts'
import type { NodePlace } from './nodes/node-place.ts'
import type { LocalAgent, LocalClusterOptions } from './options/cluster-options.ts'
import { startSimulatedAgents } from './simulated/simulated-agents.ts'
import type { SimulatedAgents } from './simulated/simulated-agents.ts'

export interface LocalMaster {
  readonly url: string
}

export interface LocalCluster {
  /** The leading master's address, `http://host:port`. */
  readonly url: string
  readonly workDir: string
  readonly masters: readonly LocalMaster[]
  /** Without simulated agents. */
  readonly agents: readonly LocalAgent[]
  /** Credentials for frameworks and operators: the first given, or random ones of this cluster. */
  readonly credentials: Credential
  /** Commands: faults, recoveries, leadership. */
  readonly control: ClusterControl
  /** Address of the command server, if there is one. */
  readonly controlUrl?: string
  /**
   * Shuts every executor down, waits until their processes ended, frees ports and removes the
   * temporary folder.
   */
  close(): Promise<void>
}

const defaultHost = '127.0.0.1'
const maxAgents = 1000
const maxSimulatedAgents = 10_000
const maxMasters = 9

/**
 * Starts a cluster. Rejects with CONFIG_INVALID for invalid options, and with the system's error if
 * a port is taken.
 */
export async function startLocalCluster(options: LocalClusterOptions = {}): Promise<LocalCluster> {
  const simulatedCount = options.simulatedAgents ?? 0
  const agentCount = options.agents ?? (simulatedCount === 0 ? 1 : 0)
  checkCount('agents', agentCount, 0, maxAgents)
  checkCount('simulatedAgents', simulatedCount, 0, maxSimulatedAgents)
  checkCount('masters', options.masters ?? 1, 1, maxMasters)
  const credentials = credentialsOf(options)
  const tls = options.tls === undefined ? undefined : readTls(options.tls)
  const workDir = prepareWorkDir(options.workDir)
  const place = placeOf(options, workDir, tls, credentials)
  const nodes: ClusterNodes = { place, masters: [], agents: [] }
  const control = createControl(nodes)
  let controlSite: Site | undefined
  let simulated: SimulatedAgents | undefined

  async function close(): Promise<void> {
    await controlSite?.close()
    simulated?.close()
    await Promise.all(nodes.agents.map((agent) => agent.shutDown()))
    await Promise.all(nodes.masters.map((master) => master.close()))
    await Promise.all(nodes.agents.map((agent) => agent.close()))
    if (options.workDir === undefined) await rm(workDir, { recursive: true, force: true })
  }

  try {
    for (let index = 0; index < (options.masters ?? 1); index += 1) {
      nodes.masters.push(await startMasterNode(place, index))
    }
    for (let index = 0; index < agentCount; index += 1) {
      nodes.agents.push(await startAgentNode(place, index))
    }
    simulated = startSimulatedAgents(place.leadership, options, agentCount)
    const { controlPort } = options
    if (controlPort !== undefined)
      controlSite = await openControlServer(control, place, controlPort)
    return {
      get url() {
        return leaderOf(nodes).url
      },
      ...defined({ controlUrl: controlSite?.url }),
      credentials: credentials[0],
      control,
      workDir,
      masters: nodes.masters.map(({ url }) => ({ url })),
      agents: nodes.agents.map(({ local }) => local),
      close: once(close),
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** The leader, or the first master while none leads. */
function leaderOf({ masters, place }: ClusterNodes): MasterNode {
  const leader = masters.find((node) => node === place.leadership.leader) ?? masters[0]
  if (leader === undefined) throw new Error('a cluster has a master')
  return leader
}

function placeOf(
  options: LocalClusterOptions,
  workDir: string,
  tls: TlsMaterial | undefined,
  credentials: readonly Credential[],
): NodePlace {
  return {
    options,
    host: options.host ?? defaultHost,
    workDir,
    tls,
    authenticate: options.open === true ? acceptEveryClient : createBasicAuthenticator(credentials),
    webPages: webPageRules(options),
    network: createNetwork(),
    leadership: createLeadership(),
    registrar: createRegistrar(),
  }
}

function credentialsOf({
  credentials,
  open,
}: LocalClusterOptions): readonly [Credential, ...Credential[]] {
  if (credentials === undefined) return [randomCredential('jarcast-local')]
  const [first, ...others] = credentials
  if (first !== undefined && open !== true) return [first, ...others]
  const message = 'credentials and open exclude each other, and credentials must not be empty'
  throw configInvalid('credentials', message)
}

function checkCount(name: string, count: number, min: number, max: number): void {
  if (Number.isInteger(count) && count >= min && count <= max) return
  throw configInvalid(name, `${name} must be ${min} to ${max}, not ${count}`)
}

function prepareWorkDir(given: string | undefined): string {
  if (given === undefined) return makeLeasedFolder('local')
  const workDir = resolve(given)
  makeFolders(workDir)
  return workDir
}

function once(action: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined
  return () => (result ??= action())
}
