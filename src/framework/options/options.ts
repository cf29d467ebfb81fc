/** What a framework can be told, checked and with every default filled in. */
import { hostname, userInfo } from 'node:os'
import type { ActorOptions } from 'xstate'
import type { Credentials } from '../../client/scheduler-connection.ts'
import type { TlsOptions } from '../../client/http/tls.ts'
import type { PackageRequest, ResolveOptions } from '../../coordinates/packages/packages.ts'
import { findMesosIdFault, findRoleFault, showId } from '../../domain/ids.ts'
import { findRequestFault } from '../../domain/tasks/resource-request.ts'
import type { ResourceRequest } from '../../domain/tasks/resource-request.ts'
import { JarcastError } from '../../errors.ts'
import type { schedulerMachine } from '../../machines/scheduler/scheduler.ts'
import type { SchedulerPolicy } from '../../machines/scheduler/setup.ts'
import type { MediaType } from '../../mesos/codec.ts'
import { findMessageFault } from '../../mesos/message-fault.ts'
import type {
  ContainerInfo,
  FrameworkInfoCapabilityType,
  SchedulerOfferConstraints,
} from '../../mesos/types.generated.ts'
import type { LibraryInput } from '../../server/libraries/library-check.ts'
import { readServerTls } from '../../server/listener/server-tls.ts'
import type { ServerTlsFiles } from '../../server/listener/server-tls.ts'
import { checkCredentials, readCredentials } from './credentials.ts'

export interface FrameworkOptions {
  /**
   * `http://host:port` or `host:port` of a master, several where any of them may lead; `zk://host:2181,host:2181/path`
   * where they stand for election in ZooKeeper; `file:///path` of a file that holds either.
   */
  readonly master: string | readonly string[]
  /**
   * What is shipped to the executors, in class-path order: files, npm tarballs, folders of npm packages, and packages by
   * coordinate with everything they need, `maven:GROUP:ARTIFACT:VERSION` and `npm:NAME@RANGE`.
   */
  readonly libraries?: readonly (string | LibraryInput)[]
  /**
   * What conflicts between the jars come to, before anything is launched: `warn` (default) tells of them by the event
   * `classPath.conflicts`; `fail` refuses those that do harm, with `CLASS_PATH_CONFLICT`; `ignore` does not look.
   */
  readonly conflicts?: ConflictPolicy
  /** How coordinates among the libraries are resolved. */
  readonly packages?: PackageSettings
  /** Shown by Mesos. Default `jarcast`. */
  readonly name?: string
  /** The user that tasks run as. Default: the one that runs this process. */
  readonly user?: string
  /** Role that offers are asked for. Default `*`. */
  readonly role?: string
  /** The same, for a framework in several roles. */
  readonly roles?: readonly string[]
  /**
   * What the framework can deal with beside MULTI_ROLE, PARTITION_AWARE and RESERVATION_REFINEMENT, such as
   * GPU_RESOURCES (else agents with GPUs are not offered), SHARED_RESOURCES, REGION_AWARE.
   */
  readonly capabilities?: readonly FrameworkInfoCapabilityType[]
  /** Which agents to be offered at all, per role; masters of 1.11 or newer keep to it. Default all. */
  readonly offerConstraints?: SchedulerOfferConstraints
  /** How long an offer that nothing needs is kept for tasks to come, at most, ms. Default 1000; 0: declined at once. */
  readonly offerHoldMs?: number
  /**
   * What is said when an agent is to go away for maintenance: `accept` lets it take the tasks down with it, `move` kills
   * them and launches them elsewhere, `ask` leaves it to `answerInverseOffer`. Default accept.
   */
  readonly maintenance?: 'accept' | 'decline' | 'move' | 'ask'
  /** What becomes of tasks that Mesos runs and this framework does not know. Default: they are reported. */
  readonly unknownTasks?: 'report' | 'kill'
  /** How often Mesos is asked for all tasks that it runs, ms. Default 15 minutes. */
  readonly reconcileEveryMs?: number
  /** REVIVE calls that may be sent in a row, and the time after which one more may. Default 60, and 1000 ms. */
  readonly revives?: { readonly burst?: number; readonly refillMs?: number }
  /** Id of an earlier run within its failover timeout: tasks still running are then this framework's. */
  readonly frameworkId?: string
  /** How long Mesos keeps tasks running while this process is away, ms. Default 60,000. */
  readonly failoverTimeoutMs?: number
  /** How long to go on trying to reach a master, at the start and after every loss, ms. Default 60,000. */
  readonly timeoutMs?: number
  readonly jarServer?: JarServerSettings
  readonly executor?: ExecutorSettings
  /**
   * Who brings the libraries to the tasks: `executor` (default), jarcast's own, which checks every byte and runs all
   * kinds of work; `fetcher`, Mesos', which puts them into the sandboxes of plain commands, or of the executor script.
   */
  readonly delivery?: DeliveryMode
  /** Who this framework is to its masters, or the path of a file as in `readCredentials`. Default: nobody asks. */
  readonly credentials?: Credentials | string
  /** Shown by Mesos, and what picks one of several credentials in a file. Default: that of the credentials. */
  readonly principal?: string
  /** For masters that speak https, also where ZooKeeper names them. Default: what Node trusts. */
  readonly tls?: TlsOptions
  /** Of calls and events, between scheduler and master and between executors and agents. Default `protobuf`. */
  readonly codec?: 'protobuf' | 'json'
  /**
   * Folder of the journal. One that a run of this framework has left is recovered from: same framework id, tasks
   * reconciled, outcomes of tasks with ids of your own remembered. Default: nothing is kept.
   */
  readonly journal?: string
  /** Standard XState inspection, handed to every actor of the scheduler. */
  readonly inspect?: ActorOptions<typeof schedulerMachine>['inspect']
}

