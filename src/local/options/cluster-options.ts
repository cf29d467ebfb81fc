/** The options of a local cluster. */
import type { Attribute, MasterInfo } from '../../mesos/types.generated.ts'
import type { Credential } from '../http/basic-authentication.ts'
import type { TlsOptions } from '../http/tls.ts'
import type { AgentResources } from './agent-resources.ts'

export interface LocalAgent {
  readonly id: string
  readonly hostname: string
  readonly url: string
  /**
   * The agent's work folder. Sandboxes are in `slaves/ID/frameworks/ID/executors/ID/runs/latest`,
   * as in Mesos.
   */
  readonly workDir: string
}

export interface LocalClusterOptions {
  /** Number of agents, up to 1000. Default 1, or 0 with simulated agents. */
  readonly agents?: number
  /**
   * Number of simulated agents, up to 10,000. They have no address and no processes; their tasks
   * are simulated too. Labels of a task: `simulated-ms` is its duration, `simulated-state` its
   * terminal state. Default 0.
   */
  readonly simulatedAgents?: number
  /** Duration of simulated tasks without label. Default 1000. */
  readonly simulatedTaskMs?: number
  /** The address that masters and agents bind and advertise. Default 127.0.0.1. */
  readonly host?: string
  /** Number of masters, up to 9. One leads, the others redirect to it. Default 1. */
  readonly masters?: number
  /**
   * The first master's port. Default 0: any free port. Agents and other masters always use free
   * ports.
   */
  readonly port?: number
  /**
   * Default: a temporary folder, removed on close. Another folder is created if missing, and kept.
   */
  readonly workDir?: string
  /** The resources of each agent. */
  readonly agentResources?: AgentResources
  /** Text attributes of each agent. Default none. */
  readonly attributes?: Readonly<Record<string, string>>
  /** Host names of the agents. Default agent-1, agent-2 and so on. */
  readonly hostnames?: readonly string[]
  /** Variables of every executor; the framework's win. Default: PATH only. */
  readonly executorEnvironment?:
    Readonly<Record<string, string>> | ((agent: LocalAgent) => Readonly<Record<string, string>>)
  /** Port of an HTTP server for commands, on loopback; 0: any free port. Default: no server. */
  readonly controlPort?: number
  /**
   * Minimum of an offer: all quantities of one of these entries. Memory and disk in MB. A
   * framework's `offer_filters` win. Default 0.01 cpus or 32 mem.
   */
  readonly minAllocatableResources?: readonly Readonly<Record<string, number>>[]
  /** Default 1000. */
  readonly allocationIntervalMs?: number
  /** Default 15. */
  readonly heartbeatIntervalSeconds?: number
  /**
   * First delay before an unacknowledged update is sent again; then exponential back-off up to 60
   * times it. Default 10,000.
   */
  readonly updateRetryMs?: number
  /**
   * Credentials (HTTP basic) of schedulers and operators for masters, agents and the command
   * server. Default: one with a random secret, `LocalCluster.credentials`.
   */
  readonly credentials?: readonly Credential[]
  /**
   * True: requires no credentials. Every client that reaches the ports may run commands as the user
   * of this process.
   */
  readonly open?: boolean
  /**
   * Executors must send the token from their environment. Default true; false in an open cluster.
   */
  readonly authenticateExecutors?: boolean
  /** Host names that clients may use, besides addresses, `localhost`, `host` and `hostnames`. */
  readonly allowedHosts?: readonly string[]
  /**
   * Origins whose web pages have the same access as programs, such as `https://console.example`
   * (CORS). Default none.
   */
  readonly allowedOrigins?: readonly string[]
  /** True: web pages of any origin may read GET answers through `jsonp=NAME`. Default false. */
  readonly jsonp?: boolean
  /** Master and agents speak HTTPS only. Default: HTTP. */
  readonly tls?: TlsOptions
  /** Timeout of a ping of an agent. Default 15,000. */
  readonly agentPingTimeoutMs?: number
  /** Number of unanswered pings in a row after which an agent is unreachable. Default 5. */
  readonly maxAgentPingTimeouts?: number
  /** Time for agents to register again after a restart of agent or masters. Default 600,000. */
  readonly agentReregisterTimeoutMs?: number
  /** Delay before an agent registers again. Default 500. In Mesos it is random, 0 to 1000. */
  readonly agentBackoffMs?: number
  /** Time for executors to subscribe again after a restart of their agent. Default 2000. */
  readonly executorReregistrationTimeoutMs?: number
  /** Default 60,000. */
  readonly executorRegistrationTimeoutMs?: number
  /** Interval of HEARTBEATs to executors. Default 1,800,000: half an hour. */
  readonly executorHeartbeatMs?: number
  /** Grace period of executors after SHUTDOWN, unless their ExecutorInfo has one. Default 5000. */
  readonly shutdownGraceMs?: number
  /**
   * Capabilities of the master. Default: those of 1.12.0. Leave out `QUOTA_V2` for JSON clients
   * that refuse unknown names, such as mesos-go 0.0.11.
   */
  readonly masterCapabilities?: readonly MasterCapability[]
  /**
   * Version that the master reports. Default 1.12.0. Clusterd, the successor of Mesos, reports
   * 1.11.0 and has the capabilities of 1.12.
   */
  readonly masterVersion?: string
}

export type MasterCapability = 'AGENT_UPDATE' | 'AGENT_DRAINING' | 'QUOTA_V2'

const allCapabilities: readonly MasterCapability[] = ['AGENT_UPDATE', 'AGENT_DRAINING', 'QUOTA_V2']

/** Capabilities as in MasterInfo. */
export function capabilitiesOf(
  given: readonly MasterCapability[] = allCapabilities,
): NonNullable<MasterInfo['capabilities']> {
  return given.map((type) => ({ type }))
}

/** Attributes as in AgentInfo, of type TEXT. */
export function attributesOf(attributes: Readonly<Record<string, string>>): Attribute[] {
  return Object.entries(attributes).map(([name, value]) => ({
    name,
    type: 'TEXT',
    text: { value },
  }))
}
