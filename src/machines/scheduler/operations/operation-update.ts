/** Applies a status update to the operation table. */
import { findOperation, putOperation, removeOperation } from './operation-table.ts'
import type { OperationTable } from './operation-table.ts'
import { maxLosses, parseLaunchId } from '../../../domain/tasks/task-request.ts'
import type { OperationStatus } from '../../../mesos/types.generated.ts'
import { advanceOperation } from './operation.ts'
import type { OperationEvent } from './operation.ts'

/** A status update of an operation of this framework, as published. */
export interface OperationFact {
  readonly type: 'operation.updated' | 'operation.retried' | 'operation.ended'
  readonly operationId: string
  readonly agentId: string
  /** 1 for the first. */
  readonly attempt: number
  /** Absent if it ended without a status of Mesos. */
  readonly status?: OperationStatus
  /** The cause, if no status of Mesos gives one: an error code of jarcast, and a message. */
  readonly code?: string
  readonly message?: string
}

export interface OperationUpdate {
  readonly table: OperationTable
  readonly fact?: OperationFact
}

/** Changes the state of the operation; one that was dropped waits for another offer. */
export function applyOperationStatus(
  table: OperationTable,
  status: OperationStatus,
): OperationUpdate {
  const { id, attempt } = parseLaunchId(status.operationId?.value ?? '')
  const row = findOperation(table, id)
  const event = operationEventOf(status)
  if (row === undefined || row.attempt !== attempt || event === undefined) return { table }
  const state = advanceOperation(row.state, event)
  if (state === row.state) return { table }
  const fact = (type: OperationFact['type']): OperationFact => ({
    type,
    operationId: id,
    agentId: row.request.agentId,
    attempt,
    status,
  })
  if (state === 'lost' && attempt <= maxLosses && mayComeBack(status)) {
    const again = { ...row, state: 'pending', attempt: attempt + 1 } as const
    return { table: putOperation(table, again), fact: fact('operation.retried') }
  }
  if (state === 'finished' || state === 'failed' || state === 'lost')
    return { table: removeOperation(table, id), fact: fact('operation.ended') }
  return { table: putOperation(table, { ...row, state }), fact: fact('operation.updated') }
}

/** The machine event for a Mesos state; undefined for a state that changes nothing. */
function operationEventOf({ state }: OperationStatus): OperationEvent['type'] | undefined {
  switch (state) {
    case 'OPERATION_PENDING':
      return 'operation.underway'
    case 'OPERATION_UNREACHABLE':
    case 'OPERATION_RECOVERING':
      return 'operation.unreachable'
    case 'OPERATION_FINISHED':
      return 'operation.finished'
    case 'OPERATION_FAILED':
    case 'OPERATION_ERROR':
      return 'operation.failed'
    case 'OPERATION_DROPPED':
    case 'OPERATION_UNKNOWN':
    case 'OPERATION_GONE_BY_OPERATOR':
      return 'operation.lost'
    default:
      return undefined
  }
}

/** An agent that an operator marked as gone makes no offers any more. */
function mayComeBack({ state }: OperationStatus): boolean {
  return state !== 'OPERATION_GONE_BY_OPERATOR'
}
