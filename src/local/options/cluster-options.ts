/** What a local cluster can be told, and what each option means to its master and agents. */
import type { Attribute, MasterInfo } from '../../mesos/types.generated.ts'
import type { Credential } from '../http/basic-authentication.ts'
import type { TlsOptions } from '../http/tls.ts'
import type { AgentResources } from './agent-resources.ts'

export interface LocalAgent {
  readonly id: string
  readonly hostname: string
  readonly url: string
  /**
   * Sandboxes are below it, as Mesos lays them out:
   * `slaves/ID/frameworks/ID/executors/ID/runs/latest`.
   */
  readonly workDir: string
}

export interface LocalClusterOptions {
  /** How many agents. Default 1, or 0 with simulated ones. */
  readonly agents?: number
  /**
   * How many simulated agents beside those, 10,000 at most: they have no address that answers and
   * no processes, and their tasks are simulated too. The task label `simulated-ms` says how long
   * one runs, `simulated-state` how it ends. Default 0.
   */
  readonly simulatedAgents?: number
  /** How long simulated tasks run that have no label. Default 1000. */
  readonly simulatedTaskMs?: number
  /** The address that master and agents listen on and tell to others. Default 127.0.0.1. */
  readonly host?: string
  /** How many masters; one leads, the others send everybody there. Default 1. */
  readonly masters?: number
  /** The first master's port. Default 0: any free one. All other ports are always free ones. */
  readonly port?: number
  /**
   * Default: a temporary folder, removed on close. A given folder is made when missing, and kept.
   */
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
  /**
   * Port of an HTTP server for commands, on loopback; 0 for any free one. Default: there is none.
   */
  readonly controlPort?: number
  /**
   * An offer has all of one of these, or is not made: thousandths count, memory and disk are in MB.
   * Default 0.01 cpus or 32 mem. A framework's `offer_filters` go before it.
   */
  readonly minAllocatableResources?: readonly Readonly<Record<string, number>>[]
  /** Default 1000. */
  readonly allocationIntervalMs?: number
  /** Default 15. */
  readonly heartbeatIntervalSeconds?: number
  /**
   * First wait before an unacknowledged update is sent again; doubles up to sixty times it. Default
   * 10,000.
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
  /** How long a master waits for an agent to answer a ping. Default 15,000. */
  readonly agentPingTimeoutMs?: number
  /** An agent that did not answer so many pings in a row is unreachable. Default 5. */
  readonly maxAgentPingTimeouts?: number
  /** What agents have to come back after they or the masters were restarted. Default 600,000. */
  readonly agentReregisterTimeoutMs?: number
  /**
   * How long an agent waits before it registers again. Default 500; in Mesos 0 to 1000, by chance.
   */
  readonly agentBackoffMs?: number
  /** What executors have to come back after their agent was restarted. Default 2000. */
  readonly executorReregistrationTimeoutMs?: number
  /** Default 60,000. */
  readonly executorRegistrationTimeoutMs?: number
  /**
   * Between two HEARTBEATs that an executor gets, and before the first. Default 1,800,000: half an
   * hour.
   */
  readonly executorHeartbeatMs?: number
  /**
   * What an executor has to end after SHUTDOWN, unless its ExecutorInfo says otherwise. Default
   * 5000.
   */
  readonly shutdownGraceMs?: number
  /**
   * What the master says it can do. Default what a 1.12.0 master says. Leave `QUOTA_V2` out for
   * clients with an older list of these that read JSON, such as mesos-go 0.0.11: they refuse names
   * they do not know.
   */
  readonly masterCapabilities?: readonly MasterCapability[]
}

export type MasterCapability = 'AGENT_UPDATE' | 'AGENT_DRAINING' | 'QUOTA_V2'

const allCapabilities: readonly MasterCapability[] = ['AGENT_UPDATE', 'AGENT_DRAINING', 'QUOTA_V2']

/** As MasterInfo lists them. */
export function capabilitiesOf(
  given: readonly MasterCapability[] = allCapabilities,
): NonNullable<MasterInfo['capabilities']> {
  return given.map((type) => ({ type }))
}

/** As text attributes. */
export function attributesOf(attributes: Readonly<Record<string, string>>): Attribute[] {
  return Object.entries(attributes).map(([name, value]) => ({
    name,
    type: 'TEXT',
    text: { value },
  }))
}
