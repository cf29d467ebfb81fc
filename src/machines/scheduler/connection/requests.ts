/** What the scheduler's user asks of Mesos beside tasks: operations on resources, words to executors, other settings. */
import { assertEvent } from 'xstate'
import { executorOf, executorsOf } from '../../../domain/tasks/executors.ts'
import type { Executors } from '../../../domain/tasks/executors.ts'
import { findOperation, putOperation, removeOperation } from '../operations/operation-table.ts'
import { launchIdOf } from '../../../domain/tasks/task-request.ts'
import { replaceTask, tasksOf } from '../tasks/table/task-table.ts'
import type { TaskRow } from '../tasks/table/task-table.ts'
import * as calls from '../../../mesos/scheduler-calls.ts'
import { applyOperationStatus } from '../operations/operation-update.ts'
import { advanceOperation } from '../operations/operation.ts'
import { schedulerSetup } from '../setup.ts'
import { stopping } from '../tasks/task-actions.ts'

const submitOperation = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'operation.submit')
  const { request } = event
  const operationId = request.id
  if (context.isDraining) {
    const why = stopping('the framework takes no more operations: it is draining')
    enqueue.emit({ type: 'operation.rejected', operationId, ...why })
  } else if (findOperation(context.operations, operationId) !== undefined) {
    enqueue.emit({
      type: 'operation.rejected',
      operationId,
      code: 'OPERATION_INVALID',
      message: `an operation with id ${operationId} is not over yet`,
    })
  } else {
    const row = { request, state: 'pending', attempt: 1 } as const
    enqueue.assign({ operations: putOperation(context.operations, row) })
  }
})

const rejectOperation = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'operation.submit')
  const why = context.failure ?? stopping('the framework has stopped')
  enqueue.emit({ type: 'operation.rejected', operationId: event.request.id, ...why })
})

const cancelOperation = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'operation.cancel')
  const row = findOperation(context.operations, event.operationId)
  if (row === undefined || advanceOperation(row.state, 'operation.cancelled') !== 'cancelled')
    return
  enqueue.assign({ operations: removeOperation(context.operations, event.operationId) })
  enqueue.emit({
    type: 'operation.ended',
    operationId: event.operationId,
    agentId: row.request.agentId,
    attempt: row.attempt,
    code: 'OPERATION_FAILED',
    message: 'it was given up before its agent made an offer with what it needs',
  })
})

/** Acknowledged as updates of tasks are: only with a uuid, and only once journalled. */
const takeOperationStatus = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'mesos.operation')
  const { status } = event
  const { operationId, uuid, agentId, resourceProviderId } = status
  if (operationId === undefined) return
  const { table, fact } = applyOperationStatus(context.operations, status)
  enqueue.assign({ operations: table })
  enqueue.sendTo('operationReconciliation', {
    type: 'reconciliation.answered',
    id: operationId.value,
  })
  if (uuid !== undefined && agentId !== undefined) {
    const acknowledge = calls.acknowledgeOperationStatus(context.frameworkId, {
      operationId: operationId.value,
      uuid: uuid.value,
      agentId: agentId.value,
      ...(resourceProviderId === undefined ? {} : { resourceProviderId: resourceProviderId.value }),
    })
    enqueue({ type: 'fx.call', params: acknowledge })
  }
  if (fact !== undefined) enqueue.emit(fact)
})

const tellExecutor = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'executor.tell')
  const { agentId, executorId, data } = event
  const message = calls.message(context.frameworkId, agentId, executorId, data)
  enqueue({ type: 'fx.call', params: message })
})

const shutDownExecutor = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'executor.shutdown')
  const { agentId, executorId } = event
  enqueue({ type: 'fx.call', params: calls.shutdown(context.frameworkId, executorId, agentId) })
  // Its tasks end because the user wants it.
  const executors = executorsOf(context.delivery)
  const rows = Array.from(tasksOf(context.tasks)).filter(
    (row) => row.agentId === agentId && executorIdOf(executors, row) === executorId,
  )
  const tasks = rows.reduce(
    (table, row) => replaceTask(table, { ...row, isKilled: true }),
    context.tasks,
  )
  enqueue.assign({ tasks })
})

/** Mesos gives a plain command an executor of the same id. */
function executorIdOf(executors: Executors, row: TaskRow): string {
  return executorOf(executors, [row])?.executorId ?? launchIdOf(row.request.id, row.attempt)
}

const requestOffers = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'offers.request')
  enqueue({ type: 'fx.call', params: calls.request(context.frameworkId, event.requests) })
})

const tellFrameworkUpdate = schedulerSetup.enqueueActions(({ enqueue, event }) => {
  assertEvent(event, 'framework.update')
  enqueue.sendTo('frameworkUpdate', event)
})

const keepFramework = schedulerSetup.enqueueActions(({ enqueue, event }) => {
  assertEvent(event, 'framework.updated')
  const { framework, offerConstraints } = event.description
  enqueue.assign({ framework, offerConstraints })
  enqueue.sendTo('frameworkUpdate', event)
  enqueue.sendTo('subscription', event)
  enqueue.sendTo('offerFlow', {
    type: 'flow.reset',
    roles: framework.roles ?? [framework.role ?? '*'],
  })
  enqueue.emit({ type: 'framework.updated' })
})

/** By the names that the machine knows them under. */
export const requestActions = {
  submitOperation,
  rejectOperation,
  cancelOperation,
  takeOperationStatus,
  tellExecutor,
  shutDownExecutor,
  requestOffers,
  tellFrameworkUpdate,
  keepFramework,
}
