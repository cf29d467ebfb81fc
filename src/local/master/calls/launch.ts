/**
 * LAUNCH and LAUNCH_GROUP: allocates resources to tasks and new executors, and sends them to the
 * agent.
 * Source: apache/mesos src/master/master.cpp (_accept).
 */
import type {
  ExecutorInfo,
  OfferOperation,
  TaskInfo,
  TaskStatusReason,
} from '../../../mesos/types.generated.ts'
import { amountsOf, subtractAmounts } from '../../resources/resources.ts'
import type { Amounts } from '../../resources/resources.ts'
import { findExecutor } from '../state/master-state.ts'
import type { Framework, MasterState } from '../state/master-state.ts'
import { masterStatus } from '../state/master-status.ts'
import { addTask as recordTask } from '../state/records.ts'
import { findGroupError } from '../validation/task-group-validation.ts'
import { findTaskError } from '../validation/task-validation.ts'
import type { LaunchSite } from '../validation/task-validation.ts'

export type LaunchOperation = Extract<OfferOperation, { type: 'LAUNCH' | 'LAUNCH_GROUP' }>

/** Returns the rest of the offers. Invalid tasks get TASK_ERROR and use nothing. */
export function performLaunch(
  master: MasterState,
  operation: LaunchOperation,
  site: LaunchSite,
): Amounts {
  return operation.type === 'LAUNCH'
    ? launchTasks(master, operation.launch.taskInfos ?? [], site)
    : launchGroup(master, operation.launchGroup, site)
}

export function tasksOf(operation: LaunchOperation): readonly TaskInfo[] {
  return operation.type === 'LAUNCH'
    ? (operation.launch.taskInfos ?? [])
    : (operation.launchGroup.taskGroup.tasks ?? [])
}

function invalidReason(operation: LaunchOperation): TaskStatusReason {
  return operation.type === 'LAUNCH' ? 'REASON_TASK_INVALID' : 'REASON_TASK_GROUP_INVALID'
}

/** TASK_ERROR for every task of the launch. */
export function refuseLaunch(
  framework: Framework,
  operation: LaunchOperation,
  message: string,
): void {
  for (const task of tasksOf(operation)) {
    const fields = { state: 'TASK_ERROR', message, reason: invalidReason(operation) } as const
    sendStatus(framework, task, fields)
  }
}

export function sendStatus(
  framework: Framework,
  task: TaskInfo,
  fields: Parameters<typeof masterStatus>[2],
): void {
  const status = masterStatus(task.taskId.value, task.agentId.value, fields)
  framework.stream?.send({ type: 'UPDATE', update: { status } })
}

function launchTasks(master: MasterState, tasks: readonly TaskInfo[], site: LaunchSite): Amounts {
  let { offered } = site
  for (const asked of tasks) {
    const task = withHealthCheckType(withFrameworkId(asked, site))
    const message = findTaskError(task, { ...site, offered })
    if (message !== undefined) {
      const fields = { state: 'TASK_ERROR', message, reason: 'REASON_TASK_INVALID' } as const
      sendStatus(site.framework, task, fields)
      continue
    }
    offered = addExecutor(site, task.executor, offered)
    offered = addTask(master, site, task, task.executor?.executorId.value, offered)
    master.agents.get(site.agentId)?.link.runTask(site.framework.info, task)
  }
  return offered
}

function launchGroup(
  master: MasterState,
  launch: Extract<LaunchOperation, { type: 'LAUNCH_GROUP' }>['launchGroup'],
  site: LaunchSite,
): Amounts {
  const { executor } = launch
  const tasks = (launch.taskGroup.tasks ?? []).map((task) => ({ executor, ...task }))
  const error = findGroupError(executor, { tasks }, site)
  if (error !== undefined) {
    refuseLaunch(site.framework, { type: 'LAUNCH_GROUP', launchGroup: launch }, error)
    return site.offered
  }
  let offered = addExecutor(site, executor, site.offered)
  for (const task of tasks)
    offered = addTask(master, site, task, executor.executorId.value, offered)
  master.agents.get(site.agentId)?.link.runTaskGroup(site.framework.info, executor, { tasks })
  return offered
}

function addExecutor(
  { agentId, framework, role }: LaunchSite,
  executor: ExecutorInfo | undefined,
  offered: Amounts,
): Amounts {
  if (executor === undefined) return offered
  const { value } = executor.executorId
  if (findExecutor(framework, agentId, value) !== undefined) return offered
  const amounts = amountsOf(executor.resources, role)
  const executors = framework.executors.get(agentId) ?? new Map()
  const allocation = { frameworkId: framework.id, role, agentId, amounts }
  executors.set(value, { info: executor, allocation })
  framework.executors.set(agentId, executors)
  return subtractAmounts(offered, amounts)
}

function addTask(
  master: MasterState,
  { agentId, framework, role }: LaunchSite,
  info: TaskInfo,
  executorId: string | undefined,
  offered: Amounts,
): Amounts {
  const amounts = amountsOf(info.resources, role)
  recordTask(master, framework, {
    info,
    agentId,
    executorId,
    allocation: { frameworkId: framework.id, role, agentId, amounts },
    state: 'TASK_STAGING',
    lastUpdate: undefined,
    statuses: [],
    isReleased: false,
    isKilled: false,
  })
  return subtractAmounts(offered, amounts)
}

/** Sets the framework of a task's executor, as Mesos does; not in task groups. */
function withFrameworkId(task: TaskInfo, { framework }: LaunchSite): TaskInfo {
  if (task.executor === undefined) return task
  const frameworkId = task.executor.frameworkId ?? { value: framework.id }
  return { ...task, executor: { ...task.executor, frameworkId } }
}

/** Sets the type of a health check, which old frameworks omit. */
function withHealthCheckType(task: TaskInfo): TaskInfo {
  const { healthCheck } = task
  if (healthCheck === undefined || healthCheck.type !== undefined) return task
  const { command, http } = healthCheck
  if ((command === undefined) === (http === undefined)) return task
  const type = command === undefined ? 'HTTP' : 'COMMAND'
  return { ...task, healthCheck: { ...healthCheck, type } }
}
