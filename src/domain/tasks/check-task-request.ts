/** Checks of tasks and groups that a user submits: each error says what to change. */
import { JarcastError } from '../../errors.ts'
import { findIdFault, findRoleFault, showId } from '../ids.ts'
import { findUnknownField } from '../unknown-field.ts'
import { findMesosFault } from './mesos-fields.ts'
import type { MesosFields } from './mesos-fields.ts'
import { findPlainFault, passedFields } from './plain-options.ts'
import { findRequestFault } from './resource-request.ts'
import { findConstraintsFault } from './task-constraints.ts'
import { defaultMaxResultBytes, isEnvironment } from './task-payload.ts'
import { resourcesOf } from './task-request.ts'
import type { TaskRequest } from './task-request.ts'
import { findWorkFault } from './task-work.ts'

const known: Readonly<Record<keyof TaskRequest, true>> = {
  id: true,
  name: true,
  work: true,
  resources: true,
  constraints: true,
  role: true,
  retry: true,
  maxResultBytes: true,
  killGraceMs: true,
  maxCompletionMs: true,
  unreachableMs: true,
  waitTimeoutMs: true,
  environment: true,
  container: true,
  discovery: true,
  secrets: true,
  mesos: true,
  group: true,
}

/**
 * Maximum size of a task, or of all tasks of a group, in characters of JSON: they are one entry of
 * the journal, and travel through master and agent.
 */
const maxRequestLength = 5 * 1024 * 1024

/**
 * Checks a request, and returns it as JSON would. Throws `TASK_INVALID`, which names the task and
 * what to change.
 */
export function checkTaskRequest(request: TaskRequest): TaskRequest {
  const { id, work, retry, resources = {}, constraints = {} } = request
  const { maxResultBytes = defaultMaxResultBytes } = request
  const idFault = findIdFault(id)
  if (idFault !== undefined) throw invalidTask(id, `its id ${idFault}`)
  const groupFault = request.group === undefined ? undefined : findIdFault(request.group)
  if (groupFault !== undefined) throw invalidTask(id, `the id of its group ${groupFault}`)
  const fault =
    findUnknownField(request, Object.keys(known), 'its field ') ??
    findUnknownField(request.retry ?? {}, ['maxAttempts'], 'retry.') ??
    findWorkFault(work)
  if (fault !== undefined) throw invalidTask(id, fault)
  const wrong =
    findRequestFault(resources) ?? findNoResources(request) ?? findConstraintsFault(constraints)
  if (wrong !== undefined) throw invalidTask(id, wrong)
  const passed =
    findMesosFault(request.mesos ?? {}) ??
    findPlainFault(request) ??
    findLimitFault(request) ??
    findTimeFault(request)
  if (passed !== undefined) throw invalidTask(id, passed)
  const roleFault = request.role === undefined ? undefined : findRoleFault(request.role)
  if (roleFault !== undefined) throw invalidTask(id, `role ${roleFault}`)
  if (!isEnvironment(request.environment ?? {}))
    throw invalidTask(id, 'each value of environment must be a string')
  if (!(toCount(retry?.maxAttempts ?? 1) >= 1))
    throw invalidTask(id, 'retry.maxAttempts must be 1 or more')
  if (!(toCount(maxResultBytes) >= 1)) throw invalidTask(id, 'maxResultBytes must be 1 or more')
  return JSON.parse(textOf(request)) as TaskRequest
}

function textOf(request: TaskRequest): string {
  const { id } = request
  let text: string
  try {
    text = JSON.stringify(request)
  } catch (cause) {
    throw invalidTask(id, `it is not JSON: ${String(cause)}`)
  }
  if (text.length > maxRequestLength) throw invalidTask(id, `it has ${text.length} ${tooMuch}`)
  return text
}

const tooMuch =
  `characters of JSON, more than ${maxRequestLength}; ship large data as a library (a file), ` +
  'or let the task fetch it'

/** Maximum number of tasks in a group: they start on one agent at once. */
const maxGroupSize = 100

