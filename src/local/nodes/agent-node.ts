/** A machine with an agent: its address, its work folder, its endpoints. */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { makePrivateFolder } from '../../leases/private-files.ts'
import { openAgentResources } from '../agent/agent-resources.ts'
import type { Agent } from '../agent/agent.ts'
import { answerExecutor } from '../agent/executor-endpoint.ts'
import type { ExecutorGate } from '../agent/executor-endpoint.ts'
import { AgentUplink } from '../agent/uplink.ts'
import { writeAnswer } from '../http/http.ts'
import { openSite, pathOf } from '../http/listener.ts'
import type { Site } from '../http/listener.ts'
import { answerAgentOperator } from '../operator/agent/endpoint.ts'
import { answerAgentView } from '../operator/agent/views.ts'
import { realmOf } from '../operator/realms.ts'
import { readViewRequest } from '../operator/view-request.ts'
import { resourcesOf } from '../options/agent-resources.ts'
import type { LocalAgent } from '../options/cluster-options.ts'
import { buildAgent } from './build-agent.ts'
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
  const local = placeAgent(place, index, site.url)
  const backoffMs = options.agentBackoffMs ?? 500
  const uplink = new AgentUplink({ delayMs, backoffMs }, () => agent)
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
  const node = new AgentMachine({ name: nameOf(index), local, site, agent, uplink, disk })
  leadership.follow((leader) => uplink.follow(leader))
  return node
}

interface MachineParts {
  readonly name: string
  readonly local: LocalAgent
  readonly site: Site
  readonly agent: Agent
  readonly uplink: AgentUplink
  readonly disk: { isFull: boolean }
}

class AgentMachine implements AgentNode {
  readonly name: string
  readonly local: LocalAgent
  readonly #parts: MachineParts
  #isRunning = true

  constructor(parts: MachineParts) {
    this.name = parts.name
    this.local = parts.local
    this.#parts = parts
  }

  get status(): AgentStatus {
    if (!this.#isRunning) return 'stopped'
    return this.#parts.agent.isRecovering() ? 'recovering' : 'running'
  }

  get isCut(): boolean {
    return this.#parts.uplink.isCut
  }

  get isDiskFull(): boolean {
    return this.#parts.disk.isFull
  }

  async kill(): Promise<void> {
    const { agent, site, uplink } = this.#parts
    this.#isRunning = false
    const closed = site.close()
    agent.crash()
    uplink.stop()
    await closed
  }

  async start(): Promise<void> {
    const { agent, site, uplink } = this.#parts
    await site.open()
    this.#isRunning = true
    void agent.recover().then((isRecovered) => isRecovered && uplink.start())
  }

  setCut(isCut: boolean): void {
    this.#parts.uplink.setCut(isCut)
  }

  setDiskFull(isFull: boolean): void {
    this.#parts.disk.isFull = isFull
  }

  shutDown(): Promise<void> {
    this.#parts.uplink.stop()
    return this.#parts.agent.close()
  }

  close(): Promise<void> {
    return this.#parts.site.close()
  }
}

function nameOf(index: number): string {
  return `agent-${index + 1}`
}

/** Makes the work folder of an agent. */
function placeAgent({ leadership, options, workDir }: NodePlace, index: number, url: string) {
  const local: LocalAgent = {
    id: `${leadership.leader?.info.id}-S${index}`,
    hostname: options.hostnames?.[index] ?? nameOf(index),
    url,
    workDir: join(workDir, nameOf(index)),
  }
  makePrivateFolder(local.workDir)
  return local
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
