/** Makes the agent of a machine from the options of the cluster. */
import { join } from 'node:path'
import type { Resource } from '../../mesos/types.generated.ts'
import type { AgentResources } from '../agent/agent-resources.ts'
import { Agent } from '../agent/agent.ts'
import { FetcherCache } from '../executors/fetcher/fetcher-cache.ts'
import { createFetcher } from '../executors/fetcher/fetcher.ts'
import { createLauncher } from '../executors/launcher.ts'
import type { MasterLink } from '../network/links.ts'
import { attributesOf } from '../options/cluster-options.ts'
import type { LocalAgent } from '../options/cluster-options.ts'
import type { NodePlace } from './node-place.ts'

export interface AgentParts {
  readonly initial: readonly Resource[]
  readonly resources: AgentResources
  readonly port: number
  readonly tokenSecret: Buffer | undefined
  readonly isDiskFull: () => boolean
  readonly master: MasterLink
  readonly onShutDown: () => void
}

export function buildAgent(
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