/** Lock file, BOMs, exclusions, registries: see `resolvePackages`. Default lock file: one beside the journal, or none. */
export type PackageSettings = Omit<
  ResolveOptions,
  'signal' | 'onProgress' | 'onResolving' | 'onWarning'
> &
  Omit<PackageRequest, 'packages'>

export type ConflictPolicy = 'warn' | 'fail' | 'ignore'

export type DeliveryMode = 'executor' | 'fetcher'

export interface JarServerSettings {
  /** Address that is listened on. Default: all of them. */
  readonly bind?: string
  /** Host that executors are told. Default: the local address of the connection to the master. */
  readonly advertise?: string
  /** Default 0: any free one. */
  readonly port?: number
  /** Libraries sent at a time; others wait, hosts in turn. Default 128. */
  readonly maxStreams?: number
  /** Bytes of libraries sent per second, to all executors together. Default: as fast as it goes. */
  readonly egressBytesPerSecond?: number
  /**
   * Gives libraries and the status page to every client, for a trusted network. Default false: only
   * to clients with a permission of this run.
   */
  readonly open?: boolean
  /**
   * Speaks https with this certificate, or with one of an authority of the run (`auto`). The
   * authority travels with the tasks. Agents whose fetcher brings libraries or a script must trust
   * it already. Executors do not relay libraries then. Default: plain http.
   */
  readonly tls?: ServerTlsFiles | 'auto'
  /**
   * Host names that browsers may use, besides addresses, the host's name and the advertised name.
   */
  readonly allowHosts?: readonly string[]
  /**
   * Whether executors pass libraries of more than 4 MiB on to each other while they fetch them, and listen at a port of their
   * own for it. Default true.
   */
  readonly relay?: boolean
}

export interface ExecutorSettings {
  /** Command that runs Node on the agents. Default `node`. */
  readonly node?: string
  /** Path of a script to run in place of jarcast's executor, as `/bin/sh SCRIPT uri,uri`. */
  readonly script?: string
  /** Beside those of its tasks. Default 0.1 cpus, 128 MB. */
  readonly resources?: ResourceRequest
  /** Set for the executor, and so for its tasks. Mesos shows it in `/state`: no secrets. */
  readonly environment?: Readonly<Record<string, string>>
  /** Image, volumes and networks that the executor, and so its tasks, run in. */
  readonly container?: ContainerInfo
}

