/** What a framework can be told, checked and with every default filled in. */
import { hostname, userInfo } from 'node:os'
import type { ActorOptions } from 'xstate'
import type { ResourceRequest } from '../domain/resource-request.ts'
import { JarcastError } from '../errors.ts'
import type { schedulerMachine } from '../machines/scheduler.ts'
import type { MediaType } from '../mesos/codec.ts'
import type { LibraryInput } from '../server/library-check.ts'

export interface FrameworkOptions {
  /** `http://host:port` or `host:port` of a master; several where any of them may lead. */
  readonly master: string | readonly string[]
  /** What is shipped to the executors: files, npm tarballs, folders of npm packages; in class-path order. */
  readonly libraries?: readonly (string | LibraryInput)[]
  /** Shown by Mesos. Default `jarcast`. */
  readonly name?: string
  /** The user that tasks run as. Default: the one that runs this process. */
  readonly user?: string
  /** Role that offers are asked for. Default `*`. */
  readonly role?: string
  /** Id of an earlier run within its failover timeout: tasks still running are then this framework's. */
  readonly frameworkId?: string
  /** How long Mesos keeps tasks running while this process is away, ms. Default 60,000. */
  readonly failoverTimeoutMs?: number
  /** How long to go on trying to reach a master, at the start and after every loss, ms. Default 60,000. */
  readonly timeoutMs?: number
  readonly jarServer?: JarServerSettings
  readonly executor?: ExecutorSettings
  /** Default `application/x-protobuf`. */
  readonly mediaType?: MediaType
  /**
   * Folder of the journal. One that a run of this framework has left is recovered from: same framework id, tasks
   * reconciled, outcomes of tasks with ids of your own remembered. Default: nothing is kept.
   */
  readonly journal?: string
  /** Standard XState inspection, handed to every actor of the scheduler. */
  readonly inspect?: ActorOptions<typeof schedulerMachine>['inspect']
}

export interface JarServerSettings {
  /** Address that is listened on. Default: all of them. */
  readonly bind?: string
  /** Host that executors are told. Default: the local address of the connection to the master. */
  readonly advertise?: string
  /** Default 0: any free one. */
  readonly port?: number
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
}

/** The same with defaults: what the rest of the framework works with. */
export interface FrameworkSettings {
  readonly masters: readonly string[]
  readonly libraries: readonly LibraryInput[]
  readonly name: string
  readonly user: string
  readonly role: string
  readonly hostname: string
  readonly frameworkId: string | undefined
  readonly failoverTimeoutMs: number
  readonly timeoutMs: number
  readonly jarServer: JarServerSettings
  readonly executor: ExecutorSettings & Required<Pick<ExecutorSettings, 'node' | 'resources'>>
  readonly mediaType: MediaType
  readonly journal: string | undefined
}

/** Fills in the defaults. Throws `CONFIG_INVALID` naming the setting and what it takes. */
export function toSettings(options: FrameworkOptions): FrameworkSettings {
  const masters = [options.master].flat().flatMap((list) => list.split(','))
  if (masters.some((master) => master.trim() === '')) {
    throw invalid('master', 'must be an address such as http://10.0.0.1:5050')
  }
  return {
    masters,
    libraries: (options.libraries ?? []).map((library) =>
      typeof library === 'string' ? { path: library } : library,
    ),
    name: options.name ?? 'jarcast',
    user: options.user ?? currentUser(),
    role: options.role ?? '*',
    hostname: hostname(),
    frameworkId: options.frameworkId,
    failoverTimeoutMs: positive('failoverTimeoutMs', options.failoverTimeoutMs ?? 60_000),
    timeoutMs: positive('timeoutMs', options.timeoutMs ?? 60_000),
    jarServer: { ...options.jarServer, port: portOf(options.jarServer?.port ?? 0) },
    executor: {
      ...options.executor,
      node: options.executor?.node ?? 'node',
      resources: options.executor?.resources ?? { cpus: 0.1, memMb: 128 },
    },
    mediaType: options.mediaType ?? 'application/x-protobuf',
    journal: options.journal,
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
