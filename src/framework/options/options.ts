/** The options of a framework, as its user gives them. */
import type { ActorOptions } from 'xstate'
import type { Credentials } from '../../client/http/credentials.ts'
import type { TlsOptions } from '../../client/http/tls.ts'
import type { PackageRequest, ResolveOptions } from '../../coordinates/packages/packages.ts'
import type { TaskContainer } from '../../domain/tasks/container/task-container.ts'
import type { SecretVariables } from '../../domain/tasks/container/task-secrets.ts'
import type { ResourceRequest } from '../../domain/tasks/resource-request.ts'
import type { schedulerMachine } from '../../machines/scheduler/scheduler.ts'
import type {
  ContainerInfo,
  FrameworkInfoCapabilityType,
  SchedulerOfferConstraints,
} from '../../mesos/types.generated.ts'
import type { LibraryInput } from '../../server/libraries/library-check.ts'
import type { ServerTlsFiles } from '../../server/listener/server-tls.ts'

export interface FrameworkOptions {
  /**
   * `http://host:port` or `host:port` of a master, or a list if any of several may lead;
   * `zk://host:2181,host:2181/path` of masters that are elected in ZooKeeper; `file:///path` of a
   * file with one of these.
   */
  readonly master: string | readonly string[]
  /**
   * Libraries to ship to the executors, in class-path order: files, npm tarballs, folders of npm
   * packages, and packages by coordinate with all their dependencies,
   * `maven:GROUP:ARTIFACT:VERSION` and `npm:NAME@RANGE`.
   */
  readonly libraries?: readonly (string | LibraryInput)[]
  /**
   * Handling of conflicts between jars, before anything is launched: `warn` (default) reports them
   * by the event `classPath.conflicts`; `fail` also refuses harmful ones, with
   * `CLASS_PATH_CONFLICT`; `ignore` does not compare the jars.
   */
  readonly conflicts?: ConflictPolicy
  /** How coordinates among the libraries are resolved. */
  readonly packages?: PackageSettings
  /** Shown by Mesos. Default `jarcast`. */
  readonly name?: string
  /** The user that runs the tasks. Default: the user of this process. */
  readonly user?: string
  /** Role of the offers. Default `*`. */
  readonly role?: string
  /** In place of `role`, for a framework with several roles. */
  readonly roles?: readonly string[]
  /**
   * Capabilities beside MULTI_ROLE, PARTITION_AWARE and RESERVATION_REFINEMENT, such as
   * SHARED_RESOURCES, REGION_AWARE, GPU_RESOURCES (needed for offers of agents with GPUs).
   */
  readonly capabilities?: readonly FrameworkInfoCapabilityType[]
  /** Agents to be offered, per role; for masters of 1.11 or newer. Default: all. */
  readonly offerConstraints?: SchedulerOfferConstraints
  /**
   * Longest time that an unused offer is held for later tasks, ms. Default 1000; 0: unused offers
   * are declined at once.
   */
  readonly offerHoldMs?: number
  /**
   * The answer to inverse offers, which announce maintenance of an agent: `accept` (default) lets
   * the tasks end with the agent, `move` kills them and launches them elsewhere, `decline`
   * declines, `ask` leaves the answer to `answerInverseOffer`.
   */
  readonly maintenance?: 'accept' | 'decline' | 'move' | 'ask'
  /** Handling of tasks that Mesos runs and this framework does not know. Default `report`. */
  readonly unknownTasks?: 'report' | 'kill'
  /** Time between reconciliations of all tasks, ms. Default 15 minutes. */
  readonly reconcileEveryMs?: number
  /** REVIVE calls in a row, default 60, and the time until one more, default 200 ms. */
  readonly revives?: { readonly burst?: number; readonly refillMs?: number }
  /**
   * Id of an earlier run within its failover timeout: this framework takes over the tasks that
   * still run.
   */
  readonly frameworkId?: string
  /** How long Mesos keeps the tasks while this process is away, ms. Default 60,000. */
  readonly failoverTimeoutMs?: number
  /** How long to try to reach a master, at the start and after each loss, ms. Default 60,000. */
  readonly timeoutMs?: number
  readonly jarServer?: JarServerSettings
  readonly executor?: ExecutorSettings
  /**
   * Runtimes that are shipped to agents. `auto` (default): a Node.js to agents that have none, or
   * one below 20.19; `node`: a Node.js for all executors; `none`: nothing; `node=ARCHIVE`:
   * that Node.js for all executors; `jre=ARCHIVE`: that JRE for Java tasks. An archive is the path of
   * a .tar.gz, `URL#SHA256` or a coordinate; give one for each platform of the agents.
   */
  readonly runtime?: string | readonly string[]
  /**
   * Who fetches the libraries: `executor` (default), jarcast's own executor, which checks every
   * byte and runs all kinds of work; `fetcher`, the fetcher of Mesos, into the sandboxes of plain
   * commands or of the executor script.
   */
  readonly delivery?: DeliveryMode
  /**
   * Principal and secret for the masters, or the path of a file as of `readCredentials`. Default:
   * none.
   */
  readonly credentials?: Credentials | string
  /**
   * Shown by Mesos; selects one of several credentials in a file. Default: the principal of the
   * credentials.
   */
  readonly principal?: string
  /**
   * For masters that speak https, also those found in ZooKeeper. Default: the CAs that Node trusts.
   */
  readonly tls?: TlsOptions
  /**
   * Encoding of calls and events, with the master and between executors and agents. Default
   * `protobuf`.
   */
  readonly codec?: 'protobuf' | 'json'
  /**
   * Folder of the journal. A run that is in it is continued: same framework id, tasks reconciled,
   * outcomes of tasks with ids of your own remembered. Default: no journal.
   */
  readonly journal?: string
  /** Standard XState inspection, for every actor of the scheduler. */
  readonly inspect?: ActorOptions<typeof schedulerMachine>['inspect']
}

