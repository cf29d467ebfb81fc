/**
 * Why the master refuses a task or an executor, in Mesos' order and words. Resources are in the
 * form with `reservations`, and allocated.
 * Source: apache/mesos src/master/validation.cpp (task, executor).
 */
import type { ExecutorInfo, Resource, TaskInfo } from '../../../mesos/types.generated.ts'
import { findIdError } from '../../messages/name-validation.ts'
import { formatAmounts, formatResources } from '../../resources/resource-text.ts'
import {
  findMixedRevocable,
  findMixedRoles,
  findResourcesError,
} from '../../resources/resource-validation.ts'
import { addAmounts, amountsOf, containsAmounts } from '../../resources/resources.ts'
import type { Amounts } from '../../resources/resources.ts'
import { hasOverlap } from '../../resources/value-validation.ts'
import { findDuplicateVolume } from '../../resources/volume-validation.ts'
import { findExecutor } from '../state/master-state.ts'
import type { Framework } from '../state/master-state.ts'
import { findTaskCheckError } from './check-validation.ts'
import { describeIncompatible, isSameExecutor } from './executor-info.ts'
import { findCommandError, findContainerError, findLimitsError } from './task-info-validation.ts'

/** The rest of the accepted offers, with their owner. */
export interface LaunchSite {
  readonly framework: Framework
  readonly agentId: string
  readonly role: string
  readonly offered: Amounts
}

/** Why Mesos refuses a LAUNCHed task; undefined if it is valid. */
export function findTaskError(task: TaskInfo, site: LaunchSite): string | undefined {
  return (
    findCommonError(task, site) ??
    findTaskExecutorError(task, site) ??
    (task.container?.linuxInfo?.shareCgroups === false
      ? "Only tasks in a task group may have 'share_cgroups' set to 'false'"
      : undefined)
  )
}

/** Checks of a task with any kind of executor. */
export function findCommonError(task: TaskInfo, site: LaunchSite): string | undefined {
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

/** `whose`: the owner's name at the start of a sentence, and within it. */
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

/**
 * Why Mesos refuses an executor, or its difference from the running one; undefined if it is valid.
 */
export function findExecutorError(executor: ExecutorInfo, site: LaunchSite): string | undefined {
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

/** Why tasks and their new executor exceed the rest of the offers; undefined if they fit. */
export function findExcess(
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

/** Why Mesos refuses an executor that shares cgroups. */
export function findExecutorCgroupsError({ container }: ExecutorInfo): string | undefined {
  return container?.linuxInfo?.shareCgroups === true
    ? "The 'share_cgroups' field cannot be set to 'true' on executor containers"
    : undefined
}

function prefixed(prefix: string, error: string | undefined): string | undefined {
  return error === undefined ? undefined : prefix + error
}
