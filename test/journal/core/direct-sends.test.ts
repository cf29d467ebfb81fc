import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assign, createActor, emit, enqueueActions, sendParent, sendTo, setup } from 'xstate'
import type { AnyActorRef, InspectionEvent } from 'xstate'
import { createCore } from '../../../src/journal/core/core.ts'
import { withDirectSends } from '../../../src/journal/core/direct-sends.ts'
import { schedulerMachine } from '../../../src/machines/scheduler/scheduler.ts'
import { schedulerEvent } from '../../support/machines/scheduler-events.ts'

type Event = { type: 'go'; value: number } | { type: 'back' }

const child = setup({
  types: {} as { events: Event; emitted: { type: 'got'; value: number } },
}).createMachine({
  id: 'child',
  on: {
    go: {
      actions: [
        sendParent({ type: 'back' }),
        emit(({ event }) => ({ type: 'got', value: event.value }) as const),
      ],
    },
  },
})

const parent = setup({
  types: {} as { context: { backs: number }; events: Event; emitted: { type: 'told' } },
  actors: { child },
  actions: {
    pass: sendTo('child', ({ event }) => event),
    count: assign({ backs: ({ context }) => context.backs + 1 }),
    tell: emit({ type: 'told' }),
  },
  guards: { isLarge: ({ event }) => event.type === 'go' && event.value > 1 },
})

const back = { actions: ['count', 'tell'] } as const
const invoke = { src: 'child', id: 'child' } as const
const context = { backs: 0 }
const id = 'parent'

/** Parents that only send `go` on to their child. */
const senders = {
  'by a name': parent.createMachine({ id, context, invoke, on: { back, go: { actions: 'pass' } } }),
  'inline, of a state above the active one': parent.createMachine({
    id,
    context,
    invoke,
    initial: 'one',
    on: { back, go: { actions: sendTo('child', ({ event }) => event) } },
    states: { one: { on: { back: {} } } },
  }),
}

/** Parents that do something else as well, or only sometimes. */
const others = {
  'with a guard': parent.createMachine({
    id,
    context,
    invoke,
    on: { back, go: { guard: 'isLarge', actions: 'pass' } },
  }),
  'with a target': parent.createMachine({
    id,
    context,
    invoke,
    initial: 'one',
    on: { back },
    states: { one: { on: { go: { target: 'two', actions: 'pass' } } }, two: {} },
  }),
  'with another action': parent.createMachine({
    id,
    context,
    invoke,
    on: { back, go: { actions: ['tell', 'pass'] } },
  }),
  'with an action that is no send': parent.createMachine({
    id,
    context,
    invoke,
    on: {
      back,
      go: { actions: enqueueActions(({ enqueue, event }) => enqueue.sendTo('child', event)) },
    },
  }),
  'with a delay': parent.createMachine({
    id,
    context,
    invoke,
    on: { back, go: { actions: sendTo('child', ({ event }) => event, { delay: 1 }) } },
  }),
  'with an eventless transition': parent.createMachine({
    id,
    context,
    invoke,
    initial: 'one',
    on: { back },
    states: {
      one: { on: { go: { actions: 'pass' } }, always: { guard: 'isLarge', target: 'two' } },
      two: {},
    },
  }),
  'behind a pattern of a state below': parent.createMachine({
    id,
    context,
    invoke,
    initial: 'one',
    on: { back, go: { actions: 'pass' } },
    states: { one: { on: { '*': { target: 'two' } } }, two: { on: { go: {} } } },
  }),
  'in parallel states': parent.createMachine({
    id,
    context,
    invoke,
    type: 'parallel',
    on: { back },
    states: { one: { on: { go: { actions: 'pass' } } }, two: { on: { go: { actions: 'pass' } } } },
  }),
}

type Parent = (typeof senders)['by a name']

/** Facts in order, state, and the events for which the parent took a step of XState. */
function run(machine: Parent) {
  const told: string[] = []
  const stepped: string[] = []
  const inspect = (seen: InspectionEvent) => {
    if (seen.type === '@xstate.microstep' && seen.actorRef === actor && seen.event.type === 'go')
      stepped.push(seen.event.type)
  }
  const actor = createActor(machine, { id, inspect })
  const members: readonly AnyActorRef[] = [
    actor,
    ...Object.values<AnyActorRef>(actor.getSnapshot().children),
  ]
  for (const member of members) member.on('*', (fact) => told.push(JSON.stringify(fact)))
  actor.start()
  for (const value of [1, 2, 3]) actor.send({ type: 'go', value })
  const state = JSON.stringify(actor.getPersistedSnapshot())
  actor.stop()
  return { told, state, stepped }
}

describe('withDirectSends', () => {
  it.each(Object.entries(senders))('takes no step where it would only send: %s', (_, machine) => {
    const ordinary = run(machine as Parent)
    const direct = run(withDirectSends(machine.provide({})) as Parent)
    expect(ordinary.stepped).toHaveLength(3)
    expect(direct).toEqual({ ...ordinary, stepped: [] })
    expect(direct.told.filter((fact) => fact.includes('got'))).toHaveLength(3)
  })

  it.each(Object.entries(others))('takes every step that does more: %s', (_, machine) => {
    const ordinary = run(machine as unknown as Parent)
    const direct = run(withDirectSends(machine.provide({})) as unknown as Parent)
    expect(direct).toEqual(ordinary)
  })

  it('leaves states, facts and effects of the scheduler as they are', () => {
    const input = { framework: { user: 'u', name: 'n' }, hasLibraries: false, timeoutMs: 60_000 }
    fc.assert(
      fc.property(fc.array(schedulerEvent, { maxLength: 60 }), (events) => {
        const direct = createCore(schedulerMachine, { input, startMs: 0 })
        // An inspected core takes every step.
        const ordinary = createCore(schedulerMachine, {
          input,
          startMs: 0,
          inspect: () => undefined,
        })
        expect(direct.start()).toEqual(ordinary.start())
        for (const [index, event] of events.entries()) {
          const entry = { seq: index + 1, now: 0, event }
          expect(direct.apply(entry)).toEqual(ordinary.apply(entry))
        }
        expect(direct.serialize()).toBe(ordinary.serialize())
      }),
      { numRuns: 100 },
    )
  })
})
