import { describe, expect, it } from 'vitest'
import { offersMachine } from '../../../../src/machines/scheduler/offers/offers.ts'
import type { Work } from '../../../../src/machines/scheduler/offers/accepts.ts'
import type { OffersEvent, OffersInput } from '../../../../src/machines/scheduler/offers/setup.ts'
import { emptyOperationTable } from '../../../../src/machines/scheduler/operations/operation-table.ts'
import { addTasks } from '../../../../src/machines/scheduler/tasks/table/task-changes.ts'
import { emptyTaskTable } from '../../../../src/machines/scheduler/tasks/table/task-table.ts'
import type { SchedulerInboxEvent } from '../../../../src/machines/scheduler/events.ts'
import { taskTableOf } from '../../../../src/machines/scheduler/components.ts'
import type { SchedulerCall } from '../../../../src/mesos/types.generated.ts'
import { given } from '../../../../src/testing/given.ts'
import { asChild } from '../../../support/machines/as-child.ts'
import {
  acceptFailed,
  call,
  lost,
  offers,
  registered,
  run,
  runWith,
  schedulerWith,
  serving,
  submit,
  typesOf,
  update,
} from '../../../support/machines/run-scheduler.ts'
import { heldOf } from '../../../support/machines/story.ts'
import { offer } from '../../../support/mesos/mesos-data.ts'

/** Waiting tasks of one cpu. */
function work(...ids: readonly string[]): Work {
  const requests = ids.map((id) => ({
    id,
    work: { kind: 'shell', command: 'true' } as const,
    resources: { cpus: 1, memMb: 32 },
  }))
  return {
    tasks: addTasks(emptyTaskTable, requests),
    operations: emptyOperationTable,
    delivery: undefined,
  }
}

const offered = (waiting: Work, ...ids: readonly string[]): OffersEvent => ({
  type: 'mesos.offers',
  offers: ids.map((id) => offer(id)),
  work: waiting,
})
const ready = (waiting: Work): OffersEvent => ({ type: 'delivery.ready', work: waiting })
const changed = (waiting: Work): OffersEvent => ({ type: 'work.changed', work: waiting })

function start(input: Partial<OffersInput> = {}, ...events: readonly OffersEvent[]) {
  const component = asChild(offersMachine, { roles: ['team'], ...input })
  component.send(registered, ...events)
  return component
}

function callsOf(outcome: { effects: readonly { params: unknown }[] } | undefined) {
  return outcome?.effects.map(({ params }) => (params as { type: string }).type)
}

function executorOf(call: SchedulerCall | undefined): string | undefined {
  if (call?.type !== 'ACCEPT') return undefined
  const [operation] = call.accept.operations ?? []
  return operation?.type === 'LAUNCH'
    ? operation.launch.taskInfos?.[0]?.executor?.executorId.value
    : undefined
}

