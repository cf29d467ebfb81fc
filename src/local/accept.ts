/**
 * ACCEPT: checks the offers, takes what the operations use, gives the rest back under the filters.
 * Source: apache/mesos src/master/master.cpp (accept, _accept); docs/scheduler-http-api.md, "ACCEPT".
 */
import type {
  ExecutorInfo,
  OfferOperation,
  SchedulerCallAccept,
  TaskGroupInfo,
  TaskInfo,
  TaskStatusReason,
} from '../mesos/types.generated.ts'
import { hasCapability } from './framework-info.ts'
import { addTask as recordTask } from './master-records.ts'
import { findExecutor, type Framework, type MasterState } from './master-state.ts'
import { masterStatus } from './master-status.ts'
import { takeOffers } from './offer-book.ts'
import { findOfferError } from './offers.ts'
import { addAmounts, amountsOf, NO_AMOUNTS, subtractAmounts, type Amounts } from './resources.ts'
import { findGroupError, findTaskError, type LaunchSite } from './task-validation.ts'

/** Empty LAUNCHes are how some frameworks decline: everything goes back. */
export function acceptOffers(
  master: MasterState,
  framework: Framework,
  accept: SchedulerCallAccept,
): void {
  const ids = (accept.offerIds ?? []).map(({ value }) => value)
  const error = findOfferError(master.offers, framework.id, ids)
  const taken = takeOffers(master, framework.id, ids)
  if (error !== undefined) {
    for (const allocation of taken) master.allocator.recover(allocation)
    for (const operation of accept.operations ?? []) refuse(framework, operation, error)
    return
  }
  const [first] = taken
  if (first === undefined) return
  let offered = taken.map(({ amounts }) => amounts).reduce(addAmounts, NO_AMOUNTS)
  for (const operation of accept.operations ?? []) {
    offered = perform(master, operation, { ...first, framework, offered })
  }
  master.allocator.recover({ ...first, amounts: offered }, { filters: accept.filters })
}

function perform(master: MasterState, operation: OfferOperation, site: LaunchSite): Amounts {
  const { framework } = site
  if (operation.type === 'LAUNCH') {
    return launch(master, operation.launch.taskInfos ?? [], operation.id !== undefined, site)
  }
  if (operation.type === 'LAUNCH_GROUP') {
    return launchGroup(master, operation.launchGroup, operation.id !== undefined, site)
  }
  refuseOperation(framework, operation, 'Operation is not supported by this local cluster')
  return site.offered
}

function launch(
  master: MasterState,
  tasks: readonly TaskInfo[],
  hasOperationId: boolean,
  site: LaunchSite,
): Amounts {
  let { offered } = site
  for (const asked of tasks) {
    const task = withFrameworkId(asked, site)
    const error = hasOperationId
      ? 'The `id` field cannot be set on LAUNCH operations'
      : findTaskError(task, { ...site, offered })
    if (error !== undefined) {
      sendTaskError(site.framework, task, 'REASON_TASK_INVALID', error)
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
  { executor: asked, taskGroup }: { executor: ExecutorInfo; taskGroup: TaskGroupInfo },
  hasOperationId: boolean,
  site: LaunchSite,
): Amounts {
  const executor = allocated(
    { ...asked, frameworkId: asked.frameworkId ?? { value: site.framework.id } },
    site.role,
  )
  const tasks = (taskGroup.tasks ?? []).map((task) => ({ ...allocated(task, site.role), executor }))
  const error = hasOperationId
    ? 'The `id` field cannot be set on LAUNCH_GROUP operations'
    : findGroupError(executor, { tasks: taskGroup.tasks ?? [] }, site)
  if (error !== undefined) {
    for (const task of tasks) {
      sendTaskError(site.framework, task, 'REASON_TASK_GROUP_INVALID', error)
    }
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

/** Resources that do not say to which role they are allocated are allocated to the offer's. */
function allocated<T extends Pick<TaskInfo, 'resources'>>(holder: T, role: string): T {
  if (holder.resources === undefined) return holder
  const resources = holder.resources.map((resource) => ({
    ...resource,
    allocationInfo: resource.allocationInfo ?? { role },
  }))
  return { ...holder, resources }
}

function withFrameworkId(asked: TaskInfo, { framework, role }: LaunchSite): TaskInfo {
  const task = allocated(asked, role)
  if (task.executor === undefined) return task
  const executor = allocated(task.executor, role)
  const frameworkId = executor.frameworkId ?? { value: framework.id }
  return { ...task, executor: { ...executor, frameworkId } }
}

function refuse(framework: Framework, operation: OfferOperation, error: string): void {
  const isPartitionAware = hasCapability(framework.info, 'PARTITION_AWARE')
  const state = isPartitionAware ? 'TASK_DROPPED' : 'TASK_LOST'
  const tasks = tasksOf(operation)
  if (tasks === undefined) {
    refuseOperation(framework, operation, `Operation attempted with invalid offers: ${error}`)
    return
  }
  for (const task of tasks) {
    const status = masterStatus(task.taskId.value, task.agentId.value, {
      state,
      message: `Task launched with invalid offers: ${error}`,
      reason: 'REASON_INVALID_OFFERS',
    })
    framework.stream?.send({ type: 'UPDATE', update: { status } })
  }
}

function tasksOf(operation: OfferOperation): readonly TaskInfo[] | undefined {
  if (operation.type === 'LAUNCH') return operation.launch.taskInfos ?? []
  if (operation.type === 'LAUNCH_GROUP') return operation.launchGroup.taskGroup.tasks ?? []
  return undefined
}

function sendTaskError(
  framework: Framework,
  task: TaskInfo,
  reason: TaskStatusReason,
  message: string,
): void {
  const status = masterStatus(task.taskId.value, task.agentId.value, {
    state: 'TASK_ERROR',
    message,
    reason,
  })
  framework.stream?.send({ type: 'UPDATE', update: { status } })
}

function refuseOperation(framework: Framework, operation: OfferOperation, message: string): void {
  if (operation.id === undefined) return
  const status = { operationId: operation.id, state: 'OPERATION_ERROR' as const, message }
  framework.stream?.send({ type: 'UPDATE_OPERATION_STATUS', updateOperationStatus: { status } })
}
