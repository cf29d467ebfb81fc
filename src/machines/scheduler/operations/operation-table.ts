/**
 * The operations of a framework that have not ended, and those that wait for an offer of their
 * agent.
 */
import type { Offer, OfferOperation, Resource } from '../../../mesos/types.generated.ts'
import { applyOperation } from '../../../domain/tasks/operations.ts'
import type { ResourceOperation } from '../../../domain/tasks/operations.ts'
import { emptyMap, getFrom, removeFrom, setIn, valuesOf } from '../../../domain/persistent-map.ts'
import type { PersistentMap } from '../../../domain/persistent-map.ts'
import { launchIdOf } from '../../../domain/tasks/task-request.ts'

export interface OperationRequest {
  /** Unique among operations that have not ended; same rules as for ids of tasks. */
  readonly id: string
  /** The agent with the resources. */
  readonly agentId: string
  readonly operation: ResourceOperation
}

/** The state of an operation, as in the operation machine. */
export type OperationRowState =
  'pending' | 'accepted' | 'underway' | 'unreachable' | 'finished' | 'failed' | 'cancelled' | 'lost'

export interface OperationRow {
  readonly request: OperationRequest
  readonly state: OperationRowState
  /** 1 for the first. Each attempt has its own id at Mesos. */
  readonly attempt: number
}

export interface OperationTable {
  readonly rows: PersistentMap<OperationRow>
  /** Ids by agent, oldest first. */
  readonly pending: PersistentMap<readonly string[]>
  readonly pendingCount: number
}

export const emptyOperationTable: OperationTable = {
  rows: emptyMap(),
  pending: emptyMap(),
  pendingCount: 0,
}

export function findOperation(table: OperationTable, id: string): OperationRow | undefined {
  return getFrom(table.rows, id)
}

/** All operations that have not ended, in an order that depends on the ids alone. */
export function operationsOf(table: OperationTable): Iterable<OperationRow> {
  return valuesOf(table.rows)
}

/** Adds or changes a row; a pending operation waits for an offer of its agent. */
export function putOperation(table: OperationTable, row: OperationRow): OperationTable {
  const kept = withoutPending(table, row.request)
  const rows = setIn(kept.rows, row.request.id, row)
  if (row.state !== 'pending') return { ...kept, rows }
  const { id, agentId } = row.request
  const waiting = [...(getFrom(kept.pending, agentId) ?? []), id]
  return {
    rows,
    pending: setIn(kept.pending, agentId, waiting),
    pendingCount: kept.pendingCount + 1,
  }
}

/** Removes an ended operation. */
export function removeOperation(table: OperationTable, id: string): OperationTable {
  const row = findOperation(table, id)
  if (row === undefined) return table
  const kept = withoutPending(table, row.request)
  return { ...kept, rows: removeFrom(kept.rows, id) }
}

/** The operations for an offer, as sent, and the rest of the offer. */
export interface OperationPlan {
  readonly rows: readonly OperationRow[]
  readonly operations: readonly OfferOperation[]
  readonly rest: readonly Resource[]
}

/**
 * The operations of this agent that the offer has room for, oldest first; later ones may use
 * resources that earlier ones create.
 */
export function planOperations(table: OperationTable, offer: Offer): OperationPlan {
  let rest = offer.resources ?? []
  const rows: OperationRow[] = []
  const operations: OfferOperation[] = []
  for (const id of getFrom(table.pending, offer.agentId.value) ?? []) {
    const row = findOperation(table, id)
    const applied = row && applyOperation(rest, row.request.operation, offer.allocationInfo)
    if (row === undefined || applied === undefined) continue
    rest = applied.rest
    rows.push(row)
    operations.push({ ...applied.operation, id: { value: launchIdOf(id, row.attempt) } })
  }
  return { rows, operations, rest }
}

function withoutPending(table: OperationTable, { id, agentId }: OperationRequest): OperationTable {
  if (findOperation(table, id)?.state !== 'pending') return table
  const waiting = (getFrom(table.pending, agentId) ?? []).filter((other) => other !== id)
  return {
    ...table,
    pending:
      waiting.length === 0
        ? removeFrom(table.pending, agentId)
        : setIn(table.pending, agentId, waiting),
    pendingCount: table.pendingCount - 1,
  }
}
