import { describe, expect, it } from 'vitest'
import { taskTableOf } from '../../../src/machines/scheduler/components.ts'
import { heldOf, operationTableOf } from '../../support/machines/story.ts'
import type { OperationRequest } from '../../../src/machines/scheduler/operations/operation-table.ts'
import { reservedResources } from '../../../src/domain/tasks/operations.ts'
import type { SchedulerInboxEvent } from '../../../src/machines/scheduler/events.ts'
import type { SchedulerPolicy } from '../../../src/machines/scheduler/input.ts'
import type { InverseOffer, OperationStatus } from '../../../src/mesos/types.generated.ts'
import { given } from '../../../src/testing/given.ts'
import { offer, status } from '../../support/mesos/mesos-data.ts'

const registered: SchedulerInboxEvent = { type: 'mesos.subscribed', frameworkId: 'f1' }
const lost: SchedulerInboxEvent = {
  type: 'connection.lost',
  code: 'STREAM_ENDED',
  message: 'the stream has ended',
  retryable: true,
}
const reconciling = { reason: 'REASON_RECONCILIATION' } as const

function inputWith(policy: SchedulerPolicy = {}) {
  const framework = { user: 'u', name: 'n', roles: ['team'] }
  return { framework, hasLibraries: false, timeoutMs: 60_000, policy }
}

function schedulerWith(policy: SchedulerPolicy = {}) {
  return given({ input: inputWith(policy), records: [] }).when(registered)
}

function submit(...ids: readonly string[]): SchedulerInboxEvent {
  return {
    type: 'task.submit',
    requests: ids.map((id) => ({
      id,
      work: { kind: 'shell', command: 'true' },
      resources: { cpus: 1, memMb: 32 },
    })),
  }
}

function offers(...list: readonly ReturnType<typeof offer>[]): SchedulerInboxEvent {
  return { type: 'mesos.offers', offers: list }
}

function update(...parts: Parameters<typeof status>): SchedulerInboxEvent {
  return { type: 'mesos.update', status: status(...parts) }
}

function call(type: string, more: object = {}) {
  return { type: 'fx.call' as const, params: { type, ...more } }
}

describe('offers that are held', () => {
  const holding = schedulerWith({ offerHoldMs: 1000 }).when(offers(offer('o1')))

  it('keeps an offer that nothing needs for tasks to come', () => {
    holding
      .then({ offers: 'holding' }, [])
      .after(400)
      .when(submit('a'))
      .then({ offers: 'idle' }, [call('ACCEPT', { accept: { offerIds: [{ value: 'o1' }] } })])
      .after(1000)
      .then({ offers: 'suppressed' }, [call('SUPPRESS')])
  })

  it('gives it back before its time is over, and says then that none are needed', () => {
    holding
      .then({ offers: 'holding' })
      .after(500)
      .then({ offers: 'holding' }, [])
      .after(500)
      .then({ offers: 'suppressed' }, [
        call('DECLINE', { decline: { offerIds: [{ value: 'o1' }] } }),
        call('SUPPRESS'),
      ])
  })

  it('holds none longer than asked, however late it came', () => {
    holding
      .after(499)
      .when(offers(offer('o2')))
      .then({ offers: 'holding' })
      .after(1)
      .after(500)
      .then({ offers: 'suppressed' }, [
        call('DECLINE', { decline: { offerIds: [{ value: 'o2' }, { value: 'o1' }] } }),
        call('SUPPRESS'),
      ])
  })

  it('forgets what was rescinded', () => {
    holding
      .when({ type: 'mesos.rescind', offerId: 'o1' }, submit('a'))
      .then((snapshot) => {
        expect(heldOf(snapshot)?.size).toBe(0)
        expect(taskTableOf(snapshot).pendingCount).toBe(1)
      })
      .when({ type: 'mesos.rescind', offerId: 'never' })
      .then({ offers: 'asking' })
  })

  it('forgets all with the subscription that they came with', () => {
    holding
      .when(lost, registered, submit('a'))
      .then((snapshot) => {
        expect(heldOf(snapshot)?.size).toBe(0)
      })
      .when(offers(offer('o2')))
      .then({ offers: 'idle' })
  })

  it('tries a task on them that has to run again', () => {
    holding
      .when(submit('a'), offers(offer('o2', { agent: 'a2' })))
      .then({ offers: 'holding' })
      .when(update('a', 'TASK_DROPPED'))
      .then(
        (snapshot) => expect(taskTableOf(snapshot).pendingCount).toBe(0),
        [call('ACCEPT', { accept: { offerIds: [{ value: 'o2' }] } })],
      )
  })
})

