/** A machine with a master on it: its address and what it serves there. */
import { randomUUID } from 'node:crypto'
import type { MasterInfo } from '../mesos/types.generated.ts'
import { authenticateNobody, createBasicAuthenticator } from './basic-authentication.ts'
import { capabilitiesOf, type LocalClusterOptions } from './cluster-options.ts'
import { closeServer, listen, pathOf, serve, urlOf } from './listener.ts'
import { createMaster, type Master } from './master.ts'
import { answerOperator } from './operator-endpoint.ts'
import { answerScheduler } from './scheduler-endpoint.ts'
import type { TlsMaterial } from './tls.ts'
import { writeAnswer } from './http.ts'
import { answerMasterView } from './master-views.ts'
import { MESOS_VERSION } from './version.ts'
import { readViewRequest } from './view-request.ts'

/** What every node of the cluster is told. */
export interface NodePlace {
  readonly options: LocalClusterOptions
  readonly host: string
  /** Of the whole cluster. */
  readonly workDir: string
  readonly tls: TlsMaterial | undefined
}

export interface MasterNode {
  readonly url: string
  readonly master: Master
  close(): Promise<void>
}

/** Rejects with the system's error when the port is taken. */
export async function startMasterNode({ host, options, tls }: NodePlace): Promise<MasterNode> {
  const { port, server } = await listen(host, options.port ?? 0, tls)
  const master = createMaster({
    info: masterInfo(host, port, options),
    allocationIntervalMs: options.allocationIntervalMs ?? 1000,
    heartbeatIntervalSeconds: options.heartbeatIntervalSeconds ?? 15,
  })
  const authenticate =
    options.credentials === undefined
      ? authenticateNobody
      : createBasicAuthenticator('mesos-master-scheduler', options.credentials)
  serve(server, (request, response) => {
    const pathname = pathOf(request)
    if (pathname === '/api/v1/scheduler' || pathname === '/master/api/v1/scheduler') {
      return answerScheduler(master, authenticate, request, response)
    }
    if (/^(?:\/master)?\/api\/v1(?:\/|$)/u.test(pathname)) {
      return answerOperator(master, request, response)
    }
    writeAnswer(response, answerMasterView(master, readViewRequest(request)))
  })
  return {
    url: urlOf(host, port, tls),
    master,
    close() {
      master.close()
      return closeServer(server)
    },
  }
}

function masterInfo(host: string, port: number, options: LocalClusterOptions): MasterInfo {
  return {
    id: randomUUID(),
    ip: packAddress(host),
    port,
    pid: `master@${host}:${port}`,
    hostname: host,
    version: MESOS_VERSION,
    address: { hostname: host, ip: host, port },
    capabilities: capabilitiesOf(options.masterCapabilities),
  }
}

/** MasterInfo.ip: the IPv4 address as the integer that its bytes are on a little-endian machine; 0 otherwise. */
function packAddress(host: string): number {
  const bytes = host.split('.').map(Number)
  return bytes.length === 4 && bytes.every((byte) => byte >= 0 && byte <= 255)
    ? Buffer.from(bytes).readUInt32LE()
    : 0
}
