/**
 * One master and some agents in this process, for people with no Mesos at hand. They speak Mesos' v1 HTTP APIs to any
 * framework and start real executor processes in real sandboxes. State is in memory only, there is no authentication
 * and no isolation, and tasks run as the user who runs the cluster: listen on loopback unless you trust the network.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { JarcastError } from '../errors.ts'
import type { Attribute, MasterInfo, Resource } from '../mesos/types.generated.ts'
import { createAgent, type Agent } from './agent.ts'
import { answerExecutor } from './executor-endpoint.ts'
import { createFetcher } from './fetcher.ts'
import { createFetcherCache } from './fetcher-cache.ts'
import { writeAnswer } from './http.ts'
import { createLauncher } from './launcher.ts'
import { closeServer, listen, pathOf, serve, type Listener } from './listener.ts'
import { createMaster, type Master } from './master.ts'
import { answerOperator } from './operator-endpoint.ts'
import { answerScheduler } from './scheduler-endpoint.ts'
import { answerAgentView, answerMasterView, MESOS_VERSION } from './views.ts'

export interface AgentResources {
  /** Default 2. */
  readonly cpus?: number
  /** Default 4096. */
  readonly memMb?: number
  /** Default 10,000. */
  readonly diskMb?: number
  /** First and last port, inclusive. Default 31,000 to 32,000. */
  readonly ports?: readonly [number, number]
}

export interface LocalAgent {
  readonly id: string
  readonly hostname: string
  readonly url: string
  /** Sandboxes are below it, as Mesos lays them out: `slaves/ID/frameworks/ID/executors/ID/runs/latest`. */
  readonly workDir: string
}

export interface LocalClusterOptions {
  /** How many agents. Default 1. */
  readonly agents?: number
  /** The address that master and agents listen on and tell to others. Default 127.0.0.1. */
  readonly host?: string
  /** The master's port. Default 0: any free one. The agents' ports are always free ones. */
  readonly port?: number
  /** Default: a temporary folder, removed on close. A given folder is made when missing, and kept. */
  readonly workDir?: string
  /** What each agent offers. */
  readonly agentResources?: AgentResources
  /** Text attributes that each agent has. Default none. */
  readonly attributes?: Readonly<Record<string, string>>
  /** Default agent-1, agent-2 and so on. */
  readonly hostnames?: readonly string[]
  /** Variables given to every executor; those of the framework win. Default none but PATH. */
  readonly executorEnvironment?:
    Readonly<Record<string, string>> | ((agent: LocalAgent) => Readonly<Record<string, string>>)
  /** Default 1000. */
  readonly allocationIntervalMs?: number
  /** Default 15. */
  readonly heartbeatIntervalSeconds?: number
  /** First wait before an unacknowledged update is sent again; doubles up to sixty times it. Default 10,000. */
  readonly updateRetryMs?: number
  /** Default 60,000. */
  readonly executorRegistrationTimeoutMs?: number
  /** What an executor has to end after SHUTDOWN, unless its ExecutorInfo says otherwise. Default 5000. */
  readonly shutdownGraceMs?: number
  /**
   * What the master says it can do. Default what a 1.12.0 master says. Leave `QUOTA_V2` out for clients with an older
   * list of these that read JSON, such as mesos-go 0.0.11: they refuse names they do not know.
   */
  readonly masterCapabilities?: readonly MasterCapability[]
}

export type MasterCapability = 'AGENT_UPDATE' | 'AGENT_DRAINING' | 'QUOTA_V2'

export interface LocalCluster {
  /** The master's address, `http://host:port`. */
  readonly url: string
  readonly workDir: string
  readonly agents: readonly LocalAgent[]
  /** Shuts every executor down, waits until no process of theirs lives, frees ports and the temporary folder. */
  close(): Promise<void>
}

const DEFAULT_HOST = '127.0.0.1'
const MAX_AGENTS = 1000
const MASTER_CAPABILITIES: readonly MasterCapability[] = [
  'AGENT_UPDATE',
  'AGENT_DRAINING',
  'QUOTA_V2',
]