/** Checks the tasks of a group. Throws `TASK_INVALID` naming the group or the task. */
export function checkGroup(
  group: string,
  requests: readonly TaskRequest[],
): readonly TaskRequest[] {
  const idFault = findIdFault(group)
  if (idFault !== undefined) throw invalidGroup(group, `its id ${idFault}`)
  if (requests.length === 0 || requests.length > maxGroupSize) {
    throw invalidGroup(group, `it must have 1 to ${maxGroupSize} tasks`)
  }
  if (new Set(requests.map(({ id }) => id)).size < requests.length) {
    throw invalidGroup(group, 'two of its tasks have the same id')
  }
  const length = requests.reduce((sum, request) => sum + JSON.stringify(request).length, 0)
  if (length > maxRequestLength) throw invalidGroup(group, `its tasks have ${length} ${tooMuch}`)
  for (const request of requests) {
    const { id, retry, constraints } = request
    const alone = findMemberFault(passedFields(request))
    if (alone !== undefined) throw invalidTask(id, alone)
    if ((retry?.maxAttempts ?? 1) > 1)
      throw invalidTask(id, 'a task of a group is not retried alone; leave retry out')
    if (constraints?.rules?.some(({ operator }) => operator === 'group-by'))
      throw invalidTask(id, 'group-by does not work for tasks of a group; use max-per')
  }
  return requests
}

/** Mesos runs the tasks of a group in containers inside that of their executor. */
function findMemberFault({ container, healthCheck }: MesosFields): string | undefined {
  if (container?.type === 'DOCKER')
    return "a task of a group runs in Mesos' containerizer; set container.containerizer to mesos"
  const isProbed = healthCheck?.type === 'HTTP' || healthCheck?.type === 'TCP'
  return isProbed && (container?.networkInfos ?? []).length > 0
    ? 'a task of a group with networks of its own has no HTTP or TCP health check; use a command, or leave container.networks out'
    : undefined
}

/** Mesos refuses a task without resources. */
function findNoResources(request: TaskRequest): string | undefined {
  const {
    cpus = 0,
    memMb = 0,
    diskMb = 0,
    gpus = 0,
    ports = 0,
    volumes = [],
  } = resourcesOf(request)
  const portCount = typeof ports === 'number' ? ports : ports.length
  return cpus + memMb + diskMb + gpus + portCount + volumes.length > 0
    ? undefined
    : 'it asks for no resources: set resources.cpus or resources.memMb above 0'
}

/** Mesos refuses a limit that is 0 or below the request. */
function findLimitFault(request: TaskRequest): string | undefined {
  const { limits: given = {} } = request.mesos ?? {}
  const { cpus = 0, memMb = 0 } = resourcesOf(request)
  const limits = [
    ['mesos.limits.cpus', given['cpus'], 'resources.cpus', cpus],
    ['mesos.limits.mem', given['mem'], 'resources.memMb', memMb],
  ] as const
  for (const [name, limit, of, requested] of limits) {
    if (limit === undefined || (requested > 0 && limit.value >= requested)) continue
    return `${name} must be at least ${of} (${requested}), which must be above 0`
  }
  return undefined
}

function findTimeFault(request: TaskRequest): string | undefined {
  const { killGraceMs, maxCompletionMs, unreachableMs, waitTimeoutMs } = request
  for (const [name, ms] of Object.entries({ killGraceMs, unreachableMs })) {
    if (ms !== undefined && !isTime(ms, 0))
      return `${name} must be a number of ms, 0 to ${maxTimeMs}`
  }
  for (const [name, ms] of Object.entries({ maxCompletionMs, waitTimeoutMs })) {
    if (ms !== undefined && !isTime(ms, 1))
      return `${name} must be a number of ms, 1 to ${maxTimeMs}`
  }
  return undefined
}

/** Mesos counts nanoseconds, which are exact up to here: 104 days. */
const maxTimeMs = Math.floor(Number.MAX_SAFE_INTEGER / 1e6)

function isTime(ms: number, min: number): boolean {
  return Number.isFinite(ms) && ms >= min && ms <= maxTimeMs
}

function toCount(value: number): number {
  return Number.isSafeInteger(value) ? value : Number.NaN
}

function invalidGroup(group: string, why: string): JarcastError {
  return new JarcastError('TASK_INVALID', `group ${showId(group)}: ${why}`, { details: { group } })
}

function invalidTask(id: string, why: string): JarcastError {
  return new JarcastError('TASK_INVALID', `task ${showId(id)}: ${why}`, { details: { taskId: id } })
}