describe('tasks that Mesos runs and this framework does not know', () => {
  const unknown = update('ghost', 'TASK_RUNNING', { agentId: { value: 'a1' }, ...reconciling })

  it('kills them where that is wanted, until they are over', () => {
    schedulerWith({ unknownTasks: 'kill' })
      .then({ offers: 'open' })
      .when(unknown)
      .then({ offers: 'open' }, [call('KILL', { kill: { taskId: { value: 'ghost' } } })])
      .after(1000)
      .after(5000)
      .then({ offers: 'open' }, [call('KILL')])
      .when(update('ghost', 'TASK_KILLED'))
      .after(60_000)
      .then({ offers: 'open' }, [])
  })

  it('leaves them alone otherwise', () => {
    schedulerWith().then({ offers: 'open' }).when(unknown).then({ offers: 'open' }, [])
  })

  it('kills an attempt that was given up', () => {
    schedulerWith({ unknownTasks: 'kill' })
      .when(submit('a'), offers(offer('o1')), update('a', 'TASK_DROPPED'))
      .then({ offers: 'open' })
      .when(update('a', 'TASK_RUNNING', reconciling))
      .then({ offers: 'open' }, [call('KILL', { kill: { taskId: { value: 'a' } } })])
  })
})

describe('reconciliation', () => {
  it('asks again for a task that nobody answered for', () => {
    schedulerWith()
      .when(submit('a'), offers(offer('o1')), lost, registered)
      .then({ offers: 'open' })
      .after(5000)
      .after(5000)
      .then({ offers: 'open' }, [
        call('RECONCILE', { reconcile: { tasks: [{ taskId: { value: 'a' } }] } }),
      ])
      .when(update('a', 'TASK_RUNNING', reconciling))
      .after(120_000)
      .then({ offers: 'open' }, [])
  })

  it('asks for all tasks at intervals', () => {
    schedulerWith({ reconcileEveryMs: 30_000 })
      .then({ offers: 'open' })
      .after(30_000)
      .then({ offers: 'open' }, [call('RECONCILE', { reconcile: { tasks: [] } })])
  })
})

describe('kills', () => {
  it('are repeated until the task is over', () => {
    schedulerWith()
      .when(submit('a'), offers(offer('o1')))
      .then({ offers: 'open' })
      .when({ type: 'task.kill', taskId: 'a', graceMs: 500 })
      .then({ offers: 'open' }, [
        call('KILL', { kill: { killPolicy: { gracePeriod: { nanoseconds: 500_000_000 } } } }),
      ])
      .after(1000)
      .when(update('a', 'TASK_KILLING'))
      .after(5000)
      .then({ offers: 'open' }, [call('KILL')])
      .when(update('a', 'TASK_KILLED'))
      .after(60_000)
      .then({ offers: 'open' }, [])
  })
})