/** The same with defaults: what the rest of the framework works with. */
export interface FrameworkSettings {
  /** May hold the password for ZooKeeper; a secret. */
  readonly masters: readonly string[]
  readonly principal: string | undefined
  /** A secret. */
  readonly credentials: Credentials | undefined
  readonly tls: TlsOptions | undefined
  /** Coordinates have theirs in place of a path. */
  readonly libraries: readonly LibraryInput[]
  readonly packages: PackageSettings
  readonly conflicts: ConflictPolicy
  readonly name: string
  readonly user: string
  readonly roles: readonly string[]
  readonly capabilities: readonly FrameworkInfoCapabilityType[]
  readonly offerConstraints: SchedulerOfferConstraints | undefined
  readonly policy: SchedulerPolicy
  readonly hostname: string
  readonly frameworkId: string | undefined
  readonly failoverTimeoutMs: number
  readonly timeoutMs: number
  readonly jarServer: JarServerSettings
  readonly delivery: DeliveryMode
  readonly executor: ExecutorSettings & Required<Pick<ExecutorSettings, 'node' | 'resources'>>
  readonly mediaType: MediaType
  readonly journal: string | undefined
}

/** Fills in the defaults. Throws `CONFIG_INVALID` naming the setting and what it takes. */
export function toSettings(options: FrameworkOptions): FrameworkSettings {
  const masters = [options.master].flat()
  if (masters.length === 0 || masters.some((master) => /^\s*(?:,|$)/.test(master))) {
    throw invalid('master', 'must be an address such as http://10.0.0.1:5050')
  }
  const { codec = 'protobuf', executor } = options
  const mediaType = mediaTypes[codec] as MediaType | undefined
  if (mediaType === undefined) throw invalid('codec', 'must be protobuf or json')
  const credentials = credentialsOf(options)
  assertExecutor(executor)
  assertWorkable(options)
  return {
    masters,
    credentials,
    principal: options.principal ?? credentials?.principal,
    tls: options.tls,
    libraries: (options.libraries ?? []).map((library) =>
      typeof library === 'string' ? { path: library } : library,
    ),
    packages: options.packages ?? {},
    conflicts: conflictPolicyOf(options.conflicts),
    name: options.name ?? 'jarcast',
    user: options.user ?? currentUser(),
    roles: rolesOf(options),
    capabilities: options.capabilities ?? [],
    offerConstraints: options.offerConstraints,
    policy: policyOf(options),
    hostname: hostname(),
    frameworkId: frameworkIdOf(options.frameworkId),
    failoverTimeoutMs: failoverTimeoutOf(options.failoverTimeoutMs),
    timeoutMs: positive('timeoutMs', options.timeoutMs ?? 60_000),
    delivery: deliveryModeOf(options.delivery),
    jarServer: jarServerOf(options.jarServer),
    executor: {
      ...executor,
      node: executor?.node ?? 'node',
      resources: executor?.resources ?? { cpus: 0.1, memMb: 128 },
      // The default is not told: executors of before and after are the same to Mesos.
      environment: {
        ...executor?.environment,
        ...(codec === 'protobuf' ? {} : { JARCAST_CODEC: codec }),
      },
    },
    mediaType,
    journal: options.journal,
  }
}

const mediaTypes = { protobuf: 'application/x-protobuf', json: 'application/json' } as const

function credentialsOf({ credentials, principal }: FrameworkOptions): Credentials | undefined {
  if (typeof credentials === 'string') return readCredentials(credentials, principal)
  if (credentials === undefined) return undefined
  if (principal !== undefined && principal !== credentials.principal) {
    throw invalid('principal', 'must be that of the credentials, or be left out')
  }
  return checkCredentials(credentials)
}

function rolesOf({ role, roles }: FrameworkOptions): readonly string[] {
  for (const one of [...(roles ?? []), ...(role === undefined ? [] : [role])]) {
    const fault = findRoleFault(one)
    if (fault !== undefined)
      throw invalid(roles === undefined ? 'role' : 'roles', `(${showId(one)}) ${fault}`)
  }
  if (roles === undefined) return [role ?? '*']
  if (role !== undefined) throw invalid('role', 'must not be set beside roles')
  if (roles.length === 0 || new Set(roles).size < roles.length)
    throw invalid('roles', 'must name at least one role, and none twice')
  return roles
}

function frameworkIdOf(id: string | undefined): string | undefined {
  const fault = id === undefined ? undefined : findMesosIdFault(id)
  if (fault !== undefined) throw invalid('frameworkId', fault)
  return id
}

