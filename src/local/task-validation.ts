/**
 * Why the master refuses a task or a task group, in Mesos' order and words. Resources are in the form with
 * `reservations`, and allocated.
 * Source: apache/mesos src/master/validation.cpp (task, executor, group).
 */
import type { ExecutorInfo, Resource, TaskGroupInfo, TaskInfo } from '../mesos/types.generated.ts'
import { findTaskCheckError } from './check-validation.ts'
import { describeIncompatible, isSameExecutor } from './executor-info.ts'
import { findIdError } from './framework-info.ts'
import { findExecutor, type Framework } from './master-state.ts'
import { formatAmounts, formatResources } from './resource-text.ts'
import {
  findDuplicateVolume,
  findMixedRevocable,
  findMixedRoles,
  findResourcesError,
  hasOverlap,
  sumOf,
} from './resource-validation.ts'
import { addAmounts, amountsOf, containsAmounts, type Amounts } from './resources.ts'
import {
  findCommandError,
  findContainerError,
  findLimitsError,
  sharesCgroups,
} from './task-info-validation.ts'

/** What is left of the accepted offers, and whose they are. */
export interface LaunchSite {
  readonly framework: Framework
  readonly agentId: string
  readonly role: string
  readonly offered: Amounts
}

const MIN_EXECUTOR_MILLI_CPUS = 10
const MIN_EXECUTOR_MILLI_MEM = 32_000

/** Why a LAUNCHed task is an error; undefined when it may run. */
export function findTaskError(task: TaskInfo, site: LaunchSite): string | undefined {
  return (
    findCommonError(task, site) ??
    findTaskExecutorError(task, site) ??
    (task.container?.linuxInfo?.shareCgroups === false
      ? "Only tasks in a task group may have 'share_cgroups' set to 'false'"
      : undefined)
  )
}

/** Why a whole LAUNCH_GROUP is an error; undefined when it may run. */
export function findGroupError(
  executor: ExecutorInfo,
  { tasks = [] }: TaskGroupInfo,
  site: LaunchSite,
): string | undefined {
  for (const task of tasks) {
    const error = findCommonError(task, site) ?? findMemberError(task)
    if (error !== undefined) return `Task '${task.taskId.value}' is invalid: ${error}`
  }
  return (
    findExecutorError(executor, site) ??
    findGroupExecutorError(executor, tasks) ??
    findGroupResourcesError(executor, tasks) ??
    findExcess(executor, tasks, site, 'task group and its executor are') ??
    findCgroupsError(executor, tasks, site)
  )
}

function findCommonError(task: TaskInfo, site: LaunchSite): string | undefined {
  const { command, container, resources = [] } = task
  return (
    findIdError(task.taskId.value) ??
    findTaskIdError(task, site) ??
    findTimeError(task) ??
    findTaskCheckError(task, findCommandError) ??
    (resources.length === 0 ? 'Task uses no resources' : undefined) ??
    findListError(resources, site.role, ['Task', 'task']) ??
    prefixed("Task's `CommandInfo` is invalid: ", command && findCommandError(command)) ??
    prefixed("Task's `ContainerInfo` is invalid: ", container && findContainerError(container)) ??
    findLimitsError(task)
  )
}

function findTaskIdError(task: TaskInfo, { framework, agentId }: LaunchSite): string | undefined {
  const { value: id } = task.taskId
  if (framework.tasks.has(id)) return `Task has duplicate ID: ${id}`
  if (framework.unreachableTasks.has(id)) {
    return `Task reuses the ID of an unreachable task: ${id}`
  }
  return task.agentId.value === agentId
    ? undefined
    : `Task uses invalid agent ${task.agentId.value} while agent ${agentId} is expected`
}

function findTimeError(task: TaskInfo): string | undefined {
  if (Number(task.killPolicy?.gracePeriod?.nanoseconds ?? 0) < 0) {
    return "Task's 'kill_policy.grace_period' must be non-negative"
  }
  return Number(task.maxCompletionTime?.nanoseconds ?? 0) < 0
    ? "Task's `max_completion_time` must be non-negative"
    : undefined
}

/** `whose`: the owner as it begins a sentence, and within one. */
function findListError(
  resources: readonly Resource[],
  role: string,
  whose: readonly [string, string],
): string | undefined {
  const [Owner, owner] = whose
  return (
    prefixed(`${Owner} uses invalid resources: `, findResourcesError(resources)) ??
    prefixed(`${Owner} uses duplicate persistence ID: `, findDuplicateVolume(resources)) ??
    prefixed(`Invalid ${owner} resources: `, findMixedRoles(resources, role)) ??
    prefixed(
      `${Owner} mixes revocable and non-revocable resources: `,
      findMixedRevocable(resources),
    )
  )
}