/**
 * Lock file, BOMs, exclusions, registries: see `resolvePackages`. Default lock file: beside the
 * journal; none without a journal.
 */
export type PackageSettings = Omit<
  ResolveOptions,
  'signal' | 'onProgress' | 'onResolving' | 'onWarning'
> &
  Omit<PackageRequest, 'packages'>

export type ConflictPolicy = 'warn' | 'fail' | 'ignore'

export type DeliveryMode = 'executor' | 'fetcher'

export interface JarServerSettings {
  /** Address to listen on. Default: all addresses. */
  readonly bind?: string
  /** Host in addresses for executors. Default: local address of the connection to the master. */
  readonly advertise?: string
  /** Default 0: any free port. */
  readonly port?: number
  /** Libraries sent at a time; other requests wait, hosts in turn. Default 128. */
  readonly maxStreams?: number
  /** Bytes of libraries sent per second, to all executors together. Default: no limit. */
  readonly egressBytesPerSecond?: number
  /**
   * Gives libraries and the status page to every client, for a trusted network. Default false: only
   * to clients with a permission of this run.
   */
  readonly open?: boolean
  /**
   * Speaks https with this certificate, or with one of an authority of the run (`auto`). The
   * authority travels with the tasks. Agents whose fetcher fetches libraries or a script must
   * already trust it. Executors do not relay libraries then. Default: plain http.
   */
  readonly tls?: ServerTlsFiles | 'auto'
  /**
   * Host names that browsers may use, besides addresses, the host's name and the advertised name.
   */
  readonly allowHosts?: readonly string[]
  /**
   * Whether executors relay libraries of more than 4 MiB to each other while they fetch them, from
   * a port of their own. Default true.
   */
  readonly relay?: boolean
}

export interface ExecutorSettings {
  /** Command that runs Node on the agents. Default `node`. */
  readonly node?: string
  /** Path of a script to run in place of jarcast's executor, as `/bin/sh SCRIPT uri,uri`. */
  readonly script?: string
  /** Resources of the executor, beside those of its tasks. Default 0.1 cpus, 128 MB. */
  readonly resources?: ResourceRequest
  /** Variables of the executor and its tasks. Mesos shows them in `/state`: no secrets. */
  readonly environment?: Readonly<Record<string, string>>
  /** Secrets in variables of the executor and its tasks, by reference. */
  readonly secrets?: SecretVariables
  /**
   * Image, volumes and networks of the executor and its tasks, in plain words or as Mesos'
   * `ContainerInfo`. The image must have a Node.js.
   */
  readonly container?: TaskContainer | ContainerInfo
}
