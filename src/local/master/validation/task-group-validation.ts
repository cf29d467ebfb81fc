/**
 * Why the master refuses a task group, in Mesos' order and words.
 * Source: apache/mesos src/master/validation.cpp (task::group).
 */
import type {
  ExecutorInfo,
  Resource,
  TaskGroupInfo,
  TaskInfo,
} from '../../../mesos/types.generated.ts'
import { formatResources } from '../../resources/resource-text.ts'
import { findMixedRevocable } from '../../resources/resource-validation.ts'
import { hasOverlap, sumOf } from '../../resources/value-validation.ts'
import { findDuplicateVolume } from '../../resources/volume-validation.ts'
import { isSameExecutor } from './executor-info.ts'
import { sharesCgroups } from './task-info-validation.ts'
import {
  findCommonError,
  findExcess,
  findExecutorCgroupsError,
  findExecutorError,
} from './task-validation.ts'
import type { LaunchSite } from './task-validation.ts'

const minExecutorMilliCpus = 10
const minExecutorMilliMem = 32_000

/** Why Mesos refuses the LAUNCH_GROUP; undefined if it is valid. */
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
  if (cpus === undefined || cpus < minExecutorMilliCpus) {
    const used = cpus === undefined || cpus === 0 ? 'None' : String(cpus / 1000)
    return `Executor '${id}' uses less CPUs (${used}) than the minimum required (0.01)`
  }
  if (mem === undefined || mem < minExecutorMilliMem) {
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

/** All tasks of an executor share cgroups, or none does. */
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