function policyOf(options: FrameworkOptions): SchedulerPolicy {
  const { offerHoldMs = 1000, maintenance, unknownTasks, reconcileEveryMs, revives } = options
  const { burst = 1, refillMs = 1 } = revives ?? {}
  if (!(burst >= 1 && refillMs >= 1)) throw invalid('revives', 'must be numbers, 1 or more')
  if (reconcileEveryMs !== undefined && !(reconcileEveryMs >= 1000))
    throw invalid('reconcileEveryMs', 'must be a number of ms, 1000 or more')
  return {
    offerHoldMs: positive('offerHoldMs', offerHoldMs),
    ...(maintenance === undefined ? {} : { inverseOffers: maintenance }),
    ...(unknownTasks === undefined ? {} : { unknownTasks }),
    ...(reconcileEveryMs === undefined ? {} : { reconcileEveryMs }),
    ...(revives === undefined ? {} : { revives }),
  }
}

/** A process may run under a number that has no name, as in many containers; Mesos wants a name. */
function currentUser(): string {
  try {
    return userInfo().username
  } catch (cause) {
    const message = 'user must be set (--user NAME): the user of this process has no name'
    throw new JarcastError('CONFIG_INVALID', message, { cause, details: { setting: 'user' } })
  }
}

/** Mesos would refuse it only when the first task is launched. */
function assertExecutor({ container, resources = {} }: ExecutorSettings = {}): void {
  const fault =
    findRequestFault(resources) ??
    (container && findMessageFault('mesos.v1.ContainerInfo', container, 'container'))
  if (fault === undefined) return
  const message = `executor.${fault}`
  throw new JarcastError('CONFIG_INVALID', message, { details: { setting: 'executor' } })
}

/** Combinations that no task could run with, or that would be ignored. */
function assertWorkable({
  libraries = [],
  delivery,
  executor = {},
  jarServer,
}: FrameworkOptions): void {
  const { script, container } = executor
  if (jarServer?.tls === 'auto' && (delivery === 'fetcher' || script !== undefined)) {
    const what = script === undefined ? 'delivery "fetcher"' : 'executor.script'
    throw invalid(
      'jarServer.tls',
      `"auto" (--jar-server-tls) excludes ${what}: Mesos' fetcher cannot verify a certificate that is made at the start; give certFile and keyFile`,
    )
  }
  const unused = script === undefined ? container && 'executor.container' : 'executor.script'
  if (unused !== undefined && libraries.length === 0)
    throw invalid(unused, 'needs at least one library: without any, tasks are plain commands')
}

function deliveryModeOf(mode: DeliveryMode = 'executor'): DeliveryMode {
  if (['executor', 'fetcher'].includes(mode)) return mode
  throw invalid('delivery', 'must be executor or fetcher')
}

function conflictPolicyOf(policy: ConflictPolicy = 'warn'): ConflictPolicy {
  if (['warn', 'fail', 'ignore'].includes(policy)) return policy
  throw invalid('conflicts', 'must be warn, fail or ignore')
}

function jarServerOf(settings: JarServerSettings = {}): JarServerSettings {
  const { tls, open, port = 0 } = settings
  // Otherwise the error would appear only after registration.
  if (tls !== undefined && tls !== 'auto') readServerTls(tls)
  if (tls !== undefined && open === true)
    throw invalid('jarServer.open', 'and jarServer.tls exclude each other')
  return { ...settings, port: portOf(port) }
}

/** Mesos keeps it as 64 bits of nanoseconds, and refuses the framework for more. */
const maxFailoverMs = 9_223_372_036_000

export function failoverTimeoutOf(value = 60_000): number {
  if (positive('failoverTimeoutMs', value) <= maxFailoverMs) return value
  throw invalid('failoverTimeoutMs', `must be at most ${maxFailoverMs} ms (292 years)`)
}

function positive(name: string, value: number): number {
  if (!Number.isFinite(value) || value < 0) throw invalid(name, 'must be a number of ms, 0 or more')
  return value
}

function portOf(value: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value
  throw invalid('jarServer.port', 'must be a port, 0 to 65535')
}

function invalid(name: string, why: string): JarcastError {
  return new JarcastError('CONFIG_INVALID', `${name} ${why}`, { details: { setting: name } })
}
