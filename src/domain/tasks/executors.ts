/** Which executor runs a task, and what starting it takes. */
import { createHash } from 'node:crypto'
import type { CommandInfo, CommandInfoURI, ContainerInfo } from '../../mesos/types.generated.ts'
import type { FetchedFile } from './check-command.ts'
import type { ResourceRequest } from './resource-request.ts'
import { launchIdOf } from './task-request.ts'
import type { TaskRequest } from './task-request.ts'
import type { LibrarySetReference } from './task-payload.ts'

/** How the executor of a framework is started; plain data, the same for every task. */
export interface ExecutorPlan {
  readonly command: CommandInfo
  readonly resources: ResourceRequest
  /** Files that Mesos' fetcher brings and the command checks before it runs them. */
  readonly program?: FetchedFile
  /**
   * Identifies the permissions that are added to its command when it is sent. Other permissions
   * make another executor, since Mesos refuses a different command under a known id.
   */
  readonly permission?: string
  /** Shown by Mesos. */
  readonly name: string
  readonly shutdownGraceMs?: number
  /** Its tasks run in it, too. */
  readonly container?: ContainerInfo
}

/** What the jar server offers once it listens: all that launching needs to know of it. */
export interface Delivery {
  /** Absent where tasks are plain commands. */
  readonly executor?: ExecutorPlan
  readonly librarySet?: LibrarySetReference
  /** What Mesos' fetcher brings into the sandbox of every command. */
  readonly fetched?: FetchedLibraries
}

export interface FetchedLibraries {
  readonly uris: readonly CommandInfoURI[]
  /** What these are to be, which a command checks before it begins. */
  readonly files: readonly FetchedFile[]
  /** The jars, as paths from the sandbox, joined by colons. */
  readonly classPath: string
}

/** The executor of one task, or of the tasks of one group, as far as offers are concerned. */
export interface ExecutorNeed {
  readonly executorId: string
  readonly resources: ResourceRequest
  /** Absent for Mesos' own default executor. */
  readonly plan?: ExecutorPlan
}

/** Mesos' own default executor; it refuses to start one with less than 0.01 cpus, 32 MB, and some disk. */
const defaultExecutorResources: ResourceRequest = { cpus: 0.1, memMb: 32, diskMb: 32 }

/** `jarcast-` and the first 16 hex digits of the plan's SHA-256. */
export function executorIdOf(plan: ExecutorPlan): string {
  const hash = createHash('sha256').update(JSON.stringify(plan)).digest('hex')
  return `jarcast-${hash.slice(0, 16)}`
}

/** The executor that tasks share, and the one that groups do: Mesos wants disk for executors of groups. */
export interface Executors {
  readonly ofTasks: ExecutorNeed | undefined
  readonly ofGroups: ExecutorNeed | undefined
}

export function executorsOf(delivery: Delivery | undefined): Executors {
  const plan = delivery?.executor
  if (plan === undefined) return { ofTasks: undefined, ofGroups: undefined }
  const { diskMb = 0 } = plan.resources
  const grown =
    diskMb > 0 ? plan : { ...plan, resources: { ...plan.resources, diskMb: defaultDiskMb } }
  return { ofTasks: needOf(plan), ofGroups: needOf(grown) }
}

interface LaunchedTask {
  readonly request: TaskRequest
  readonly attempt: number
}

/** The executor for these tasks: one, or all of a group. A group without an executor of ours has Mesos' own. */
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
