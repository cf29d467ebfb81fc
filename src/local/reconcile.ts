/**
 * What the master answers to RECONCILE and RECONCILE_OPERATIONS, and to a KILL of a task it does not know.
 * Source: apache/mesos docs/reconciliation.md; src/master/master.cpp (reconcile).
 */
import type {
  OperationStatus,
  SchedulerCallReconcileOperationsOperation,
  SchedulerCallReconcileTask,
  TaskStatus,
} from '../mesos/types.generated.ts'
import { hasCapability } from './framework-info.ts'
import type { Framework, MasterState, MasterTask } from './master-state.ts'
import { masterStatus } from './master-status.ts'

/** No tasks: every task the master knows. Otherwise each task that is asked for, known or not. */
export function reconcileTasks(
  master: MasterState,
  framework: Framework,
  tasks: readonly SchedulerCallReconcileTask[],
): TaskStatus[] {
  if (tasks.length === 0) return [...framework.tasks.values()].map(describeKnown)
  return tasks.map(({ agentId, taskId }) => {
    const known = framework.tasks.get(taskId.value)
    if (known !== undefined) return describeKnown(known)
    const isAgentKnown = agentId !== undefined && master.agents.has(agentId.value)
    const state = isAgentKnown ? 'TASK_GONE' : 'TASK_UNKNOWN'
    return masterStatus(taskId.value, agentId?.value, {
      state: hasCapability(framework.info, 'PARTITION_AWARE') ? state : 'TASK_LOST',
      message: `Reconciliation: Task is unknown${isAgentKnown ? ' to the agent' : ''}`,
      reason: 'REASON_RECONCILIATION',
    })
  })
}

/** There are no operations here, so each is unknown; an agent that is known would know it. */
export function reconcileOperations(
  master: MasterState,
  operations: readonly SchedulerCallReconcileOperationsOperation[],
): OperationStatus[] {
  return operations.map(({ agentId, operationId }) => {
    if (agentId === undefined) {
      const message = "Reconciliation: Operation is unknown and no 'agent_id' was provided"
      return { operationId, state: 'OPERATION_UNKNOWN', message }
    }
    const isAgentKnown = master.agents.has(agentId.value)
    return {
      operationId,
      agentId,
      state: isAgentKnown ? 'OPERATION_DROPPED' : 'OPERATION_UNKNOWN',
      message: isAgentKnown
        ? 'Reconciliation: Operation is unknown'
        : 'Reconciliation: Both operation and agent are unknown',
    }
  })
}

function describeKnown(task: MasterTask): TaskStatus {
  const { containerStatus, healthy } = task.lastUpdate ?? {}
  return masterStatus(task.info.taskId.value, task.agentId, {
    state: task.lastUpdate?.state ?? task.state,
    message: 'Reconciliation: Latest task state',
    reason: 'REASON_RECONCILIATION',
    ...(task.executorId === undefined ? {} : { executorId: { value: task.executorId } }),
    ...(containerStatus === undefined ? {} : { containerStatus }),
    ...(healthy === undefined ? {} : { healthy }),
  })
}
