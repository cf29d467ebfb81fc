/**
 * Answers RECONCILE and RECONCILE_OPERATIONS, and KILL of an unknown task.
 * Source: apache/mesos docs/reconciliation.md; src/master/master.cpp (reconcile).
 */
import { defined } from '../../../defined.ts'
import { toOptionalId } from '../../../mesos/id-messages.ts'
import type {
  OperationStatus,
  SchedulerCallReconcileOperationsOperation,
  SchedulerCallReconcileTask,
  TaskStatus,
} from '../../../mesos/types.generated.ts'
import { hasCapability } from '../../messages/framework-info.ts'
import { findOperation } from '../operations/operation-state.ts'
import type { Framework, MasterOperation, MasterState, MasterTask } from '../state/master-state.ts'
import { masterStatus } from '../state/master-status.ts'

/**
 * Without tasks: sends the status of every known task. Otherwise of each requested task, known or
 * not, except tasks that may be on an agent that has not registered with this master yet.
 */
export function reconcileTasks(
  master: MasterState,
  framework: Framework,
  tasks: readonly SchedulerCallReconcileTask[],
): TaskStatus[] {
  if (tasks.length === 0) return [...framework.tasks.values()].map(describeKnown)
  return tasks.flatMap(({ agentId, taskId }) => {
    const known = framework.tasks.get(taskId.value)
    if (known !== undefined) return [describeKnown(known)]
    const { recoveredAgents } = master
    const mayCome = agentId ? recoveredAgents.has(agentId.value) : recoveredAgents.size > 0
    if (mayCome) return []
    const { state, ...fields } = describeUnknown(master, agentId?.value ?? '')
    const status = masterStatus(taskId.value, agentId?.value, {
      ...fields,
      state: hasCapability(framework.info, 'PARTITION_AWARE') ? state : 'TASK_LOST',
      reason: 'REASON_RECONCILIATION',
    })
    return [status]
  })
}

function describeUnknown(
  { agents, registrar }: MasterState,
  agentId: string,
): Pick<TaskStatus, 'state' | 'message' | 'unreachableTime'> {
  if (agents.has(agentId)) {
    return { state: 'TASK_GONE', message: 'Reconciliation: Task is unknown to the agent' }
  }
  const unreachableTime = registrar.unreachable.get(agentId)
  if (unreachableTime !== undefined) {
    const message = 'Reconciliation: Task is unreachable'
    return { state: 'TASK_UNREACHABLE', message, unreachableTime }
  }
  return registrar.gone.has(agentId)
    ? { state: 'TASK_GONE_BY_OPERATOR', message: 'Reconciliation: Task is gone' }
    : { state: 'TASK_UNKNOWN', message: 'Reconciliation: Task is unknown' }
}

/**
 * Without operations: sends the status of every unacknowledged operation. The framework must not
 * acknowledge these updates.
 */
export function reconcileOperations(
  master: MasterState,
  framework: Framework,
  operations: readonly SchedulerCallReconcileOperationsOperation[],
): OperationStatus[] {
  if (operations.length === 0) return [...framework.operations.values()].flatMap(describeOperation)
  return operations.flatMap(({ agentId, operationId }) => {
    const known = findOperation(framework, operationId.value)
    if (known !== undefined) return describeOperation(known)
    const { message, state } = describeUnknownOperation(master, agentId?.value)
    const ids = { operationId, ...defined({ agentId }) }
    return [{ ...ids, state, message: `Reconciliation: ${message}` }]
  })
}

function describeUnknownOperation(
  { agents, recoveredAgents, registrar }: MasterState,
  agentId: string | undefined,
): Pick<OperationStatus, 'state' | 'message'> {
  if (agentId === undefined) {
    const message = "Operation is unknown and no 'agent_id' was provided"
    return { state: 'OPERATION_UNKNOWN', message }
  }
  if (recoveredAgents.has(agentId)) {
    const message = 'Agent is recovered but has not re-registered'
    return { state: 'OPERATION_RECOVERING', message }
  }
  if (agents.has(agentId)) return { state: 'OPERATION_UNKNOWN', message: 'Operation is unknown' }
  if (registrar.unreachable.has(agentId)) {
    return { state: 'OPERATION_UNREACHABLE', message: 'Agent is unreachable' }
  }
  return registrar.gone.has(agentId)
    ? { state: 'OPERATION_GONE_BY_OPERATOR', message: 'Agent marked gone by operator' }
    : { state: 'OPERATION_UNKNOWN', message: 'Both operation and agent are unknown' }
}

/** Operations without id get no updates. */
function describeOperation({ info, latestStatus, statuses }: MasterOperation): OperationStatus[] {
  const { uuid: _uuid, ...status } = statuses.at(-1) ?? latestStatus
  return info.id === undefined ? [] : [status]
}

function describeKnown(task: MasterTask): TaskStatus {
  const { containerStatus, healthy } = task.lastUpdate ?? {}
  return masterStatus(task.info.taskId.value, task.agentId, {
    state: task.lastUpdate?.state ?? task.state,
    message: 'Reconciliation: Latest task state',
    reason: 'REASON_RECONCILIATION',
    ...defined({ executorId: toOptionalId(task.executorId), containerStatus, healthy }),
  })
}
