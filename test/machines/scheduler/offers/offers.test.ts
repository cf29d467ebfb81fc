import { describe, expect, it } from 'vitest'
import type { OffersEvent } from '../../../../src/machines/scheduler/offers/setup.ts'
import type { SchedulerInboxEvent } from '../../../../src/machines/scheduler/events.ts'
import type { SchedulerCall } from '../../../../src/mesos/types.generated.ts'
import { callsOf } from '../../../support/machines/as-child.ts'
import {
  offers,
  registered,
  run,
  runWith,
  serving,
  submit,
  typesOf,
  update,
} from '../../../support/machines/run-scheduler.ts'
import { offer } from '../../../support/mesos/mesos-data.ts'
import { changed, offered, ready, start, work } from './offers-steps.ts'

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
})
