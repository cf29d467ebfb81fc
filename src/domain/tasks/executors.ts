/** The executor that runs a task, and the resources that it needs. */
import { createHash } from 'node:crypto'
import type { CommandInfo, CommandInfoURI, ContainerInfo } from '../../mesos/types.generated.ts'
import { getFrom } from '../persistent-map.ts'
import type { PersistentMap } from '../persistent-map.ts'
import type { Platform } from '../runtimes/platforms.ts'
import type { FetchedFile } from './check-command.ts'
import type { ResourceRequest } from './resource-request.ts'
import { launchIdOf } from './task-request.ts'
import type { TaskRequest } from './task-request.ts'
import type { LibrarySetReference } from './task-payload.ts'

/** How to start the executor of a framework; plain data, the same for every task. */
export interface ExecutorPlan {
  readonly command: CommandInfo
  readonly resources: ResourceRequest
  /** The program that Mesos' fetcher brings; the command checks it before it runs it. */
  readonly program?: FetchedFile
  /**
   * Identifies the permissions that are added to its command when it is sent. Other permissions
   * make another executor, since Mesos refuses a different command under a known id.
   */
  readonly permission?: string
  /** Platforms that its command may ask for, by exit status, if it finds no Node.js. */
  readonly asksFor?: readonly Platform[]
  /** Shown by Mesos. */
  readonly name: string
  readonly shutdownGraceMs?: number
  /** Its tasks run in this container, too. */
  readonly container?: ContainerInfo
}

/** What a launch needs to know of the jar server, once it listens. */
export interface Delivery {
  /** Absent where tasks are plain commands. */
  readonly executor?: ExecutorPlan
  readonly librarySet?: LibrarySetReference
  /** Libraries that Mesos' fetcher brings into the sandbox of every command. */
  readonly fetched?: FetchedLibraries
  /** For agents without a Node.js that fits. Absent while none is known. */
  readonly runtimes?: RuntimeDelivery
}

/** The agents that need a Node.js, and how they get it. */
export interface RuntimeDelivery {
  /** Platforms of the agents, by agent id. */
  readonly agents: PersistentMap<Platform>
  /** Executors whose fetcher brings the Node.js of a platform. */
  readonly shipments: Readonly<Partial<Record<Platform, RuntimeShipment>>>
}

/** The plan once the jar server has the Node.js; until then nothing is launched on such agents. */
export type RuntimeShipment = ExecutorPlan | 'preparing' | 'unavailable'

export interface FetchedLibraries {
  readonly uris: readonly CommandInfoURI[]
  /** Their digests: a command checks them before it starts. */
  readonly files: readonly FetchedFile[]
  /** The jars, as paths relative to the sandbox, joined by colons. */
  readonly classPath: string
}

/** The executor of one task or one group, with what offers must have for it. */
export interface ExecutorNeed {
  readonly executorId: string
  readonly resources: ResourceRequest
  /** Absent for Mesos' own default executor. */
  readonly plan?: ExecutorPlan
}

/** Mesos' default executor. Mesos refuses it with less than 0.01 cpus or 32 MB, or without disk. */
const defaultExecutorResources: ResourceRequest = { cpus: 0.1, memMb: 32, diskMb: 32 }

/** `jarcast-` and the first 16 hex digits of the plan's SHA-256. */
export function executorIdOf(plan: ExecutorPlan): string {
  const hash = createHash('sha256').update(JSON.stringify(plan)).digest('hex')
  return `jarcast-${hash.slice(0, 16)}`
}

/**
 * The executor of an agent that tasks share, and the one that groups share: Mesos wants disk for
 * executors of groups.
 */
export interface Executors {
  readonly ofTasks: ExecutorNeed | undefined
  readonly ofGroups: ExecutorNeed | undefined
}

export function executorsOf(delivery: Delivery | undefined, agentId: string): Executors {
  const shipment = shipmentFor(delivery, agentId)
  const plan = typeof shipment === 'object' ? shipment : delivery?.executor
  if (plan === undefined) return none
  const known = made.get(plan)
  if (known !== undefined) return known
  const executors = makeExecutors(plan)
  made.set(plan, executors)
  return executors
}

/** True while the Node.js for this agent is being prepared: nothing can be launched there. */
export function awaitsRuntime(delivery: Delivery | undefined, agentId: string): boolean {
  return shipmentFor(delivery, agentId) === 'preparing'
}

const none: Executors = { ofTasks: undefined, ofGroups: undefined }
/** Plans never change. Ids are hashes of them, which matching needs for each offer. */
const made = new WeakMap<ExecutorPlan, Executors>()

function shipmentFor(delivery: Delivery | undefined, agentId: string): RuntimeShipment | undefined {
  const runtimes = delivery?.runtimes
  const platform = runtimes && getFrom(runtimes.agents, agentId)
  return platform && runtimes?.shipments[platform]
}

function makeExecutors(plan: ExecutorPlan): Executors {
  const { diskMb = 0 } = plan.resources
  const grown =
    diskMb > 0 ? plan : { ...plan, resources: { ...plan.resources, diskMb: defaultDiskMb } }
  return { ofTasks: needOf(plan), ofGroups: needOf(grown) }
}

interface LaunchedTask {
  readonly request: TaskRequest
  readonly attempt: number
}

/**
 * The executor for one task, or for all tasks of a group. A group without an executor of ours runs
 * in Mesos' default executor.
 */
export function executorOf(
  executors: Executors,
  [first]: readonly LaunchedTask[],
): ExecutorNeed | undefined {
  const group = first?.request.group
  if (first === undefined || group === undefined) return executors.ofTasks
  return (
    executors.ofGroups ?? {
      executorId: `group-${launchIdOf(group, first.attempt)}`,
      resources: defaultExecutorResources,
    }
  )
}

const defaultDiskMb = 32

function needOf(plan: ExecutorPlan): ExecutorNeed {
  return { executorId: executorIdOf(plan), resources: plan.resources, plan }
}
