/** `jarcast/local`: a Mesos master and agents in this process. */
export { startLocalCluster } from '../local/cluster.ts'
export { readCredentials } from '../local/http/credentials-file.ts'
export type * from '../local/cluster.ts'
export type * from '../local/options/cluster-options.ts'
export type { AgentResources, ReservedResources } from '../local/options/agent-resources.ts'
export type { Credential } from '../local/http/basic-authentication.ts'
export type { TlsOptions } from '../local/http/tls.ts'
export type { ClusterControl } from '../local/control/cluster-control.ts'
export type {
  AgentState,
  ClusterStatus,
  FrameworkState,
  MasterState,
  NetworkState,
} from '../local/control/control-status.ts'