describe('operations', () => {
  const team = { role: 'team' }
  const request: OperationRequest = {
    id: 'op',
    agentId: 'a1',
    operation: { type: 'RESERVE', reserve: { resources: reservedResources({ cpus: 1 }, team) } },
  }
  const wish: SchedulerInboxEvent = { type: 'operation.submit', request }
  const accepted = schedulerWith().when(wish, offers(offer('o1')))

  function said(state: OperationStatus['state'], more: Partial<OperationStatus> = {}) {
    const status = { operationId: { value: 'op' }, state, ...more }
    return { type: 'mesos.operation' as const, status }
  }

  it('waits for an offer of its agent', () => {
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

  it('shares an offer with tasks, which get what is left', () => {
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

  it('acknowledges what has a uuid, also of operations that it does not know', () => {
    const uuid = { uuid: { value: 'dXVpZA==' }, agentId: { value: 'a1' } }
    const ack = call('ACKNOWLEDGE_OPERATION_STATUS', {
      acknowledgeOperationStatus: { operationId: { value: 'op' }, uuid: 'dXVpZA==' },
    })
    accepted
      .then({ offers: 'open' })
      .when(said('OPERATION_FINISHED', uuid))
      .then({ offers: 'open' }, [ack])
    schedulerWith()
      .then({ offers: 'open' })
      .when(said('OPERATION_FINISHED', uuid))
      .then({ offers: 'open' }, [ack])
    accepted.then({ offers: 'open' }).when(said('OPERATION_PENDING')).then({ offers: 'open' }, [])
  })

  it('is over once Mesos says so', () => {
    for (const state of ['OPERATION_FINISHED', 'OPERATION_ERROR', 'OPERATION_FAILED'] as const)
      accepted.when(said(state)).then((snapshot) => {
        expect(operationTableOf(snapshot)?.rows.size).toBe(0)
      })
  })

  it('is tried again under another id when it never took place, but not for ever', () => {
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
      run = run.when(
        said('OPERATION_DROPPED', { operationId: { value: id } }),
        offers(offer(`o${attempt + 1}`)),
      )
    }
    run.then((snapshot) => expect(operationTableOf(snapshot)?.rows.size).toBe(0))
  })

  it('is asked for after an absence, until there is an answer', () => {
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

  it('goes back when its ACCEPT was never sent, and is asked for when nobody knows', () => {
    const failed = {
      type: 'call.failed',
      call: 'ACCEPT',
      launchIds: [],
      operationIds: ['op'],
      message: 'no',
    } as const
    accepted
      .then({ offers: 'open' })
      .when({ ...failed, outcome: 'unsent' })
      .then({ offers: 'asking' }, [call('REVIVE')])
    accepted
      .then({ offers: 'open' })
      .when({ ...failed, outcome: 'unknown' })
      .then({ offers: 'open' }, [call('RECONCILE_OPERATIONS')])
    accepted.when({ ...failed, outcome: 'refused' }).then((snapshot) => {
      expect(operationTableOf(snapshot)?.rows.size).toBe(0)
    })
  })

  it('can be given up while it waits, and not after', () => {
    const cancel: SchedulerInboxEvent = { type: 'operation.cancel', operationId: 'op' }
    schedulerWith()
      .when(wish, cancel)
      .then((snapshot) => expect(operationTableOf(snapshot)?.pendingCount).toBe(0))
      .then({ offers: 'suppressed' })
    accepted.when(cancel).then((snapshot) => expect(operationTableOf(snapshot)?.rows.size).toBe(1))
  })

  it('is waited for by a framework that drains', () => {
    accepted
      .when({ type: 'framework.drain' })
      .then('draining')
      .when(said('OPERATION_FINISHED'))
      .then('stopping')
  })
})

describe('roles', () => {
  const framework = { user: 'u', name: 'n', roles: ['a', 'b'] }
  const input = { framework, hasLibraries: false, timeoutMs: 60_000 }
  const of = (role: string, id: string) => ({ ...offer(id), allocationInfo: { role } })
  const bound: SchedulerInboxEvent = {
    type: 'task.submit',
    requests: [{ id: 't', role: 'b', work: { kind: 'shell', command: 'true' } }],
  }

  it('are suppressed and revived as tasks wait for their offers', () => {
    given({ input, records: [] })
      .when(registered)
      .then({ offers: 'open' }, [call('SUPPRESS')])
      .when(bound)
      .then({ offers: 'open' }, [call('REVIVE', { revive: { roles: ['b'] } })])
      .when(submit('any'))
      .then({ offers: 'open' }, [call('REVIVE', { revive: { roles: ['a'] } })])
      .when({ type: 'task.kill', taskId: 'any' })
      .then({ offers: 'open' }, [call('SUPPRESS', { suppress: { roles: ['a'] } })])
  })

  it('bind a task to their offers', () => {
    given({ input, records: [] })
      .when(registered, bound)
      .then({ offers: 'open' })
      .when({ type: 'mesos.offers', offers: [of('a', 'o1'), of('b', 'o2')] })
      .then({ offers: 'open' }, [
        call('ACCEPT', { accept: { offerIds: [{ value: 'o2' }] } }),
        call('DECLINE', { decline: { offerIds: [{ value: 'o1' }] } }),
        call('SUPPRESS'),
      ])
  })
})

describe('inverse offers', () => {
  const inverse: InverseOffer = {
    id: { value: 'i1' },
    frameworkId: { value: 'f1' },
    agentId: { value: 'a1' },
    unavailability: {
      start: { nanoseconds: 5_000_000_000 },
      duration: { nanoseconds: 1_000_000_000 },
    },
  }
  const asked: SchedulerInboxEvent = { type: 'mesos.inverseOffers', inverseOffers: [inverse] }
  const ids = { inverseOfferIds: [{ value: 'i1' }] }

  it('are accepted unless said otherwise', () => {
    const accept = call('ACCEPT_INVERSE_OFFERS', { acceptInverseOffers: ids })
    schedulerWith().then({ offers: 'open' }).when(asked).then({ offers: 'open' }, [accept])
    schedulerWith({ inverseOffers: 'decline' })
      .then({ offers: 'open' })
      .when(asked)
      .then({ offers: 'open' }, [call('DECLINE_INVERSE_OFFERS', { declineInverseOffers: ids })])
  })

  it('are left to the user who wants to answer them', () => {
    const answer: SchedulerInboxEvent = {
      type: 'inverseOffer.answer',
      inverseOfferId: 'i1',
      accept: false,
    }
    const asking = schedulerWith({ inverseOffers: 'ask' }).when(asked)
    asking
      .then({ offers: 'open' })
      .when(answer)
      .then({ offers: 'open' }, [call('DECLINE_INVERSE_OFFERS')])
      .when(answer)
      .then({ offers: 'open' }, [])
    asking
      .then({ offers: 'open' })
      .when({ type: 'mesos.rescindInverseOffer', inverseOfferId: 'i1' }, answer)
      .then({ offers: 'open' }, [])
  })

  it('move tasks elsewhere, which is no attempt of theirs', () => {
    const leaving = { ...offer('o2'), unavailability: inverse.unavailability }
    schedulerWith({ inverseOffers: 'move' })
      .when(submit('a'), offers(offer('o1')), update('a', 'TASK_RUNNING'))
      .then({ offers: 'open' })
      .when(asked)
      .then({ offers: 'open' }, [
        call('ACCEPT_INVERSE_OFFERS'),
        call('KILL', { kill: { taskId: { value: 'a' }, agentId: { value: 'a1' } } }),
      ])
      .when(update('a', 'TASK_KILLED'))
      .then({ offers: 'asking' }, [call('REVIVE')])
      .when(offers(leaving))
      .then({ offers: 'asking' }, [call('DECLINE')])
      .when(offers(offer('o3', { agent: 'a2' })))
      .then({ offers: 'suppressed' }, [
        call('ACCEPT', {
          accept: { operations: [{ launch: { taskInfos: [{ taskId: { value: 'a~2' } }] } }] },
        }),
        call('SUPPRESS'),
      ])
  })

  it('leave a task dead that its user kills while it moves', () => {
    schedulerWith({ inverseOffers: 'move' })
      .when(submit('a'), offers(offer('o1')), asked, { type: 'task.kill', taskId: 'a' })
      .when(update('a', 'TASK_KILLED'))
      .then((snapshot) => expect(taskTableOf(snapshot).rows.size).toBe(0))
  })
})

describe('words to executors', () => {
  it('are sent as they are asked for', () => {
    const where = { agentId: 'a1', executorId: 'e1' }
    schedulerWith()
      .then({ offers: 'open' })
      .when({ type: 'executor.tell', ...where, data: 'aGk=' })
      .then({ offers: 'open' }, [call('MESSAGE', { message: { data: 'aGk=' } })])
      .when({ type: 'executor.shutdown', ...where })
      .then({ offers: 'open' }, [call('SHUTDOWN', { shutdown: { executorId: { value: 'e1' } } })])
      .when({ type: 'offers.request', requests: [{ agentId: { value: 'a1' } }] })
      .then({ offers: 'open' }, [call('REQUEST')])
  })
})

describe('an update of the framework', () => {
  const description = { framework: { user: 'u', name: 'n', roles: ['a', 'b'] } }

  it('is what later subscriptions and offers go by', () => {
    schedulerWith()
      .then({ offers: 'open' })
      .when({ type: 'framework.update', description })
      .then({ offers: 'open' }, [call('UPDATE_FRAMEWORK')])
      .when({ type: 'framework.updated', description })
      .then({ offers: 'open' }, [call('SUPPRESS')])
      .when(lost)
      .then({ connection: 'disconnected' }, [{ type: 'fx.subscribe', params: description }])
  })

  it('changes nothing when the master refuses it', () => {
    schedulerWith()
      .when(
        { type: 'framework.update', description },
        {
          type: 'call.failed',
          call: 'UPDATE_FRAMEWORK',
          launchIds: [],
          outcome: 'refused',
          message: 'no',
        },
      )
      .then({ offers: 'open' })
      .when(lost)
      .then({ connection: 'disconnected' }, [
        { type: 'fx.subscribe', params: { framework: { roles: ['team'] } } },
      ])
  })
})

describe('a framework that another instance has taken over', () => {
  const running = schedulerWith().when(submit('a'), offers(offer('o1')))

  it('stops without tearing it down, when the stream says so', () => {
    running
      .then({ offers: 'open' })
      .when({ type: 'mesos.error', message: 'Framework failed over' })
      .then(
        ({ context }) => expect(context.failure?.code).toBe('FRAMEWORK_FAILED_OVER'),
        [{ type: 'fx.close', params: { call: undefined } }],
      )
      .when({ type: 'framework.closed' })
      .then('failed', [])
  })

  it('stops so when a call is refused for that, and keeps no task for failed', () => {
    running
      .then({ offers: 'open' })
      .when({
        type: 'call.failed',
        call: 'ACCEPT',
        launchIds: ['a'],
        outcome: 'refused',
        code: 'NOT_SUBSCRIBED',
        message: "didn't match the stream ID",
      })
      .then(
        ({ context }) => expect(context.failure?.code).toBe('FRAMEWORK_FAILED_OVER'),
        [{ type: 'fx.close', params: { call: undefined } }],
      )
  })

  it('makes no call any more', () => {
    running
      .when({ type: 'task.kill', taskId: 'a' })
      .when({ type: 'mesos.error', message: 'Framework failed over' })
      .then('stopping')
      .after(3_600_000)
      .then('stopping', [])
  })
})

describe('a framework that the master has removed', () => {
  it('is not torn down once more, and says what to do', () => {
    schedulerWith()
      .then({ offers: 'open' })
      .when({ type: 'mesos.error', message: 'Framework has been removed' })
      .then(
        ({ context }) => expect(context.failure?.code).toBe('FRAMEWORK_REMOVED'),
        [{ type: 'fx.close', params: { call: undefined } }],
      )
  })
})
