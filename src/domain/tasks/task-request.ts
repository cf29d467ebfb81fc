/** A task as its user submits it: its work, its needs, and its retry policy. */
import type { TaskContainer } from './container/task-container.ts'
import type { TaskDiscovery } from './container/task-discovery.ts'
import type { SecretVariables } from './container/task-secrets.ts'
import type { MesosFields } from './mesos-fields.ts'
import type { ResourceRequest } from './resource-request.ts'
import type { TaskConstraints } from './task-constraints.ts'
import type { TaskWork } from './task-work.ts'

export interface TaskRequest {
  /**
   * Unique among tasks that have not ended; 1–200 bytes in UTF-8, without `/`, `\`, `~` and control
   * characters.
   */
  readonly id: string
  /** Shown by Mesos. Default: the id. */
  readonly name?: string
  /** What the task runs. */
  readonly work: TaskWork
  /** Default: by the kind of work, enough to start its task host; see `resourcesOf`. */
  readonly resources?: ResourceRequest
  readonly constraints?: TaskConstraints
  /** Uses only offers of this role. Default: any role of the framework. */
  readonly role?: string
  readonly retry?: RetryPolicy
  /** Maximum result, bytes of JSON; a larger one fails the task. Default 1 MiB. */
  readonly maxResultBytes?: number
  /**
   * Time between SIGTERM and SIGKILL when the task is killed, ms. Default: that of the executor (3
   * s).
   */
  readonly killGraceMs?: number
  /** Maximum run time, ms: after that the task is killed and has failed. Default: no limit. */
  readonly maxCompletionMs?: number
  /**
   * How long its agent may be unreachable before the task is launched elsewhere, ms. The old
   * attempt may still run behind the partition; it is killed when its agent returns. Default: no
   * limit.
   */
  readonly unreachableMs?: number
  /**
   * How long it may fit no agent before it ends with PLACEMENT_TIMEOUT, ms. Tasks with equal needs
   * share this time, which starts anew when one of them is launched and when the framework connects
   * again. Default: no limit.
   */
  readonly waitTimeoutMs?: number
  /** Variables for the task. Mesos shows them in `/state`: no secrets. */
  readonly environment?: Readonly<Record<string, string>>
  /** Image, networks, ports and volumes of a plain command. */
  readonly container?: TaskContainer
  /** What service discovery is told: a name, and names of the task's ports. */
  readonly discovery?: TaskDiscovery
  /** Secrets in variables of a plain command, by reference. */
  readonly secrets?: SecretVariables
  /**
   * Passed to Mesos unchanged: container, checks, labels, discovery, limits, details of the
   * command.
   */
  readonly mesos?: MesosFields
  /** Id of its group: tasks of a group start and end together. Set by `runGroup`. */
  readonly group?: string
}

export interface RetryPolicy {
  /** Maximum number of failures: after the last one, the task has failed. Default 1: no retry. */
  readonly maxAttempts: number
}

/**
 * Maximum number of relaunches after losses (dropped, lost, agent gone): they are not failures of
 * the task.
 */
export const maxLosses = 5

/**
 * Enough for a JVM with its default heap and a small job, for Node, for a shell. Agents may kill a
 * task that uses more.
 */
const defaultResources: Readonly<Record<TaskWork['kind'], ResourceRequest>> = {
  'load-class': { cpus: 0.5, memMb: 512 },
  java: { cpus: 0.5, memMb: 512 },
  js: { cpus: 0.1, memMb: 128 },
  shell: { cpus: 0.1, memMb: 32 },
}

/** The resources of the task; defaults stand in for missing cpus and memory. */
export function resourcesOf({ work, resources }: TaskRequest): ResourceRequest {
  return { ...defaultResources[work.kind], ...resources }
}

/** The id for Mesos: that of the task; `id~2`, `id~3` … for later attempts. */
export function launchIdOf(id: string, attempt: number): string {
  return attempt === 1 ? id : `${id}~${attempt}`
}

/** The task and the attempt of an id from Mesos. */
export function parseLaunchId(launchId: string): { readonly id: string; readonly attempt: number } {
  // The short way for first attempts: this runs per status update.
  if (!launchId.includes('~')) return { id: launchId, attempt: 1 }
  const [, id, attempt] = /^(.+)~(\d+)$/.exec(launchId) ?? []
  return id === undefined ? { id: launchId, attempt: 1 } : { id, attempt: Number(attempt) }
}
