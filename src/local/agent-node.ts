/** A machine with an agent on it: its address, its work folder, what it serves. */
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { answerAgentOperator } from './agent-operator-endpoint.ts'
import { answerAgentView } from './agent-views.ts'
import { createAgent, type Agent } from './agent.ts'
import { attributesOf, resourcesOf, type LocalAgent } from './cluster-options.ts'
import { answerExecutor } from './executor-endpoint.ts'
import { createFetcher } from './fetcher.ts'
import { createFetcherCache } from './fetcher-cache.ts'
import { createLauncher } from './launcher.ts'
import { closeServer, listen, pathOf, serve, urlOf } from './listener.ts'
import type { Master } from './master.ts'
import type { NodePlace } from './master-node.ts'
import { readViewRequest } from './view-request.ts'

export interface AgentNode {
  readonly local: LocalAgent
  /** Ends every executor; resolves when nothing of them lives. */
  shutDown(): Promise<void>
  /** Frees the port. */
  close(): Promise<void>
}

interface AgentPlace extends NodePlace {
  readonly index: number
  readonly master: Master
}

const TOKEN_SECRET_BYTES = 32

export async function startAgentNode(place: AgentPlace): Promise<AgentNode> {
  const { host, index, master, options, tls } = place
  const { port, server } = await listen(host, 0, tls)
  const local: LocalAgent = {
    id: `${master.state.id}-S${index}`,
    hostname: options.hostnames?.[index] ?? `agent-${index + 1}`,
    url: urlOf(host, port, tls),
    workDir: path.join(place.workDir, `agent-${index + 1}`),
  }
  const tokenSecret =
    options.authenticateExecutors === true ? randomBytes(TOKEN_SECRET_BYTES) : undefined
  const agent = buildAgent(place, local, port, tokenSecret)
  serve(server, (request, response) => {
    const pathname = pathOf(request)
    if (pathname === '/api/v1/executor' || pathname === '/slave(1)/api/v1/executor') {
      return answerExecutor({ agent, tokenSecret }, request, response)
    }
    if (/^(?:\/slave\(1\))?\/api\/v1(?:\/|$)/u.test(pathname)) {
      return answerAgentOperator(agent, local.workDir, request, response)
    }
    return answerAgentView(agent, local.workDir, readViewRequest(request), response)
  })
  master.addAgent(agent)
  return { local, shutDown: () => agent.close(), close: () => closeServer(server) }
}

function buildAgent(
  { host, master, options, tls }: AgentPlace,
  local: LocalAgent,
  port: number,
  tokenSecret: Buffer | undefined,
): Agent {
  const attributes = attributesOf(options.attributes ?? {})
  const shutdownGraceMs = options.shutdownGraceMs ?? 5000
  const { executorEnvironment = {} } = options
  const { hostname, id, workDir } = local
  return createAgent({
    info: {
      id: { value: id },
      hostname,
      port,
      resources: resourcesOf(options.agentResources ?? {}),
      ...(attributes.length === 0 ? {} : { attributes }),
    },
    // The hostname is only a name here, so the address is told in its place. Mesos says http with TLS, too.
    url: { scheme: 'http', address: { hostname: host, ip: host, port }, path: '/slave(1)' },
    master,
    ipAddress: host,
    updateRetryMs: options.updateRetryMs ?? 10_000,
    executorRegistrationTimeoutMs: options.executorRegistrationTimeoutMs ?? 60_000,
    shutdownGraceMs,
    launcher: createLauncher({
      workDir,
      agentAddress: `${host}:${port}`,
      executorEnvironment: {
        ...tls?.executorVariables,
        ...(typeof executorEnvironment === 'function'
          ? executorEnvironment(local)
          : executorEnvironment),
      },
      shutdownGraceMs,
      tokenSecret,
      fetcher: createFetcher(createFetcherCache(path.join(workDir, 'fetch'))),
    }),
  })
}