function findTaskExecutorError(task: TaskInfo, site: LaunchSite): string | undefined {
  const { executor } = task
  if ((executor === undefined) === (task.command === undefined)) {
    return 'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present'
  }
  const error = executor && (findExecutorError(executor, site) ?? findOwnExecutorError(executor))
  return error ?? findTogetherError(task) ?? findExcess(executor, [task], site)
}

function findOwnExecutorError(executor: ExecutorInfo): string | undefined {
  if (executor.type !== undefined && executor.type !== 'CUSTOM') {
    return "'ExecutorInfo.type' must be 'CUSTOM'"
  }
  if (executor.command === undefined) return "'ExecutorInfo.command' must be set"
  const resources = executor.resources ?? []
  if (resources.some(({ shared }) => shared !== undefined)) {
    return `Executor resources ${formatResources(resources)} should not contain any shared resources`
  }
  return findExecutorCgroupsError(executor)
}

function findTogetherError({ executor, resources = [] }: TaskInfo): string | undefined {
  const total = [...resources, ...(executor?.resources ?? [])]
  const invalid = findResourcesError(total)
  if (invalid !== undefined) return `Task and its executor use invalid resources: ${invalid}`
  if (hasOverlap([resources, executor?.resources ?? []])) {
    return (
      `There are overlapping resources in the task resources ${formatResources(resources)}` +
      ` and executor resources ${formatResources(executor?.resources ?? [])}`
    )
  }
  return (
    prefixed('Task and its executor use duplicate persistence ID: ', findDuplicateVolume(total)) ??
    prefixed(
      'Task and its executor mix revocable and non-revocable resources: ',
      findMixedRevocable(total),
    )
  )
}

function findExecutorError(executor: ExecutorInfo, site: LaunchSite): string | undefined {
  const { command, container, resources = [] } = executor
  return (
    findExecutorTypeError(executor) ??
    findIdError(executor.executorId.value) ??
    (Number(executor.shutdownGracePeriod?.nanoseconds ?? 0) < 0
      ? "ExecutorInfo's 'shutdown_grace_period' must be non-negative"
      : undefined) ??
    prefixed("Executor's `CommandInfo` is invalid: ", command && findCommandError(command)) ??
    prefixed(
      "Executor's `ContainerInfo` is invalid: ",
      container && findContainerError(container),
    ) ??
    findFrameworkIdError(executor, site.framework.id) ??
    findListError(resources, site.role, ['Executor', 'executor']) ??
    findIncompatibility(executor, site)
  )
}

function findExecutorTypeError({ command, container, type }: ExecutorInfo): string | undefined {
  if (type === 'CUSTOM' && command === undefined) {
    return "'ExecutorInfo.command' must be set for 'CUSTOM' executor"
  }
  if (type !== 'DEFAULT') return undefined
  if (command !== undefined) {
    return "'ExecutorInfo.command' must not be set for 'DEFAULT' executor"
  }
  if (container !== undefined && container.type !== 'MESOS') {
    return "'ExecutorInfo.container.type' must be 'MESOS' for 'DEFAULT' executor"
  }
  return container?.mesos?.image === undefined
    ? undefined
    : "'ExecutorInfo.container.mesos.image' must not be set for 'DEFAULT' executor"
}

function findFrameworkIdError(executor: ExecutorInfo, frameworkId: string): string | undefined {
  const actual = executor.frameworkId?.value
  if (actual === undefined) return "'ExecutorInfo.framework_id' must be set"
  return actual === frameworkId
    ? undefined
    : `ExecutorInfo has an invalid FrameworkID (Actual: ${actual} vs Expected: ${frameworkId})`
}

function findIncompatibility(executor: ExecutorInfo, site: LaunchSite): string | undefined {
  const known = findExecutor(site.framework, site.agentId, executor.executorId.value)
  return known === undefined || isSameExecutor(known.info, executor)
    ? undefined
    : describeIncompatible(known.info, executor)
}

function findMemberError({ container, healthCheck, limits = {} }: TaskInfo): string | undefined {
  const isNetworked = (container?.networkInfos ?? []).length > 0
  if (isNetworked && (healthCheck?.type === 'HTTP' || healthCheck?.type === 'TCP')) {
    return (
      'HTTP and TCP health checks are not supported for nested containers not joining' +
      " parent's network"
    )
  }
  if (container?.type === 'DOCKER') return 'Docker ContainerInfo is not supported on the task'
  return Object.keys(limits).length > 0 && sharesCgroups(container)
    ? 'Resource limits may only be set for tasks within a task group when the' +
        " 'share_cgroups' field is set to 'false'."
    : undefined
}

