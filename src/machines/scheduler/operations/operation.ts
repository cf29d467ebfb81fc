/**
 * One operation on an agent's resources, such as a reservation, from its submission to its end.
 * Source: mesos.proto, `OperationState`; docs/operation-feedback.md.
 */
import { setup } from 'xstate'
import type { OperationRowState } from './operation-table.ts'
import { transitionTable } from '../../transitions/transition-table.ts'

export type OperationEvent =
  /** An ACCEPT with it was sent. */
  | { readonly type: 'operation.accepted' }
  /** The ACCEPT never reached the master: the operation waits for another offer. */
  | { readonly type: 'operation.returned' }
  | { readonly type: 'operation.underway' }
  | { readonly type: 'operation.unreachable' }
  | { readonly type: 'operation.finished' }
  | { readonly type: 'operation.failed' }
  /** Its user cancelled it before it was sent. */
  | { readonly type: 'operation.cancelled' }
  /** It was dropped, or its agent is gone for good. */
  | { readonly type: 'operation.lost' }
  /** It was dropped, and is tried again with the next offer. */
  | { readonly type: 'operation.retried' }

export const operationMachine = setup({
  types: {} as { events: OperationEvent },
}).createMachine({
  id: 'operation',
  initial: 'pending',
  states: {
    pending: {
      description: 'Waits for an offer of its agent.',
      on: { 'operation.accepted': 'sent', 'operation.cancelled': 'cancelled' },
    },
    sent: {
      description: 'An ACCEPT with it was sent.',
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
      states: {
        accepted: { description: 'No status has come yet.' },
        underway: { description: 'The master or the agent applies it.' },
        unreachable: { description: 'Its agent is partitioned from the master.' },
      },
    },
    finished: { type: 'final', description: 'It was applied.' },
    failed: { type: 'final', description: 'Mesos could not apply it.' },
    cancelled: { type: 'final', description: 'Its user cancelled it before it was sent.' },
    lost: { type: 'final', description: 'It was dropped, or its agent is gone for good.' },
  },
})

/** The next state of an operation in `state` on `event`; `state` if it changes nothing. */
export function advanceOperation(
  state: OperationRowState,
  event: OperationEvent['type'],
): OperationRowState {
  return transitions.get(state)?.get(event) ?? state
}

const transitions = transitionTable<OperationRowState>(operationMachine)