describe('offersMachine', () => {
  describe('until the delivery is ready', () => {
    it('declines offers', () => {
      const component = start()
      expect(component.snapshot.value).toEqual({ subscribed: 'waitingForDelivery' })
      expect(callsOf(component.send(offered(work('a'), 'o1')))).toEqual(['DECLINE'])
      expect(component.notices).toEqual([])
    })

    it('declines offers before the jar server listens', () => {
      expect(
        typesOf(
          runWith({ hasLibraries: true }, submit('a'), registered, offers(offer('o1'))).calls,
        ),
      ).toEqual(['DECLINE'])
    })

    it('revives offers once the jar server listens', () => {
      const started = runWith(
        { hasLibraries: true },
        submit('a'),
        registered,
        offers(offer('o1')),
        serving,
      )
      expect(started.value).toEqual({ offers: 'asking' })
      expect(typesOf(started.calls)).toEqual(['REVIVE'])
    })
  })

  describe('for waiting tasks', () => {
    it('accepts an offer that a task fits, and names the launches', () => {
      const component = start({}, ready(work('a')))
      const used = component.send(offered(work('a'), 'o1'))
      expect(callsOf(used)).toEqual(['ACCEPT'])
      expect(used?.facts).toEqual([{ type: 'offers.received', count: 1, launched: 1 }])
      expect(component.notices).toEqual([
        {
          type: 'work.launched',
          launches: [{ taskId: 'a', agentId: 'a1', hostname: 'a1.example', counted: [] }],
          operationIds: [],
        },
      ])
    })

    it('launches many tasks on one offer in one ACCEPT', () => {
      const launched = run(registered, submit('a', 'b'), offers(offer('o1')))
      expect(launched.calls).toMatchObject([
        {
          type: 'ACCEPT',
          accept: {
            offerIds: [{ value: 'o1' }],
            operations: [
              {
                type: 'LAUNCH',
                launch: { taskInfos: [{ taskId: { value: 'a' } }, { taskId: { value: 'b' } }] },
              },
            ],
          },
        },
        { type: 'SUPPRESS' },
      ])
    })

    it('ships libraries with an executor whose id follows from its content', () => {
      const [accept] = runWith(
        { hasLibraries: true },
        registered,
        serving,
        submit('a'),
        offers(offer('o1')),
      ).calls
      const [again] = runWith(
        { hasLibraries: true },
        registered,
        serving,
        submit('b'),
        offers(offer('o2')),
      ).calls
      expect(executorOf(accept)).toMatch(/^jarcast-[0-9a-f]{16}$/)
      expect(executorOf(again)).toBe(executorOf(accept))
    })

    it('declines an offer that fits no task for a short time', () => {
      const declined = run(registered, submit('a'), offers(offer('o1', { cpus: 0.5 })))
      expect(declined.calls).toMatchObject([
        {
          type: 'DECLINE',
          decline: { offerIds: [{ value: 'o1' }], filters: { refuseSeconds: 1 } },
        },
      ])
    })

    it('names the waiting tasks when no offer is large enough', () => {
      const huge = work('a', 'b', 'c')
      const component = start({}, ready(huge))
      const small: OffersEvent = {
        type: 'mesos.offers',
        offers: [offer('o', { cpus: 0 })],
        work: huge,
      }
      expect(component.send(small)?.facts).toMatchObject([
        { type: 'offers.received', launched: 0 },
        { type: 'task.waiting', count: 3, taskIds: ['a', 'b', 'c'] },
      ])
    })

    it('names the obstacles when no offer is large enough', () => {
      const big = submit({ id: 'big', resources: { cpus: 64 } })
      const waiting = run(registered, big, offers(offer('o1'), offer('o2', { cpus: 4 })))
      expect(waiting.facts).toMatchObject([
        { type: 'offers.received' },
        {
          type: 'task.waiting',
          count: 1,
          taskIds: ['big'],
          need: { cpus: 64 },
          obstacles: { cpus: 2 },
        },
      ])
    })

    it('puts no task on an agent with announced maintenance if tasks must move', () => {
      const leaving = {
        ...offer('o1'),
        unavailability: { start: { nanoseconds: 1 } },
      }
      const event: OffersEvent = { type: 'mesos.offers', offers: [leaving], work: work('a') }
      expect(callsOf(start({}, ready(work('a'))).send(event))).toEqual(['ACCEPT'])
      const unused = start({ leavingAgents: 'unused' }, ready(work('a')))
      expect(callsOf(unused.send(event))).toEqual(['DECLINE'])
    })
  })

  it('asks again for offers when the user wants it, if work waits', () => {
    const revive: SchedulerInboxEvent = { type: 'offers.revive' }
    expect(typesOf(run(registered, submit('a'), revive).calls)).toEqual(['REVIVE'])
    expect(typesOf(run(registered, revive).calls)).toEqual([])
    expect(typesOf(run(submit('a'), revive).calls)).toEqual([])
  })

  it('asks again when half of the launched tasks have ended and others wait', () => {
    const cpus4 = offer('o1', { cpus: 4 })
    const ids = ['a', 'b', 'c', 'd', 'e', 'f']
    const story = [registered, submit(...ids), offers(cpus4)]
    const ends = (...ended: readonly string[]) => ended.map((id) => update(id, 'TASK_FINISHED'))
    expect(typesOf(run(...story, ...ends('a')).calls)).toEqual([])
    expect(typesOf(run(...story, ...ends('a', 'b')).calls)).toEqual(['REVIVE'])
    expect(
      typesOf(run(...story, ...ends('a', 'b'), offers(offer('o2', { cpus: 1 }))).calls),
    ).toEqual(['ACCEPT'])
    const all = [registered, submit('a', 'b'), offers(cpus4), ...ends('a', 'b')]
    expect(typesOf(run(...all).calls)).not.toContain('REVIVE')
  })

  describe('while no task waits', () => {
    it('suppresses offers, and revives them for new work', () => {
      const component = start({}, ready(work('a')))
      expect(callsOf(component.send(changed(work())))).toEqual(['SUPPRESS'])
      expect(component.snapshot.value).toEqual({ subscribed: { open: 'suppressed' } })
      expect(callsOf(component.send(changed(work('b'))))).toEqual(['REVIVE'])
      expect(component.snapshot.value).toEqual({ subscribed: { open: 'asking' } })
    })

    it('suppresses at first, and revives for the first task', () => {
      const idle = run(registered)
      expect(typesOf(idle.calls)).toEqual(['SUPPRESS'])
      expect(typesOf(run(registered, submit('a')).calls)).toEqual(['REVIVE'])
    })

    it('declines offers', () => {
      expect(typesOf(run(registered, offers(offer('o1'))).calls)).toEqual(['DECLINE'])
    })
  })

  describe('offers that it holds', () => {
    const holding = schedulerWith({ offerHoldMs: 1000 }).when(offers(offer('o1')))

    it('are accepted for new work at once', () => {
      const component = start({ holdMs: 1000 }, ready(work()), offered(work(), 'o1'))
      expect(component.snapshot.value).toEqual({ subscribed: { open: 'holding' } })
      expect(callsOf(component.send(changed(work('a'))))).toEqual(['ACCEPT'])
      expect(component.snapshot.context.held.size).toBe(0)
    })

    it('are accepted for tasks that are submitted later', () => {
      holding
        .then({ offers: 'holding' }, [])
        .after(400)
        .when(submit('a'))
        .then({ offers: 'idle' }, [call('ACCEPT', { accept: { offerIds: [{ value: 'o1' }] } })])
        .after(1000)
        .then({ offers: 'suppressed' }, [call('SUPPRESS')])
    })

    it('end the wait of the tasks that they take', () => {
      holding.when(submit('a')).then(({ children }) => {
        const waits = children.offers?.getSnapshot().children.waits
        expect(waits?.getSnapshot().value).toBe('idle')
      })
    })

    it('are declined when their time is over', () => {
      const component = start({ holdMs: 1000 }, ready(work()), offered(work(), 'o1'))
      expect(component.after(500).effects).toEqual([])
      expect(callsOf(component.after(500))).toEqual(['DECLINE', 'SUPPRESS'])
    })

    it('are declined in time, before SUPPRESS', () => {
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

    it('are never held longer than the limit, however late they came', () => {
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

    it('are accepted for a task that runs again', () => {
      holding
        .when(submit('a'), offers(offer('o2', { agent: 'a2' })))
        .then({ offers: 'holding' })
        .when(update('a', 'TASK_DROPPED'))
        .then(
          (snapshot) => expect(taskTableOf(snapshot).pendingCount).toBe(0),
          [call('ACCEPT', { accept: { offerIds: [{ value: 'o2' }] } })],
        )
    })

    it('are forgotten when they are rescinded', () => {
      holding
        .when({ type: 'mesos.rescind', offerId: 'o1' }, submit('a'))
        .then((snapshot) => {
          expect(heldOf(snapshot)?.size).toBe(0)
          expect(taskTableOf(snapshot).pendingCount).toBe(1)
        })
        .when({ type: 'mesos.rescind', offerId: 'never' })
        .then({ offers: 'asking' })
    })

    it('are forgotten with their subscription, without a call', () => {
      const component = start({ holdMs: 1000 }, ready(work()), offered(work(), 'o1'))
      expect(component.send(lost)?.effects).toEqual([])
      expect(component.snapshot).toMatchObject({ value: 'away', context: { held: { size: 0 } } })
      expect(component.after(5000).effects).toEqual([])
    })

    it('are not accepted in the next subscription', () => {
      holding
        .when(lost, registered, submit('a'))
        .then((snapshot) => {
          expect(heldOf(snapshot)?.size).toBe(0)
        })
        .when(offers(offer('o2')))
        .then({ offers: 'idle' })
    })
  })

  describe('offers of several roles', () => {
    const framework = { user: 'u', name: 'n', roles: ['a', 'b'] }
    const input = { framework, hasLibraries: false, timeoutMs: 60_000 }
    const of = (role: string, id: string) => ({ ...offer(id), allocationInfo: { role } })
    const bound: SchedulerInboxEvent = {
      type: 'task.submit',
      requests: [{ id: 't', role: 'b', work: { kind: 'shell', command: 'true' } }],
    }

    it('are suppressed and revived as tasks wait for them', () => {
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

    it('are accepted for tasks of their role only', () => {
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

  describe('offers of an ACCEPT that failed', () => {
    it('are declined', () => {
      const component = start({}, ready(work()))
      const failed = { ...acceptFailed('unsent', 'a'), offerIds: ['o1'] }
      expect(component.send(failed)?.effects).toMatchObject([
        { params: { type: 'DECLINE', decline: { offerIds: [{ value: 'o1' }] } } },
      ])
      expect(component.send({ ...failed, code: 'NOT_SUBSCRIBED' })?.effects).toEqual([])
    })

    it.each(['unsent', 'unknown', 'refused'] as const)('are declined when it was %s', (outcome) => {
      const failed = { ...acceptFailed(outcome, 'a'), offerIds: ['o1'] }
      const { calls } = run(registered, submit('a', 'b'), offers(offer('o1')), failed)
      expect(calls).toContainEqual({
        type: 'DECLINE',
        frameworkId: { value: 'f1' },
        decline: { offerIds: [{ value: 'o1' }], filters: { refuseSeconds: 0 } },
      })
    })

    it.each(['unsent', 'unknown'] as const)(
      'are left alone when their subscription has ended, %s',
      (outcome) => {
        const late = {
          ...acceptFailed(outcome, 'a'),
          offerIds: ['o1'],
          code: 'CALL_TIMEOUT' as const,
        }
        const failed = { ...late, code: 'NOT_SUBSCRIBED' as const }
        const events = [registered, submit('a'), offers(offer('o1'))]
        for (const order of [
          [failed, lost],
          [lost, failed],
          [lost, late],
        ])
          expect(run(...events, ...order).calls).toEqual([])
        const back = run(...events, lost, failed, registered)
        expect(typesOf(back.calls)).toContain('RECONCILE')
        expect(typesOf(back.calls)).not.toContain('DECLINE')
      },
    )
  })

  describe('offers without a subscription', () => {
    it('are not answered', () => {
      const away = run(registered, submit('a'), lost, offers(offer('o1')))
      expect(away.calls).toEqual([])
      expect(typesOf(run(registered, lost, offers(offer('o1'))).calls)).toEqual([])
    })

    it('are not answered once the framework stops', () => {
      const component = start({}, ready(work()), { type: 'offers.close' })
      expect(component.send(offered(work('a'), 'o1'))?.effects).toEqual([])
    })
  })
})
