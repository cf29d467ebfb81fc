import { describe, expect, it } from 'vitest'
import { operationsMachine } from '../../../../src/machines/scheduler/operations/operations.ts'
import { findOperation } from '../../../../src/machines/scheduler/operations/operation-table.ts'
import type { OperationsEvent } from '../../../../src/machines/scheduler/operations/setup.ts'
import type { OperationStatus } from '../../../../src/mesos/types.generated.ts'
import { asChild } from '../../../support/machines/as-child.ts'

const subscribed: OperationsEvent = { type: 'mesos.subscribed', frameworkId: 'f1' }
const submit: OperationsEvent = {
  type: 'operation.submit',
  request: { id: 'op', agentId: 'a1', operation: { type: 'reserve', resources: [] } as never },
}
const sent: OperationsEvent = { type: 'operation.sent', operationIds: ['op'] }
const said = (state: OperationStatus['state'], id = 'op', more = {}): OperationsEvent => ({
  type: 'mesos.operation',
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
  component.send(subscribed, ...events)
  const row = () => findOperation(component.snapshot.context.table, 'op')
  return { component, row }
}

describe('operationsMachine', () => {
  it('notifies its parent of an operation that waits, and of the last end', () => {
    const { component } = start(submit)
    expect(component.notices).toEqual([{ type: 'work.changed' }])
    component.send(sent, said('OPERATION_FINISHED'))
    expect(component.notices).toHaveLength(3)
  })

  it('rejects a second operation with the id of one that is not over', () => {
    expect(start(submit).component.send(submit)?.facts).toMatchObject([
      { type: 'operation.rejected', operationId: 'op', code: 'OPERATION_INVALID' },
    ])
  })

  it('acknowledges statuses with a uuid', () => {
    const { component } = start(submit, sent)
    const agents = { uuid: { value: 'dXVpZA==' }, agentId: { value: 'a1' } }
    expect(component.send(said('OPERATION_FINISHED', 'op', agents))?.effects).toMatchObject([
      { params: { type: 'ACKNOWLEDGE_OPERATION_STATUS' } },
    ])
  })

  it.each([
    ['unsent', 'pending'],
    ['unknown', 'accepted'],
    ['refused', undefined],
  ] as const)('settles the operation of an ACCEPT that is %s', (outcome, state) => {
    const { component, row } = start(submit, sent)
    component.send(failed(outcome))
    expect(row()?.state).toBe(state)
  })

  it('leaves another attempt alone when an earlier ACCEPT fails late', () => {
    const { component, row } = start(submit, sent, said('OPERATION_DROPPED'), sent)
    expect(row()).toMatchObject({ attempt: 2, state: 'accepted' })
    expect(component.send(failed('refused', 'op'))?.facts).toEqual([])
    expect(row()).toMatchObject({ attempt: 2, state: 'accepted' })
  })

  it('reconciles sent operations after a subscription', () => {
    const { component } = start(submit, sent, { type: 'process.restarted' })
    expect(component.send(subscribed)?.effects).toMatchObject([
      { params: { type: 'RECONCILE_OPERATIONS' } },
    ])
  })

  it('cancels only an operation that still waits', () => {
    const cancel: OperationsEvent = { type: 'operation.cancel', operationId: 'op' }
    expect(start(submit).component.send(cancel)?.facts).toMatchObject([{ type: 'operation.ended' }])
    expect(start(submit, sent).component.send(cancel)?.facts).toEqual([])
  })

  it('ends every operation when the framework stops', () => {
    const { component } = start(submit)
    expect(component.send({ type: 'operation.abandon', why: undefined })?.facts).toMatchObject([
      { type: 'operation.ended', operationId: 'op', code: 'FRAMEWORK_STOPPED' },
    ])
    expect(component.snapshot.value).toBe('abandoned')
  })
})