function findGroupExecutorError(
  executor: ExecutorInfo,
  tasks: readonly TaskInfo[],
): string | undefined {
  if (executor.type === undefined) return "'ExecutorInfo.type' must be set"
  if (executor.type === 'UNKNOWN') return 'Unknown executor type'
  if (executor.container?.type === 'DOCKER') {
    return 'Docker ContainerInfo is not supported on the executor'
  }
  const { value: id } = executor.executorId
  const other = tasks.find((task) => task.executor && !isSameExecutor(task.executor, executor))
  if (other !== undefined) {
    return `The \`ExecutorInfo\` of task '${other.taskId.value}' is different from executor '${id}'`
  }
  return findScarcity(executor.resources, id)
}

function findScarcity(resources: readonly Resource[] = [], id: string): string | undefined {
  const [cpus, mem, disk] = ['cpus', 'mem', 'disk'].map((name) => sumOf(resources, name))
  if (cpus === undefined || cpus < MIN_EXECUTOR_MILLI_CPUS) {
    const used = cpus === undefined || cpus === 0 ? 'None' : String(cpus / 1000)
    return `Executor '${id}' uses less CPUs (${used}) than the minimum required (0.01)`
  }
  if (mem === undefined || mem < MIN_EXECUTOR_MILLI_MEM) {
    const used = mem === undefined || mem === 0 ? 'None' : `${mem / 1000}MB`
    return `Executor '${id}' uses less memory (${used}) than the minimum required (32MB)`
  }
  return disk === undefined || disk === 0 ? `Executor '${id}' uses no disk` : undefined
}

function findGroupResourcesError(
  executor: ExecutorInfo,
  tasks: readonly TaskInfo[],
): string | undefined {
  const lists = [...tasks.map(({ resources = [] }) => resources), executor.resources ?? []]
  const total = lists.flat()
  const duplicate = findDuplicateVolume(total)
  if (duplicate !== undefined) {
    return `Task group and executor use duplicate persistence ID: ${duplicate}`
  }
  const mixed = findMixedRevocable(total)
  if (mixed !== undefined) {
    return `Task group and executor mix revocable and non-revocable resources: ${mixed}`
  }
  if (!hasOverlap(lists)) return undefined
  const texts = lists.map(formatResources)
  return (
    "There are overlapping resources in the task group's task resources" +
    ` { ${texts.slice(0, -1).join(', ')} } and/or executor resources ${texts.at(-1)}`
  )
}

/** The tasks, and the executor unless it runs already, must fit into what is left of the offers. */
function findExcess(
  executor: ExecutorInfo | undefined,
  tasks: readonly TaskInfo[],
  { agentId, framework, offered, role }: LaunchSite,
  consumer = 'task and its executor is',
): string | undefined {
  const ofTasks = tasks.flatMap((task) => task.resources ?? [])
  let total = amountsOf(ofTasks, role)
  const isRunning =
    executor !== undefined &&
    findExecutor(framework, agentId, executor.executorId.value) !== undefined
  if (executor !== undefined && !isRunning) {
    total = addAmounts(total, amountsOf(executor.resources, role))
  }
  if (containsAmounts(offered, total)) return undefined
  return (
    `Total resources ${formatAmounts(total, role)} required by ${consumer}` +
    ` more than available ${formatAmounts(offered, role)}`
  )
}

/** All tasks of an executor share cgroups, or none. */
function findCgroupsError(
  executor: ExecutorInfo,
  tasks: readonly TaskInfo[],
  { agentId, framework }: LaunchSite,
): string | undefined {
  const running = [...framework.tasks.values()].filter(
    (task) => task.agentId === agentId && task.executorId === executor.executorId.value,
  )
  const all = [...tasks, ...running.map(({ info }) => info)]
  const shared = all.map(({ container }) => sharesCgroups(container))
  return (
    findExecutorCgroupsError(executor) ??
    (new Set(shared).size > 1
      ? "If set, the value of 'share_cgroups' must be the same for all tasks in each task group" +
        ' and under a single executor'
      : undefined)
  )
}

function findExecutorCgroupsError({ container }: ExecutorInfo): string | undefined {
  return container?.linuxInfo?.shareCgroups === true
    ? "The 'share_cgroups' field cannot be set to 'true' on executor containers"
    : undefined
}

function prefixed(prefix: string, error: string | undefined): string | undefined {
  return error === undefined ? undefined : prefix + error
}
