/** What a framework's user asks for: one task, its needs, and what to do when it fails. */
import { JarcastError } from '../errors.ts'
import type { CommandInfo } from '../mesos/types.generated.ts'
import type { ResourceRequest } from './resources.ts'
import { defaultMaxResultBytes, findFault, isTaskWork } from './task-work.ts'
import type { TaskWork } from './task-work.ts'

export interface TaskRequest {
  /** Unique among the tasks that are not finished; 1–200 characters, no `/`, no `~`. */
  readonly id: string
  /** Shown by Mesos. Default: the id. */
  readonly name?: string
  /** Run by jarcast's executor on the agent. */
  readonly work: TaskWork
  /** Default: what a task host of its kind needs to start; see `resourcesOf`. */
  readonly resources?: ResourceRequest
  readonly constraints?: TaskConstraints
  readonly retry?: RetryPolicy
  /** Bytes of JSON; a larger result fails the task. Default 1 MiB. */
  readonly maxResultBytes?: number
  /** Between SIGTERM and SIGKILL when the task is killed, ms. Default: the executor's (3 s). */
  readonly killGraceMs?: number
}

/** Where a task may run; all of them must hold. */
export interface TaskConstraints {
  readonly hostname?: string
  /** Text attributes of the agent, by name. */
  readonly attributes?: Readonly<Record<string, string>>
}

export interface RetryPolicy {
  /** How often the task may run to a failure before it has failed for good. Default 1: it is not tried again. */
  readonly maxAttempts: number
}

/** Relaunches of a task that never ran to an end (dropped, lost, its agent gone): they are not the task's fault. */
export const maxLosses = 5

/** Enough for a JVM with its default heap on a small job, a Node, a shell: agents may kill what takes more. */
const defaultResources: Readonly<Record<TaskWork['kind'], ResourceRequest>> = {
  'load-class': { cpus: 0.5, memMb: 512 },
  java: { cpus: 0.5, memMb: 512 },
  js: { cpus: 0.1, memMb: 128 },
  shell: { cpus: 0.1, memMb: 32 },
}

/** What the task asks for; a default stands in for each of cpus and memory that it does not name. */
export function resourcesOf({ work, resources }: TaskRequest): ResourceRequest {
  return { ...defaultResources[work.kind], ...resources }
}

/** Checks a request. Throws `TASK_INVALID` naming the task and what to change. */
export function checkTaskRequest(request: TaskRequest): TaskRequest {
  const { id, work, retry, resources = {}, maxResultBytes = defaultMaxResultBytes } = request
  if (
    typeof id !== 'string' ||
    !/^[^/~\u0000-\u001f\u007f]{1,200}$/.test(id) ||
    /^\.{1,2}$/.test(id)
  ) {
    throw invalid(id, 'its id must have 1–200 characters, none of them / or ~')
  }
  if (!isTaskWork(work)) throw invalid(id, 'its work is none of load-class, java, js, shell')
  const fault = findFault(work)
  if (fault !== undefined) throw invalid(id, fault)
  const amounts = Object.entries(resources)
  const wrong = amounts.find(([, amount]) => !(Number.isFinite(amount) && Number(amount) >= 0))
  if (wrong !== undefined) throw invalid(id, `resources.${wrong[0]} must be a number, 0 or more`)
  if (!(toCount(retry?.maxAttempts ?? 1) >= 1))
    throw invalid(id, 'retry.maxAttempts must be 1 or more')
  if (!(toCount(maxResultBytes) >= 1)) throw invalid(id, 'maxResultBytes must be 1 or more')
  return request
}

/** The id that Mesos sees: the task's own, then `id~2`, `id~3` … when it is launched again. */
export function launchIdOf(id: string, attempt: number): string {
  return attempt === 1 ? id : `${id}~${attempt}`
}

/** The task and the attempt behind an id that Mesos sent. */
export function parseLaunchId(launchId: string): { readonly id: string; readonly attempt: number } {
  const [, id, attempt] = /^(.+)~(\d+)$/.exec(launchId) ?? []
  return id === undefined ? { id: launchId, attempt: 1 } : { id, attempt: Number(attempt) }
}

/** The command of a task that needs no executor of ours. */
export function commandOf(work: TaskWork): CommandInfo | undefined {
  return work.kind === 'shell' ? { shell: true, value: work.command } : undefined
}

function toCount(value: number): number {
  return Number.isSafeInteger(value) ? value : Number.NaN
}

function invalid(id: string, why: string): JarcastError {
  return new JarcastError('TASK_INVALID', `task ${id}: ${why}`, { details: { taskId: id } })
}
