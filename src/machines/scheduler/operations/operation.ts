/**
 * One operation on an agent's resources, such as a reservation, from the user's wish to its end.
 * Source: mesos.proto, `OperationState`; docs/operation-feedback.md.
 */
import { setup } from 'xstate'
import type { OperationRowState } from './operation-table.ts'
import { transitionTable } from '../../transitions/transition-table.ts'

export type OperationEvent =
  /** An ACCEPT with it was sent. */
  | { readonly type: 'operation.accepted' }
  /** The ACCEPT surely never reached the master: it waits for another offer. */
  | { readonly type: 'operation.returned' }
  | { readonly type: 'operation.underway' }
  | { readonly type: 'operation.unreachable' }
  | { readonly type: 'operation.finished' }
  | { readonly type: 'operation.failed' }
  /** Given up by its user before it was sent. */
  | { readonly type: 'operation.cancelled' }
  /** It never took place, or its agent is gone for good. */
  | { readonly type: 'operation.lost' }
  /** It never took place, and is tried again with the next offer. */
  | { readonly type: 'operation.retried' }

export const operationMachine = setup({
  types: {} as { events: OperationEvent },
}).createMachine({
  id: 'operation',
  initial: 'pending',
  states: {
    pending: {
      on: { 'operation.accepted': 'sent', 'operation.cancelled': 'cancelled' },
    },
    sent: {
      initial: 'accepted',
      on: {
        'operation.returned': 'pending',
        'operation.retried': 'pending',
        'operation.underway': '.underway',
        'operation.unreachable': '.unreachable',
        'operation.finished': 'finished',
        'operation.failed': 'failed',
        'operation.lost': 'lost',
      },
      states: { accepted: {}, underway: {}, unreachable: {} },
    },
    finished: { type: 'final' },
    failed: { type: 'final' },
    cancelled: { type: 'final' },
    lost: { type: 'final' },
  },
})

/** Where an operation in `state` goes on `event`; `state` itself when the event changes nothing. */
export function advanceOperation(
  state: OperationRowState,
  event: OperationEvent['type'],
): OperationRowState {
  return transitions.get(state)?.get(event) ?? state
}

const transitions = transitionTable<OperationRowState>(operationMachine)
