import { describe, expect, it } from 'vitest'
import { operationsMachine } from '../../../../src/machines/scheduler/operations/operations.ts'
import type { OperationRequest } from '../../../../src/machines/scheduler/operations/operation-table.ts'
import { reservedResources } from '../../../../src/domain/tasks/operations.ts'
import { findOperation } from '../../../../src/machines/scheduler/operations/operation-table.ts'
import type { OperationsEvent } from '../../../../src/machines/scheduler/operations/setup.ts'
import type { OperationStatus } from '../../../../src/mesos/types.generated.ts'
import { asChild } from '../../../support/machines/as-child.ts'
import {
  call,
  lost,
  offers,
  registered,
  schedulerWith,
  submit,
} from '../../../support/machines/run-scheduler.ts'
import { operationTableOf } from '../../../support/machines/story.ts'
import { offer } from '../../../support/mesos/mesos-data.ts'

const request: OperationRequest = {
  id: 'op',
  agentId: 'a1',
  operation: {
    type: 'RESERVE',
    reserve: { resources: reservedResources({ cpus: 1 }, { role: 'team' }) },
  },
}
const wish = { type: 'operation.submit', request } as const
const sent: OperationsEvent = { type: 'operation.sent', operationIds: ['op'] }
const said = (state: OperationStatus['state'], id = 'op', more: Partial<OperationStatus> = {}) => ({
  type: 'mesos.operation' as const,
  status: { operationId: { value: id }, state, ...more },
})
const failed = (outcome: 'refused' | 'unsent' | 'unknown', id = 'op') =>
  ({
    type: 'call.failed',
    call: 'ACCEPT',
    launchIds: [],
    operationIds: [id],
    outcome,
    message: 'no',
  }) as const

function start(...events: readonly OperationsEvent[]) {
  const component = asChild(operationsMachine, undefined)
  component.send(registered, ...events)
  const row = () => findOperation(component.snapshot.context.table, 'op')
  return { component, row }
}

/** A scheduler with an operation that it has sent. */
const accepted = schedulerWith().when(wish, offers(offer('o1')))

