/** From tasks as users give them to requests for the scheduler. */
import { randomUUID } from 'node:crypto'
import { findCommandFault, findExecutorFault } from '../../domain/tasks/command.ts'
import { findIdFault } from '../../domain/ids.ts'
import { isRecord } from '../../domain/json.ts'
import { checkGroup, checkTaskRequest } from '../../domain/tasks/check-task-request.ts'
import type { TaskRequest } from '../../domain/tasks/task-request.ts'
import { JarcastError } from '../../errors.ts'
import { needsProgram } from '../delivery/executor-program.ts'
import { toSettings } from '../options/settings.ts'
import type { FrameworkOptions } from '../options/options.ts'
import type { FrameworkSettings } from '../options/settings.ts'

/** A task request with an optional id. Default: the task's name, or kind of work, and a UUID. */
export type TaskOptions = Omit<TaskRequest, 'id' | 'group'> & { readonly id?: string }

export type RunSettings = Pick<
  FrameworkSettings,
  'libraries' | 'delivery' | 'executor' | 'capabilities' | 'roles'
>

/** Throws `TASK_INVALID` with the id of the task and the remedy. */
export function toRequest(task: TaskOptions, settings: RunSettings): TaskRequest {
  if (!isRecord(task))
    throw new JarcastError('TASK_INVALID', 'a task must be an object such as { work: … }')
  // Only `runGroup` makes groups: a single member would wait for the others for ever.
  const { group: _, ...own } = task as TaskOptions & Pick<TaskRequest, 'group'>
  const id = task.id ?? nextId(task)
  const request = checkTaskRequest({ ...own, id })
  const fault = findRunFault(request, settings)
  if (fault === undefined) return request
  throw new JarcastError('TASK_INVALID', `task ${id}: ${fault}`, { details: { taskId: id } })
}

/** A name may have characters, or a length, that an id may not. */
function nextId(task: TaskOptions): string {
  const named = `${task.name}-${randomUUID()}`
  const isUsable = task.name !== undefined && findIdFault(named) === undefined
  return isUsable ? named : `${kindOf(task)}-${randomUUID()}`
}

/** JavaScript callers may leave out any field. */
function kindOf({ work }: { readonly work?: unknown }): string {
  const kind = isRecord(work) ? work['kind'] : undefined
  return typeof kind === 'string' ? kind : 'task'
}

/** Throws `TASK_INVALID` with the id of the group, or of the task in it. */
export function toGroupRequests(
  tasks: readonly TaskOptions[],
  id: string | undefined,
  settings: RunSettings,
): readonly TaskRequest[] {
  const group = id ?? `group-${randomUUID()}`
  const requests = tasks.map((task) => ({ ...toRequest(task, settings), group }))
  return checkGroup(group, requests)
}

/**
 * Refuses tasks that a framework with these options can never run, before it is created. Errors:
 * `TASK_INVALID` with the id of the task or its group; `CONFIG_INVALID` with the setting.
 */
export function checkTasks(tasks: readonly TaskRequest[], options: FrameworkOptions): void {
  const settings = toSettings(options)
  for (const group of new Set(tasks.map((task) => task.group))) {
    const members = tasks.filter((task) => task.group === group)
    if (group === undefined) for (const task of members) toRequest(task, settings)
    else toGroupRequests(members, group, settings)
  }
}

export function alreadyRuns(taskId: string): JarcastError {
  return new JarcastError('TASK_INVALID', `task ${taskId}: a task with this id has not ended yet`, {
    details: { taskId },
  })
}

/** Mesos offers some resources only to frameworks with a capability. */
function findLack({ resources = {} }: TaskRequest, { capabilities }: RunSettings) {
  const wanted = [
    ...((resources.gpus ?? 0) > 0 ? (['GPU_RESOURCES'] as const) : []),
    ...(resources.revocable === true ? (['REVOCABLE_RESOURCES'] as const) : []),
  ]
  const missing = wanted.find((capability) => !capabilities.includes(capability))
  if (missing === undefined) return undefined
  const what = missing === 'GPU_RESOURCES' ? 'gpus' : 'revocable resources'
  return `${what} are offered only to frameworks with a capability: add ${missing} to capabilities`
}

/** Why no executor of this framework can run the task. */
function findRunFault(request: TaskRequest, settings: RunSettings): string | undefined {
  const { roles } = settings
  if (request.role !== undefined && !roles.includes(request.role))
    return `its role ${request.role} is not among the framework's roles: ${roles.join(', ')}`
  const lacking = findLack(request, settings)
  if (lacking !== undefined) return lacking
  const { kind } = request.work
  if (settings.libraries.length === 0) {
    return kind === 'shell'
      ? undefined
      : `${kind} tasks need at least one library; name it in libraries`
  }
  return needsProgram(settings) ? findExecutorFault(request) : findCommandFault(request)
}
