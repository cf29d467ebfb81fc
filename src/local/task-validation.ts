/**
 * Why the master refuses a task or a task group, in Mesos' order and words.
 * Source: apache/mesos src/master/validation.cpp (task, executor, group).
 */
import type {
  CommandInfo,
  ExecutorInfo,
  TaskGroupInfo,
  TaskInfo,
} from '../mesos/types.generated.ts'
import { findTaskCheckError } from './check-validation.ts'
import { describeIncompatible, isSameExecutor } from './executor-info.ts'
import { findIdError } from './framework-info.ts'
import { findExecutor, type Framework } from './master-state.ts'
import {
  addAmounts,
  amountsOf,
  containsAmounts,
  findResourceError,
  formatAmounts,
  scalarMilli,
  type Amounts,
} from './resources.ts'

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
  return findCommonError(task, site) ?? findTaskExecutorError(task, site)
}

/** Why a whole LAUNCH_GROUP is an error; undefined when it may run. */
export function findGroupError(
  executor: ExecutorInfo,
  group: TaskGroupInfo,
  site: LaunchSite,
): string | undefined {
  const tasks = group.tasks ?? []
  if (tasks.length === 0) return 'Task group cannot be empty'
  for (const task of tasks) {
    const error = findCommonError(task, site) ?? findGroupTaskError(task, executor)
    if (error !== undefined) return `Task '${task.taskId.value}' is invalid: ${error}`
  }
  return (
    findExecutorError(executor, site) ??
    findGroupExecutorError(executor) ??
    findExcess(executor, tasks, site, 'task group and its executor are')
  )
}

function findCommonError(task: TaskInfo, site: LaunchSite): string | undefined {
  return (
    findIdError(task.taskId.value) ??
    findTaskIdError(task, site) ??
    findTimeError(task) ??
    findTaskCheckError(task, findCommandError) ??
    findTaskResourceError(task, site.role) ??
    prefixed("Task's `CommandInfo` is invalid: ", findCommandError(task.command))
  )
}

function findTaskIdError(task: TaskInfo, { framework, agentId }: LaunchSite): string | undefined {
  if (framework.tasks.has(task.taskId.value)) return `Task has duplicate ID: ${task.taskId.value}`
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

function findTaskResourceError(task: TaskInfo, role: string): string | undefined {
  const resources = task.resources ?? []
  if (resources.length === 0) return 'Task uses no resources'
  const roles = [...new Set(resources.map((resource) => resource.allocationInfo?.role ?? role))]
  return (
    prefixed('Task uses invalid resources: ', findResourceError(resources)) ??
    (roles.length > 1
      ? 'Invalid task resources: The resources have multiple allocation roles' +
        ` ('${roles[1]}' and '${roles[0]}') but only one allocation role is allowed`
      : undefined)
  )
}

function findCommandError(command: CommandInfo | undefined): string | undefined {
  for (const { name, secret, type, value } of command?.environment?.variables ?? []) {
    const kind = type ?? 'VALUE'
    if (kind === 'VALUE' && value === undefined) {
      return `Environment variable '${name}' of type 'VALUE' must have a value set`
    }
    if (kind === 'SECRET' && secret === undefined) {
      return `Environment variable '${name}' of type 'SECRET' must have a secret set`
    }
    if (kind === 'UNKNOWN') return "Environment variable of type 'UNKNOWN' is not allowed"
  }
  return undefined
}

function findTaskExecutorError(task: TaskInfo, site: LaunchSite): string | undefined {
  const { executor } = task
  if ((executor === undefined) === (task.command === undefined)) {
    return 'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present'
  }
  if (executor === undefined) return findExcess(undefined, [task], site)
  const error = findExecutorError(executor, site)
  if (error !== undefined) return error
  if (executor.type !== undefined && executor.type !== 'CUSTOM') {
    return "'ExecutorInfo.type' must be 'CUSTOM'"
  }
  if (executor.command === undefined) return "'ExecutorInfo.command' must be set"
  return findExcess(executor, [task], site)
}

function findExecutorError(executor: ExecutorInfo, site: LaunchSite): string | undefined {
  return (
    findExecutorTypeError(executor) ??
    findIdError(executor.executorId.value) ??
    (Number(executor.shutdownGracePeriod?.nanoseconds ?? 0) < 0
      ? "ExecutorInfo's 'shutdown_grace_period' must be non-negative"
      : undefined) ??
    prefixed("Executor's `CommandInfo` is invalid: ", findCommandError(executor.command)) ??
    findFrameworkIdError(executor, site.framework.id) ??
    prefixed('Executor uses invalid resources: ', findResourceError(executor.resources ?? [])) ??
    findIncompatibility(executor, site)
  )
}

function findExecutorTypeError(executor: ExecutorInfo): string | undefined {
  if (executor.type === 'DEFAULT' && executor.command !== undefined) {
    return "'ExecutorInfo.command' must not be set for 'DEFAULT' executor"
  }
  return executor.type === 'CUSTOM' && executor.command === undefined
    ? "'ExecutorInfo.command' must be set for 'CUSTOM' executor"
    : undefined
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

function findGroupTaskError(task: TaskInfo, executor: ExecutorInfo): string | undefined {
  if (task.container?.type === 'DOCKER') {
    return 'Docker ContainerInfo is not supported on the task'
  }
  return task.executor === undefined || isSameExecutor(task.executor, executor)
    ? undefined
    : `The \`ExecutorInfo\` of task '${task.taskId.value}' is different from` +
        ` executor '${executor.executorId.value}'`
}

function findGroupExecutorError(executor: ExecutorInfo): string | undefined {
  if (executor.type === undefined) return "'ExecutorInfo.type' must be set"
  if (executor.type === 'UNKNOWN') return 'Unknown executor type'
  const amounts = amountsOf(executor.resources)
  const cpus = scalarMilli(amounts, 'cpus')
  if (cpus < MIN_EXECUTOR_MILLI_CPUS) {
    const used = cpus === 0 ? 'None' : String(cpus / 1000)
    return (
      `Executor '${executor.executorId.value}' uses less CPUs (${used})` +
      ' than the minimum required (0.01)'
    )
  }
  const mem = scalarMilli(amounts, 'mem')
  if (mem >= MIN_EXECUTOR_MILLI_MEM) {
    return scalarMilli(amounts, 'disk') > 0
      ? undefined
      : `Executor '${executor.executorId.value}' uses no disk`
  }
  const used = mem === 0 ? 'None' : `${mem / 1000}MB`
  return (
    `Executor '${executor.executorId.value}' uses less memory (${used})` +
    ' than the minimum required (32MB)'
  )
}

/** The tasks, and the executor unless it runs already, must fit into what is left of the offers. */
function findExcess(
  executor: ExecutorInfo | undefined,
  tasks: readonly TaskInfo[],
  { agentId, framework, offered, role }: LaunchSite,
  consumer = 'task and its executor is',
): string | undefined {
  let total = amountsOf(
    tasks.flatMap((task) => task.resources ?? []),
    role,
  )
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

function prefixed(prefix: string, error: string | undefined): string | undefined {
  return error === undefined ? undefined : prefix + error
}
