/** A machine with a master: its address and its endpoints. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { MasterInfo } from '../../mesos/types.generated.ts'
import { writeAnswer } from '../http/http.ts'
import { openSite, pathOf } from '../http/listener.ts'
import { createMaster } from '../master/master.ts'
import type { Master, MasterOptions } from '../master/master.ts'
import { answerScheduler } from '../master/scheduler-endpoint.ts'
import type { Registrar } from '../master/state/registrar.ts'
import { mesosVersion } from '../messages/version.ts'
import { answerOperator } from '../operator/master/endpoint.ts'
import { answerMaintenance } from '../operator/master/maintenance-endpoint.ts'
import { answerMasterView } from '../operator/master/views.ts'
import { realmOf } from '../operator/realms.ts'
import { readViewRequest } from '../operator/view-request.ts'
import { capabilitiesOf } from '../options/cluster-options.ts'
import type { LocalClusterOptions } from '../options/cluster-options.ts'
import type { Candidate } from './leadership.ts'
import { redirectToLeader } from './master-redirect.ts'
import type { NodePlace } from './node-place.ts'

export interface MasterNode extends Candidate {
  readonly index: number
  /** `master-0` and so on. */
  readonly name: string
  readonly url: string
  readonly isRunning: boolean
  /** The current process, or the last. */
  readonly master: Master
  /** Kills its process as by SIGKILL: streams are cut, the port is freed. */
  kill(): Promise<void>
  /** Starts a new process at the same address. Rejects if the port is taken. */
  start(): Promise<void>
  /** Ends streams cleanly, then frees the port. */
  close(): Promise<void>
}

const anonymous = { principal: undefined }

/** Rejects with the system's error if the port is taken. */
export async function startMasterNode(place: NodePlace, index: number): Promise<MasterNode> {
  const { host, leadership, network, options, tls, webPages } = place
  const site = await openSite({
    host,
    port: index === 0 ? (options.port ?? 0) : 0,
    tls,
    delayMs: () => network.delayMs,
    webPages,
    handle: (request, response) => answer(place, node, request, response),
  })
  let info = masterInfo(host, site.port, options)
  let master = createMaster(masterOptions(place, info, undefined))
  let isRunning = true

  const node: MasterNode = {
    index,
    name: `master-${index}`,
    url: site.url,
    get isRunning() {
      return isRunning
    },
    get info() {
      return info
    },
    get master() {
      return master
    },
    lead() {
      master.close()
      master = createMaster(masterOptions(place, info, place.registrar))
      return master
    },
    async kill() {
      isRunning = false
      const closed = site.close()
      master.close()
      leadership.leave(node)
      await closed
    },
    async start() {
      await site.open()
      info = masterInfo(host, site.port, options)
      master = createMaster(masterOptions(place, info, undefined))
      isRunning = true
      leadership.join(node)
    },
    close() {
      master.close()
      return site.close()
    },
  }
  leadership.join(node)
  return node
}

function answer(
  { authenticate, leadership, network }: NodePlace,
  node: MasterNode,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> | void {
  const { master } = node
  const pathname = pathOf(request)
  const isScheduler = /^(?:\/master)?\/api\/v1\/scheduler$/u.test(pathname)
  const realm = realmOf('master', pathname)
  const caller =
    realm === undefined ? anonymous : authenticate(realm, request.headers.authorization)
  if ('refusal' in caller) return writeAnswer(response, caller.refusal)
  const { leader } = leadership
  const elsewhere = redirectToLeader(leader?.info, leader === node, request.url ?? '/')
  if (elsewhere !== undefined) return writeAnswer(response, elsewhere)
  if (isScheduler) return answerScheduler({ master, network, ...caller }, request, response)
  if (/^(?:\/master)?\/api\/v1(?:\/|$)/u.test(pathname)) {
    return answerOperator(master, request, response)
  }
  return answerPage(master, request, response)
}

async function answerPage(
  master: Master,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const view = readViewRequest(request)
  const answer = await answerMaintenance(master, request, view)
  writeAnswer(response, answer ?? answerMasterView(master, view))
}

function masterOptions(
  { options }: NodePlace,
  info: MasterInfo,
  registrar: Registrar | undefined,
): MasterOptions {
  return {
    info,
    registrar,
    ...minAllocatableOf(options),
    allocationIntervalMs: options.allocationIntervalMs ?? 1000,
    heartbeatIntervalSeconds: options.heartbeatIntervalSeconds ?? 15,
    pingTimeoutMs: options.agentPingTimeoutMs ?? 15_000,
    maxPingTimeouts: options.maxAgentPingTimeouts ?? 5,
    reregisterTimeoutMs: options.agentReregisterTimeoutMs ?? 600_000,
  }
}

function minAllocatableOf({
  minAllocatableResources,
}: LocalClusterOptions): Pick<MasterOptions, 'minAllocatable'> {
  if (minAllocatableResources === undefined) return {}
  const minAllocatable = minAllocatableResources.map(
    (each) =>
      new Map(Object.entries(each).map(([name, value]) => [name, Math.round(value * 1000)])),
  )
  return { minAllocatable }
}

function masterInfo(host: string, port: number, options: LocalClusterOptions): MasterInfo {
  return {
    id: randomUUID(),
    ip: packAddress(host),
    port,
    pid: `master@${host}:${port}`,
    hostname: host,
    version: options.masterVersion ?? mesosVersion,
    address: { hostname: host, ip: host, port },
    capabilities: capabilitiesOf(options.masterCapabilities),
  }
}

/**
 * MasterInfo.ip: the bytes of the IPv4 address as a little-endian integer; 0 for other addresses.
 */
function packAddress(host: string): number {
  const bytes = host.split('.').map(Number)
  return bytes.length === 4 && bytes.every((byte) => byte >= 0 && byte <= 255)
    ? Buffer.from(bytes).readUInt32LE()
    : 0
}
