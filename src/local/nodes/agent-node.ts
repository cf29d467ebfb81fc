/** A machine with an agent: its address, its work folder, its endpoints. */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { makePrivateFolder } from '../../leases/private-files.ts'
import type { Resource } from '../../mesos/types.generated.ts'
import { openAgentResources } from '../agent/agent-resources.ts'
import type { AgentResources } from '../agent/agent-resources.ts'
import { Agent } from '../agent/agent.ts'
import { answerExecutor } from '../agent/executor-endpoint.ts'
import type { ExecutorGate } from '../agent/executor-endpoint.ts'
import { createAgentUplink } from '../agent/uplink.ts'
import { FetcherCache } from '../executors/fetcher/fetcher-cache.ts'
import { createFetcher } from '../executors/fetcher/fetcher.ts'
import { createLauncher } from '../executors/launcher.ts'
import { writeAnswer } from '../http/http.ts'
import { openSite, pathOf } from '../http/listener.ts'
import type { MasterLink } from '../network/links.ts'
import { answerAgentOperator } from '../operator/agent/endpoint.ts'
import { answerAgentView } from '../operator/agent/views.ts'
import { realmOf } from '../operator/realms.ts'
import { readViewRequest } from '../operator/view-request.ts'
import { resourcesOf } from '../options/agent-resources.ts'
import { attributesOf } from '../options/cluster-options.ts'
import type { LocalAgent } from '../options/cluster-options.ts'
import type { NodePlace } from './node-place.ts'

export interface AgentNode {
  /** `agent-1` and so on. */
  readonly name: string
  readonly local: LocalAgent
  readonly status: AgentStatus
  readonly isCut: boolean
  readonly isDiskFull: boolean
  /** Kills its process as by SIGKILL. Executors live on; the port is freed. */
  kill(): Promise<void>
  /**
   * Starts a new process at the same address, which recovers and registers. Rejects if the port is
   * taken.
   */
  start(): Promise<void>
  /** Cuts the network between agent and master, or heals it. */
  setCut(isCut: boolean): void
  /** Simulates a full disk. */
  setDiskFull(isFull: boolean): void
  /** Ends every executor. Resolves when their processes ended. */
  shutDown(): Promise<void>
  /** Frees the port. */
  close(): Promise<void>
}

export type AgentStatus = 'running' | 'recovering' | 'stopped'

const tokenSecretBytes = 32
const defaultHeartbeatMs = 30 * 60_000

export async function startAgentNode(place: NodePlace, index: number): Promise<AgentNode> {
  const { host, leadership, network, options, tls, webPages } = place
  const name = `agent-${index + 1}`
  const disk = { isFull: false }
  const { authenticateExecutors = options.open !== true } = options
  const tokenSecret = authenticateExecutors ? randomBytes(tokenSecretBytes) : undefined
  const delayMs = (): number => network.delayMs
  const heartbeatMs = options.executorHeartbeatMs ?? defaultHeartbeatMs
  const site = await openSite({
    host,
    port: 0,
    tls,
    delayMs,
    webPages,
    handle: (request, response) =>
      answerAgent(place, { agent, delayMs, heartbeatMs, tokenSecret }, local, request, response),
  })
  const local: LocalAgent = {
    id: `${leadership.leader?.info.id}-S${index}`,
    hostname: options.hostnames?.[index] ?? name,
    url: site.url,
    workDir: join(place.workDir, name),
  }
  makePrivateFolder(local.workDir)
  const backoffMs = options.agentBackoffMs ?? 500
  const uplink = createAgentUplink({ delayMs, backoffMs }, () => agent)
  const initial = resourcesOf(options.agentResources ?? {})
  const agent = buildAgent(place, local, {
    initial,
    resources: await openAgentResources(local.workDir, initial),
    port: site.port,
    tokenSecret,
    isDiskFull: () => disk.isFull,
    master: uplink.link,
    onShutDown: () => void node.kill(),
  })
  let isRunning = true

  const node: AgentNode = {
    name,
    local,
    get status() {
      if (!isRunning) return 'stopped'
      return agent.isRecovering() ? 'recovering' : 'running'
    },
    get isCut() {
      return uplink.isCut
    },
    get isDiskFull() {
      return disk.isFull
    },
    async kill() {
      isRunning = false
      const closed = site.close()
      agent.crash()
      uplink.stop()
      await closed
    },
    async start() {
      await site.open()
      isRunning = true
      void agent.recover().then((isRecovered) => isRecovered && uplink.start())
    },
    setCut: uplink.setCut,
    setDiskFull(isFull) {
      disk.isFull = isFull
    },
    shutDown() {
      uplink.stop()
      return agent.close()
    },
    close: () => site.close(),
  }
  leadership.follow(uplink.follow)
  return node
}

function answerAgent(
  { authenticate }: NodePlace,
  gate: ExecutorGate & { readonly agent: Agent },
  { workDir }: LocalAgent,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> | void {
  const pathname = pathOf(request)
  if (pathname === '/api/v1/executor' || pathname === '/slave(1)/api/v1/executor') {
    return answerExecutor(gate, request, response)
  }
  const realm = realmOf('agent', pathname)
  if (realm !== undefined) {
    const caller = authenticate(realm, request.headers.authorization)
    if ('refusal' in caller) return writeAnswer(response, caller.refusal)
  }
  if (/^(?:\/slave\(1\))?\/api\/v1(?:\/|$)/u.test(pathname)) {
    return answerAgentOperator(gate.agent, workDir, request, response)
  }
  return answerAgentView(gate.agent, workDir, readViewRequest(request), response)
}

interface AgentParts {
  readonly initial: readonly Resource[]
  readonly resources: AgentResources
  readonly port: number
  readonly tokenSecret: Buffer | undefined
  readonly isDiskFull: () => boolean
  readonly master: MasterLink
  readonly onShutDown: () => void
}

function buildAgent(
  { host, options, tls }: NodePlace,
  local: LocalAgent,
  { initial, isDiskFull, master, onShutDown, port, resources, tokenSecret }: AgentParts,
): Agent {
  const attributes = attributesOf(options.attributes ?? {})
  const shutdownGraceMs = options.shutdownGraceMs ?? 5000
  const executorReregistrationTimeoutMs = options.executorReregistrationTimeoutMs ?? 2000
  const { executorEnvironment = {} } = options
  const { hostname, id, workDir } = local
  return new Agent({
    info: {
      id: { value: id },
      hostname,
      port,
      resources: initial,
      ...(attributes.length === 0 ? {} : { attributes }),
    },
    // The hostname need not resolve, so the address is used. Mesos says http with TLS, too.
    url: { scheme: 'http', address: { hostname: host, ip: host, port }, path: '/slave(1)' },
    master,
    ipAddress: host,
    updateRetryMs: options.updateRetryMs ?? 10_000,
    executorRegistrationTimeoutMs: options.executorRegistrationTimeoutMs ?? 60_000,
    executorReregistrationTimeoutMs,
    shutdownGraceMs,
    onShutDown,
    resources,
    launcher: createLauncher({
      linkVolumes: (...args) => resources.link(...args),
      workDir,
      agentAddress: `${host}:${port}`,
      executorEnvironment: {
        ...tls?.executorVariables,
        ...(typeof executorEnvironment === 'function'
          ? executorEnvironment(local)
          : executorEnvironment),
      },
      shutdownGraceMs,
      subscriptionBackoffMaxMs: executorReregistrationTimeoutMs,
      tokenSecret,
      isDiskFull,
      fetcher: createFetcher(new FetcherCache(join(workDir, 'fetch'))),
    }),
  })
}
