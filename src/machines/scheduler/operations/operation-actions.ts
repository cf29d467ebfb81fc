/** Actions on operations. */
import { assertEvent } from 'xstate'
import { defined } from '../../../defined.ts'
import { launchIdOf, parseLaunchId } from '../../../domain/tasks/task-request.ts'
import * as calls from '../../../mesos/scheduler-calls.ts'
import { stopped } from '../connection/events.ts'
import type { Failure } from '../connection/events.ts'
import type { Asked } from '../reconciliation/reconciliation.ts'
import {
  emptyOperationTable,
  findOperation,
  operationsOf,
  putOperation,
  removeOperation,
} from './operation-table.ts'
import type { OperationRow } from './operation-table.ts'
import { applyOperationStatus } from './operation-update.ts'
import type { OperationFact } from './operation-update.ts'
import { advanceOperation } from './operation.ts'
import { keepTable, operationsSetup } from './setup.ts'
import { nameActions } from '../../actions/name-actions.ts'

export const submitOperation = operationsSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'operation.submit')
  const { request } = event
  if (findOperation(context.table, request.id) !== undefined) {
    enqueue.emit({
      type: 'operation.rejected',
      operationId: request.id,
      code: 'OPERATION_INVALID',
      message: `an operation with id ${request.id} has not ended yet`,
    })
    return
  }
  const row = { request, state: 'pending', attempt: 1 } as const
  keepTable(context, enqueue, putOperation(context.table, row))
})

export const refuseOperation = operationsSetup.emit(({ event }) => {
  assertEvent(event, 'operation.refuse')
  return { type: 'operation.rejected' as const, operationId: event.request.id, ...event.why }
})

export const cancelOperation = operationsSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'operation.cancel')
  const row = findOperation(context.table, event.operationId)
  if (row === undefined || advanceOperation(row.state, 'operation.cancelled') !== 'cancelled')
    return
  keepTable(context, enqueue, removeOperation(context.table, event.operationId))
  enqueue.emit(
    endOf(row, {
      code: 'OPERATION_FAILED',
      message: 'it was cancelled before its agent made a suitable offer',
    }),
  )
})

/** Marks operations as accepted, when their ACCEPT is on its way. */
export const sendOperations = operationsSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'operation.sent')
  let { table } = context
  for (const id of event.operationIds) {
    const row = findOperation(table, id)
    if (row === undefined) continue
    const state = advanceOperation(row.state, 'operation.accepted')
    table = putOperation(table, { ...row, state })
  }
  keepTable(context, enqueue, table)
})

/** Takes an UPDATE_OPERATION_STATUS event. Only updates with a uuid are acknowledged. */
export const takeStatus = operationsSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'mesos.operation')
  const { operationId, uuid, agentId, resourceProviderId } = event.status
  if (operationId === undefined) return
  const { table, fact } = applyOperationStatus(context.table, event.status)
  keepTable(context, enqueue, table)
  const answered = { type: 'reconciliation.answered', id: operationId.value } as const
  enqueue.sendTo('operationReconciliation', answered)
  if (uuid !== undefined && agentId !== undefined) {
    const acknowledge = calls.acknowledgeOperationStatus(context.frameworkId, {
      operationId: operationId.value,
      uuid: uuid.value,
      agentId: agentId.value,
      ...defined({ resourceProviderId: resourceProviderId?.value }),
    })
    enqueue({ type: 'fx.call', params: acknowledge })
  }
  if (fact !== undefined) enqueue.emit(fact)
})

/** Reconciles the operations that were sent, after a subscription. */
export const reconcile = operationsSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'mesos.subscribed')
  const { frameworkId } = event
  const sent = Array.from(operationsOf(context.table)).filter(({ state }) => state !== 'pending')
  const asked = sent.map(askedOf)
  const begin = { type: 'reconciliation.begin', frameworkId, asked, isReturning: true } as const
  enqueue.sendTo('operationReconciliation', begin)
})

/** Settles the operations of an ACCEPT that failed. */
export const settleAccept = operationsSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'call.failed')
  const { operationIds = [], outcome, message } = event
  const rows = operationIds.flatMap((operationId) => {
    const { id, attempt } = parseLaunchId(operationId)
    const row = findOperation(context.table, id)
    return row?.attempt === attempt && row.state === 'accepted' ? row : []
  })
  if (rows.length === 0) return
  // The ACCEPT may have been taken: reconcile, don't retry.
  if (outcome === 'unknown') {
    enqueue.sendTo('operationReconciliation', {
      type: 'reconciliation.ask',
      asked: rows.map(askedOf),
    })
    return
  }
  let { table } = context
  for (const row of rows) {
    if (outcome === 'unsent') {
      const state = advanceOperation(row.state, 'operation.returned')
      table = putOperation(table, { ...row, state })
    } else {
      table = removeOperation(table, row.request.id)
      enqueue.emit(endOf(row, { code: 'CALL_REJECTED', message }))
    }
  }
  keepTable(context, enqueue, table)
})

/** Ends all operations: the framework stops. */
export const abandonOperations = operationsSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'operation.abandon')
  const why = event.why ?? stopped('the framework has stopped')
  for (const row of operationsOf(context.table)) enqueue.emit(endOf(row, why))
  enqueue.assign({ table: emptyOperationTable })
})

function askedOf({ request, attempt }: OperationRow): Asked {
  return { id: launchIdOf(request.id, attempt), agentId: request.agentId }
}

function endOf({ request, attempt }: OperationRow, why: Failure): OperationFact {
  const { id: operationId, agentId } = request
  return { type: 'operation.ended', operationId, agentId, attempt, ...why }
}

nameActions({
  submitOperation,
  refuseOperation,
  cancelOperation,
  sendOperations,
  takeStatus,
  reconcile,
  settleAccept,
  abandonOperations,
})
