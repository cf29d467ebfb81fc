import { describe, expect, it } from 'vitest'
import { initialTransition, transition } from 'xstate'
import type { SnapshotFrom } from 'xstate'
import {
  advanceOperation,
  operationMachine,
} from '../../../../src/machines/scheduler/operations/operation.ts'
import type { OperationEvent } from '../../../../src/machines/scheduler/operations/operation.ts'
import type { OperationRowState } from '../../../../src/machines/scheduler/operations/operation-table.ts'

const eventTypes: readonly OperationEvent['type'][] = [
  'operation.accepted',
  'operation.returned',
  'operation.underway',
  'operation.unreachable',
  'operation.finished',
  'operation.failed',
  'operation.cancelled',
  'operation.lost',
  'operation.retried',
]

function leafOf(value: SnapshotFrom<typeof operationMachine>['value']): OperationRowState {
  return typeof value === 'string' ? (value as OperationRowState) : value.sent
}

describe('advanceOperation', () => {
  it('goes wherever the machine goes, from every state on every event', () => {
    const [initial] = initialTransition(operationMachine)
    const seen = new Map([[leafOf(initial.value), initial]])
    for (const [state, snapshot] of seen) {
      for (const type of eventTypes) {
        const [next] = transition(operationMachine, snapshot, { type })
        expect([state, type, advanceOperation(state, type)]).toEqual([
          state,
          type,
          leafOf(next.value),
        ])
        if (!seen.has(leafOf(next.value))) seen.set(leafOf(next.value), next)
      }
    }
    expect([...seen.keys()].toSorted()).toEqual([
      'accepted',
      'cancelled',
      'failed',
      'finished',
      'lost',
      'pending',
      'underway',
      'unreachable',
    ])
  })
})