/** Starts a cluster. Rejects with CONFIG_INVALID for bad options, and with the system's error when a port is taken. */
export async function startLocalCluster(options: LocalClusterOptions = {}): Promise<LocalCluster> {
  const agentCount = options.agents ?? 1
  if (!Number.isInteger(agentCount) || agentCount < 0 || agentCount > MAX_AGENTS) {
    throw new JarcastError('CONFIG_INVALID', `agents must be 0 to ${MAX_AGENTS}, not ${agentCount}`)
  }
  const host = options.host ?? DEFAULT_HOST
  const listeners: Listener[] = []
  const workDir = await prepareWorkDir(options.workDir)
  const started: { master?: Master; agents: { agent: Agent; local: LocalAgent }[] } = { agents: [] }

  async function close(): Promise<void> {
    await Promise.all(started.agents.map(({ agent }) => agent.close()))
    started.master?.close()
    await Promise.all(listeners.map(({ server }) => closeServer(server)))
    if (options.workDir === undefined) await rm(workDir, { recursive: true, force: true })
  }

  try {
    const masterListener = await listen(host, options.port ?? 0)
    listeners.push(masterListener)
    const master = startMaster(options, host, masterListener)
    started.master = master
    for (let index = 0; index < agentCount; index += 1) {
      const listener = await listen(host, 0)
      listeners.push(listener)
      started.agents.push(startAgent(options, { master, host, index, listener, workDir }))
    }
    return {
      url: `http://${hostInUrl(host)}:${masterListener.port}`,
      workDir,
      agents: started.agents.map(({ local }) => local),
      close: once(close),
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function prepareWorkDir(given: string | undefined): Promise<string> {
  if (given === undefined) return mkdtemp(path.join(tmpdir(), 'jarcast-local-'))
  const workDir = path.resolve(given)
  await mkdir(workDir, { recursive: true })
  return workDir
}

function startMaster(
  options: LocalClusterOptions,
  host: string,
  { port, server }: Listener,
): Master {
  const id = randomUUID()
  const capabilities = options.masterCapabilities ?? MASTER_CAPABILITIES
  const info: MasterInfo = {
    id,
    ip: packAddress(host),
    port,
    pid: `master@${host}:${port}`,
    hostname: host,
    version: MESOS_VERSION,
    address: { hostname: host, ip: host, port },
    capabilities: capabilities.map((type) => ({ type })),
  }
  const master = createMaster({
    info,
    allocationIntervalMs: options.allocationIntervalMs ?? 1000,
    heartbeatIntervalSeconds: options.heartbeatIntervalSeconds ?? 15,
  })
  serve(server, (request, response) => {
    const pathname = pathOf(request)
    if (pathname === '/api/v1/scheduler' || pathname === '/master/api/v1/scheduler') {
      return answerScheduler(master, request, response)
    }
    if (pathname === '/api/v1' || pathname.startsWith('/api/v1/')) {
      return answerOperator(master, request, response)
    }
    writeAnswer(response, answerMasterView(master, request.method, pathname))
  })
  return master
}

interface AgentPlace {
  readonly master: Master
  readonly host: string
  readonly index: number
  readonly listener: Listener
  readonly workDir: string
}

function startAgent(
  options: LocalClusterOptions,
  { host, index, listener, master, workDir }: AgentPlace,
): { agent: Agent; local: LocalAgent } {
  const { port, server } = listener
  const hostname = options.hostnames?.[index] ?? `agent-${index + 1}`
  const local: LocalAgent = {
    id: `${master.state.id}-S${index}`,
    hostname,
    url: `http://${hostInUrl(host)}:${port}`,
    workDir: path.join(workDir, `agent-${index + 1}`),
  }
  const { executorEnvironment = {} } = options
  const shutdownGraceMs = options.shutdownGraceMs ?? 5000
  const attributes = attributesOf(options.attributes ?? {})
  const agent = createAgent({
    info: {
      id: { value: local.id },
      hostname,
      port,
      resources: resourcesOf(options.agentResources ?? {}),
      ...(attributes.length === 0 ? {} : { attributes }),
    },
    // The hostname is only a name here, so the address is told in its place.
    url: { scheme: 'http', address: { hostname: host, ip: host, port }, path: '/slave(1)' },
    master,
    ipAddress: host,
    updateRetryMs: options.updateRetryMs ?? 10_000,
    executorRegistrationTimeoutMs: options.executorRegistrationTimeoutMs ?? 60_000,
    shutdownGraceMs,
    launcher: createLauncher({
      workDir: local.workDir,
      agentAddress: `${host}:${port}`,
      executorEnvironment:
        typeof executorEnvironment === 'function'
          ? executorEnvironment(local)
          : executorEnvironment,
      shutdownGraceMs,
      fetcher: createFetcher(createFetcherCache(path.join(local.workDir, 'fetch'))),
    }),
  })
  serve(server, (request, response) => {
    const pathname = pathOf(request)
    if (pathname === '/api/v1/executor' || pathname === '/slave(1)/api/v1/executor') {
      return answerExecutor(agent, request, response)
    }
    writeAnswer(response, answerAgentView(agent, pathname))
  })
  master.addAgent(agent)
  return { agent, local }
}

/** In the order in which Mesos offers them. */
function resourcesOf({
  cpus = 2,
  diskMb = 10_000,
  memMb = 4096,
  ports = [31_000, 32_000],
}: AgentResources): Resource[] {
  const [begin, end] = ports
  return [
    { name: 'ports', type: 'RANGES', ranges: { range: [{ begin, end }] } },
    { name: 'cpus', type: 'SCALAR', scalar: { value: cpus } },
    { name: 'mem', type: 'SCALAR', scalar: { value: memMb } },
    { name: 'disk', type: 'SCALAR', scalar: { value: diskMb } },
  ]
}

function attributesOf(attributes: Readonly<Record<string, string>>): Attribute[] {
  return Object.entries(attributes).map(([name, value]) => ({
    name,
    type: 'TEXT',
    text: { value },
  }))
}

/** MasterInfo.ip: the IPv4 address as the integer that its bytes are on a little-endian machine; 0 otherwise. */
function packAddress(host: string): number {
  const bytes = host.split('.').map(Number)
  return bytes.length === 4 && bytes.every((byte) => byte >= 0 && byte <= 255)
    ? Buffer.from(bytes).readUInt32LE()
    : 0
}

function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

function once(action: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined
  return () => (result ??= action())
}