describe('operationsMachine', () => {
  describe('an operation that waits', () => {
    it('is a notice to the parent, as is the end of the last one', () => {
      const { component } = start(wish)
      expect(component.notices).toEqual([{ type: 'work.changed' }])
      component.send(sent, said('OPERATION_FINISHED'))
      expect(component.notices).toHaveLength(3)
    })

    it('keeps its id from a second operation', () => {
      expect(start(wish).component.send(wish)?.facts).toMatchObject([
        { type: 'operation.rejected', operationId: 'op', code: 'OPERATION_INVALID' },
      ])
    })

    it('is sent with an offer of its agent', () => {
      schedulerWith()
        .then({ offers: 'open' })
        .when(wish)
        .then({ offers: 'asking' }, [call('REVIVE')])
        .when(offers(offer('o1', { agent: 'a2' })))
        .then({ offers: 'asking' }, [call('DECLINE')])
        .when(offers(offer('o2')))
        .then({ offers: 'suppressed' }, [
          call('ACCEPT', {
            accept: { operations: [{ type: 'RESERVE', id: { value: 'op' } }] },
          }),
          call('SUPPRESS'),
        ])
    })

    it('shares an offer with tasks, which get the rest', () => {
      schedulerWith()
        .when(wish, submit('a', 'b', 'c'))
        .then({ offers: 'open' })
        .when(offers(offer('o1', { cpus: 2 })))
        .then({ offers: 'asking' }, [
          call('ACCEPT', {
            accept: {
              operations: [
                { type: 'RESERVE' },
                // The other cpu is reserved, and this framework's.
                {
                  type: 'LAUNCH',
                  launch: { taskInfos: [{ taskId: { value: 'a' } }, { taskId: { value: 'b' } }] },
                },
              ],
            },
          }),
        ])
    })

    it('can be cancelled until it is sent', () => {
      const cancel: OperationsEvent = { type: 'operation.cancel', operationId: 'op' }
      expect(start(wish).component.send(cancel)?.facts).toMatchObject([{ type: 'operation.ended' }])
      expect(start(wish, sent).component.send(cancel)?.facts).toEqual([])
    })

    it('is cancelled without a call', () => {
      const cancel = { type: 'operation.cancel', operationId: 'op' } as const
      schedulerWith()
        .when(wish, cancel)
        .then((snapshot) => expect(operationTableOf(snapshot)?.pendingCount).toBe(0))
        .then({ offers: 'suppressed' })
      accepted
        .when(cancel)
        .then((snapshot) => expect(operationTableOf(snapshot)?.rows.size).toBe(1))
    })
  })

  describe('statuses', () => {
    it('are acknowledged when they have a uuid', () => {
      const { component } = start(wish, sent)
      const agents = { uuid: { value: 'dXVpZA==' }, agentId: { value: 'a1' } }
      expect(component.send(said('OPERATION_FINISHED', 'op', agents))?.effects).toMatchObject([
        { params: { type: 'ACKNOWLEDGE_OPERATION_STATUS' } },
      ])
    })

    it('are acknowledged for unknown operations, too', () => {
      const uuid = { uuid: { value: 'dXVpZA==' }, agentId: { value: 'a1' } }
      const ack = call('ACKNOWLEDGE_OPERATION_STATUS', {
        acknowledgeOperationStatus: { operationId: { value: 'op' }, uuid: 'dXVpZA==' },
      })
      accepted
        .then({ offers: 'open' })
        .when(said('OPERATION_FINISHED', 'op', uuid))
        .then({ offers: 'open' }, [ack])
      schedulerWith()
        .then({ offers: 'open' })
        .when(said('OPERATION_FINISHED', 'op', uuid))
        .then({ offers: 'open' }, [ack])
      accepted.then({ offers: 'open' }).when(said('OPERATION_PENDING')).then({ offers: 'open' }, [])
    })

    it('end an operation when they are terminal', () => {
      for (const state of ['OPERATION_FINISHED', 'OPERATION_ERROR', 'OPERATION_FAILED'] as const)
        accepted.when(said(state)).then((snapshot) => {
          expect(operationTableOf(snapshot)?.rows.size).toBe(0)
        })
    })

    it('make another attempt of a dropped operation, up to a limit', () => {
      accepted
        .then({ offers: 'open' })
        .when(said('OPERATION_DROPPED'))
        .then({ offers: 'asking' }, [call('REVIVE')])
        .when(offers(offer('o2')))
        .then({ offers: 'open' }, [
          call('ACCEPT', { accept: { operations: [{ id: { value: 'op~2' } }] } }),
          call('SUPPRESS'),
        ])
      let run = accepted
      for (let attempt = 1; attempt <= 6; attempt++) {
        const id = attempt === 1 ? 'op' : `op~${attempt}`
        run = run.when(said('OPERATION_DROPPED', id), offers(offer(`o${attempt + 1}`)))
      }
      run.then((snapshot) => expect(operationTableOf(snapshot)?.rows.size).toBe(0))
    })
  })

  describe('an ACCEPT that failed', () => {
    it.each([
      ['unsent', 'pending'],
      ['unknown', 'accepted'],
      ['refused', undefined],
    ] as const)('settles its operation when it was %s', (outcome, state) => {
      const { component, row } = start(wish, sent)
      component.send(failed(outcome))
      expect(row()?.state).toBe(state)
    })

    it('changes no later attempt', () => {
      const { component, row } = start(wish, sent, said('OPERATION_DROPPED'), sent)
      expect(row()).toMatchObject({ attempt: 2, state: 'accepted' })
      expect(component.send(failed('refused', 'op'))?.facts).toEqual([])
      expect(row()).toMatchObject({ attempt: 2, state: 'accepted' })
    })

    it('has its operation sent again, reconciled, or ended', () => {
      accepted
        .then({ offers: 'open' })
        .when(failed('unsent'))
        .then({ offers: 'asking' }, [call('REVIVE')])
      accepted
        .then({ offers: 'open' })
        .when(failed('unknown'))
        .then({ offers: 'open' }, [call('RECONCILE_OPERATIONS')])
      accepted.when(failed('refused')).then((snapshot) => {
        expect(operationTableOf(snapshot)?.rows.size).toBe(0)
      })
    })
  })

  describe('subscriptions', () => {
    it('reconcile sent operations', () => {
      const { component } = start(wish, sent, { type: 'process.restarted' })
      expect(component.send(registered)?.effects).toMatchObject([
        { params: { type: 'RECONCILE_OPERATIONS' } },
      ])
    })

    it('reconcile them again until there is an answer', () => {
      const asks = call('RECONCILE_OPERATIONS', {
        reconcileOperations: { operations: [{ operationId: { value: 'op' } }] },
      })
      accepted
        .then({ offers: 'open' })
        .when(lost, registered)
        .then({ offers: 'open' }, [
          { type: 'fx.subscribe' },
          call('RECONCILE'),
          asks,
          call('SUPPRESS'),
        ])
        .after(5000)
        .after(5000)
        .then({ offers: 'open' }, [asks])
        .when(said('OPERATION_PENDING'))
        .after(60_000)
        .then({ offers: 'open' }, [])
    })
  })

  describe('the end of the framework', () => {
    it('ends every operation', () => {
      const { component } = start(wish)
      expect(component.send({ type: 'operation.abandon', why: undefined })?.facts).toMatchObject([
        { type: 'operation.ended', operationId: 'op', code: 'FRAMEWORK_STOPPED' },
      ])
      expect(component.snapshot.value).toBe('abandoned')
    })

    it('comes after the last operation when the framework drains', () => {
      accepted
        .when({ type: 'framework.drain' })
        .then('draining')
        .when(said('OPERATION_FINISHED'))
        .then('stopping')
    })
  })
})
