import { describe, expect, it } from 'vitest'
import { executorCodec, schedulerCodec } from '../../src/mesos/codec.ts'
import * as executor from '../../src/mesos/executor-calls.ts'
import * as scheduler from '../../src/mesos/scheduler-calls.ts'
import type { ExecutorCall, SchedulerCall } from '../../src/mesos/types.generated.ts'
import { callsOf, toBytes } from './captures.ts'

const id = (value: string) => ({ value })
const filters = { refuseSeconds: 1 }
const info = { user: 'u', name: 'n' }

describe('scheduler calls', () => {
  it('are those of a recorded life', () => {
    const codec = schedulerCodec('application/json')
    const sent = callsOf('lifecycle', 'json').map((call) => codec.decodeCall(toBytes(call)))
    expect(sent.map(rebuild)).toEqual(sent)
  })

  it('carry the framework id twice when it comes back', () => {
    expect(scheduler.subscribe({ ...info, id: id('f') }, { suppressedRoles: ['r'] })).toEqual({
      type: 'SUBSCRIBE',
      frameworkId: id('f'),
      subscribe: { frameworkInfo: { ...info, id: id('f') }, suppressedRoles: ['r'] },
    })
  })

  it.each([
    [scheduler.teardown('f'), {}],
    [
      scheduler.acceptInverseOffers('f', ['i'], filters),
      { acceptInverseOffers: { inverseOfferIds: [id('i')], filters } },
    ],
    [
      scheduler.declineInverseOffers('f', ['i']),
      { declineInverseOffers: { inverseOfferIds: [id('i')] } },
    ],
    [scheduler.revive('f', ['r']), { revive: { roles: ['r'] } }],
    [scheduler.suppress('f', ['r']), { suppress: { roles: ['r'] } }],
    [scheduler.shutdown('f', 'e', 'a'), { shutdown: { executorId: id('e'), agentId: id('a') } }],
    [
      scheduler.message('f', 'a', 'e', 'AQ=='),
      { message: { agentId: id('a'), executorId: id('e'), data: 'AQ==' } },
    ],
    [scheduler.request('f', []), { request: { requests: [] } }],
    [
      scheduler.reconcileOperations('f', [{ operationId: 'o', agentId: 'a' }]),
      { reconcileOperations: { operations: [{ operationId: id('o'), agentId: id('a') }] } },
    ],
    [
      scheduler.acknowledgeOperationStatus('f', { operationId: 'o', uuid: 'AQ==', agentId: 'a' }),
      { acknowledgeOperationStatus: { operationId: id('o'), uuid: 'AQ==', agentId: id('a') } },
    ],
    [scheduler.updateFramework('f', info), { updateFramework: { frameworkInfo: info } }],
  ])('are what the master wants: $type', (call, body) => {
    expect(call).toEqual({ type: call.type, frameworkId: id('f'), ...body })
    expect(schedulerCodec('application/x-protobuf').encodeCall(call).length).toBeGreaterThan(0)
  })
})

describe('executor calls', () => {
  it.each(['json', 'protobuf'] as const)('are those of a recorded life over %s', (encoding) => {
    const codec = executorCodec('application/json')
    const sent = callsOf('executor', encoding).map((call) => codec.decodeCall(toBytes(call)))
    expect(sent.map(rebuildExecutorCall)).toEqual(sent)
  })
})

function rebuild(call: SchedulerCall): SchedulerCall {
  const framework = call.frameworkId?.value ?? ''
  switch (call.type) {
    case 'SUBSCRIBE':
      return scheduler.subscribe(call.subscribe.frameworkInfo)
    case 'ACCEPT': {
      const { offerIds = [], operations = [], filters } = call.accept
      return scheduler.accept(framework, offerIds.map(valueOf), operations, filters)
    }
    case 'DECLINE':
      return scheduler.decline(
        framework,
        (call.decline.offerIds ?? []).map(valueOf),
        call.decline.filters,
      )
    case 'ACKNOWLEDGE': {
      const { agentId, taskId, uuid } = call.acknowledge
      return scheduler.acknowledge(framework, agentId.value, taskId.value, uuid)
    }
    case 'RECONCILE': {
      const tasks = call.reconcile.tasks?.map(({ taskId, agentId }) => ({
        taskId: taskId.value,
        ...(agentId === undefined ? {} : { agentId: agentId.value }),
      }))
      return normal(scheduler.reconcile(framework, tasks))
    }
    case 'KILL':
      return scheduler.kill(framework, call.kill.taskId.value, call.kill.agentId?.value)
    case 'SUPPRESS':
      return scheduler.suppress(framework, call.suppress?.roles)
    case 'REVIVE':
      return scheduler.revive(framework, call.revive?.roles)
    default:
      return call
  }
}

/** As it comes off the wire: without empty lists. */
function normal(call: SchedulerCall): SchedulerCall {
  const codec = schedulerCodec('application/json')
  return codec.decodeCall(codec.encodeCall(call))
}

function rebuildExecutorCall(call: ExecutorCall): ExecutorCall {
  const identity = { frameworkId: call.frameworkId.value, executorId: call.executorId.value }
  switch (call.type) {
    case 'SUBSCRIBE':
      return executor.subscribe(identity, call.subscribe)
    case 'UPDATE':
      return executor.update(identity, call.update.status)
    case 'MESSAGE':
      return executor.message(identity, call.message.data)
    case 'HEARTBEAT':
      return executor.heartbeat(identity)
    default:
      return call
  }
}

function valueOf({ value }: { readonly value: string }): string {
  return value
}
