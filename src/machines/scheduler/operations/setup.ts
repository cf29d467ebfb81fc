/** Events, facts and context of the operations machine. */
import { assertEvent, assign, sendTo, setup } from 'xstate'
import type { OperationStatus, SchedulerCall } from '../../../mesos/types.generated.ts'
import type {
  CallFailed,
  ConnectionLost,
  Failure,
  MesosSubscribed,
  ProcessRestarted,
} from '../connection/events.ts'
import { reconciliationMachine } from '../reconciliation/reconciliation.ts'
import type { OperationRequest, OperationTable } from './operation-table.ts'
import type { OperationFact } from './operation-update.ts'

export type OperationsEvent =
  | { readonly type: 'operation.submit'; readonly request: OperationRequest }
  /** From the scheduler: the framework takes no more operations. */
  | { readonly type: 'operation.refuse'; readonly request: OperationRequest; readonly why: Failure }
  /** Cancels an operation that waits for an offer. */
  | { readonly type: 'operation.cancel'; readonly operationId: string }
  /** From the offers: ACCEPT calls with these operations are on their way. */
  | { readonly type: 'operation.sent'; readonly operationIds: readonly string[] }
  /** From the scheduler: the framework stops. */
  | { readonly type: 'operation.abandon'; readonly why: Failure | undefined }
  | { readonly type: 'mesos.operation'; readonly status: OperationStatus }
  | CallFailed
  | MesosSubscribed
  | ConnectionLost
  | ProcessRestarted

/** Sent to the scheduler: more or fewer operations wait for an offer, or the last one ended. */
export interface OperationsNotice {
  readonly type: 'work.changed'
}

export type OperationsFact =
  | OperationFact
  | {
      readonly type: 'operation.rejected'
      readonly operationId: string
      readonly code: string
      readonly message: string
    }

export interface OperationsContext {
  readonly frameworkId: string
  readonly table: OperationTable
}

export const operationsSetup = setup({
  types: {} as {
    context: OperationsContext
    events: OperationsEvent
    emitted: OperationsFact
  },
  actors: { reconciliation: reconciliationMachine },
  actions: {
    'fx.call': (_, _call: SchedulerCall) => undefined,
    keepFrameworkId: assign(({ event }) => {
      assertEvent(event, 'mesos.subscribed')
      return { frameworkId: event.frameworkId }
    }),
    tellReconciliation: sendTo('operationReconciliation', ({ event }) => event),
  },
  guards: {
    carriesOperations: ({ event }) =>
      event.type === 'call.failed' && event.operationIds !== undefined,
  },
})

interface Keeper {
  assign(changes: Partial<OperationsContext>): void
  sendParent(notice: OperationsNotice): void
}

/**
 * Keeps a changed table, and notifies the scheduler if offers or the end of draining depend on it.
 */
export function keepTable(
  { table: before }: OperationsContext,
  enqueue: Keeper,
  table: OperationTable,
): void {
  enqueue.assign({ table })
  const isEmptied = table.rows.size === 0 && before.rows.size > 0
  if (table.pendingCount !== before.pendingCount || isEmptied)
    enqueue.sendParent({ type: 'work.changed' })
}
