import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  SimulatedClock,
  assign,
  cancel,
  createActor,
  emit,
  enqueueActions,
  log,
  raise,
  sendParent,
  sendTo,
  setup,
  spawnChild,
} from 'xstate'
import type { AnyActorRef, AnyStateMachine, InspectionEvent } from 'xstate'
import { createCore } from '../../../src/journal/core/core.ts'
import { withShortSteps } from '../../../src/journal/core/short-steps.ts'
import { schedulerMachine } from '../../../src/machines/scheduler/scheduler.ts'
import { schedulerEvent } from '../../support/machines/scheduler-events.ts'

type Event = { type: 'go'; value: number } | { type: 'back' | 'late' | 'again' }

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
  types: {} as {
    context: { backs: number; seen: readonly number[] }
    events: Event
    emitted: { type: 'told'; backs: number }
  },
  actors: { child },
  actions: {
    pass: sendTo('child', ({ event }) => event),
    count: assign({ backs: ({ context }) => context.backs + 1 }),
    add: assign(({ context }, params: { by: number }) => ({ backs: context.backs + params.by })),
    tell: emit(({ context }) => ({ type: 'told', backs: context.backs })),
  },
  guards: { isLarge: ({ event }) => event.type === 'go' && event.value > 1 },
})

const tellBack = { actions: ['count', 'tell'] } as const
const base = { id: 'parent', invoke: { src: 'child', id: 'child' } } as const
const context = { backs: 0, seen: [] }
const on = { back: tellBack, late: tellBack, again: tellBack } as const

/** Parents whose states stay as they are on `go`. */
const short = {
  'one send': parent.createMachine({ ...base, context, on: { ...on, go: { actions: 'pass' } } }),
  'no action': parent.createMachine({ ...base, context, on: { ...on, go: {} } }),
  'an inline send, in a state above the active one': parent.createMachine({
    ...base,
    context,
    initial: 'one',
    on: { ...on, go: { actions: sendTo('child', ({ event }) => event) } },
    states: { one: { on: { back: {} } } },
  }),
  'several actions, in order': parent.createMachine({
    ...base,
    context,
    on: { ...on, go: { actions: ['tell', 'count', 'tell', 'pass', 'count', 'tell'] } },
  }),
  'params from the context': parent.createMachine({
    ...base,
    context,
    on: {
      ...on,
      go: {
        actions: [
          'count',
          { type: 'add', params: ({ context: { backs } }) => ({ by: 10 * backs }) },
          { type: 'add', params: { by: 100 } },
          'tell',
        ],
      },
    },
  }),
  'changes of one key and of several': parent.createMachine({
    ...base,
    context,
    on: {
      ...on,
      go: {
        actions: [
          assign({ backs: 3, seen: ({ context: { seen }, event }) => [...seen, event.value] }),
          assign(({ context: { seen } }) => ({ seen: [...seen, 4] })),
          'tell',
        ],
      },
    },
  }),
  'enqueued actions': parent.createMachine({
    ...base,
    context,
    on: {
      ...on,
      go: {
        actions: [
          enqueueActions(({ enqueue, context: { backs }, event }) => {
            const change = { backs: backs + 5 }
            enqueue.assign(change)
            change.backs += 1
            enqueue('tell')
            enqueue({ type: 'add', params: { by: 7 } })
            enqueue.sendTo('child', event)
            enqueue.emit(({ context: now }) => ({ type: 'told', backs: now.backs }))
          }),
          'tell',
        ],
      },
    },
  }),
  'enqueued actions within others': parent.createMachine({
    ...base,
    context,
    on: {
      ...on,
      go: {
        actions: [
          enqueueActions(({ enqueue }) => {
            enqueue('count')
            enqueue(
              enqueueActions(({ enqueue: inner, context: { backs } }) => {
                inner.assign({ backs: (backs as number) * 100 + 1 })
                inner('tell')
              }),
            )
            enqueue('count')
          }),
          'tell',
        ],
      },
    },
  }),
  timers: parent.createMachine({
    ...base,
    context,
    on: {
      ...on,
      go: {
        actions: [
          cancel('late'),
          raise({ type: 'late' }, { id: 'late', delay: 15 }),
          sendTo('child', ({ event }) => event, { delay: 1 }),
        ],
      },
    },
  }),
}

Object.assign(short, {
  'a guard, and another transition where it fails': parent.createMachine({
    ...base,
    context,
    on: { ...on, go: [{ guard: 'isLarge', actions: ['tell', 'pass'] }, { actions: 'pass' }] },
  }),
  'a guard of the state below that fails': parent.createMachine({
    ...base,
    context,
    initial: 'one',
    on: { ...on, go: { actions: 'count' } },
    states: { one: { on: { go: { guard: () => false, target: 'two' } } }, two: {} },
  }),
  'a guard on the context, and one that an action changes': parent.createMachine({
    ...base,
    context,
    initial: 'one',
    on,
    states: {
      one: {
        on: { go: { guard: ({ context: { backs } }) => backs >= 0, actions: ['count', 'pass'] } },
        always: { guard: ({ context: { backs } }) => backs > 100, target: 'two' },
      },
      two: {},
    },
  }),
  'any event': parent.createMachine({ ...base, context, on: { '*': { actions: 'count' } } }),
  'any event, where the guard of its own fails': parent.createMachine({
    ...base,
    context,
    on: { ...on, go: { guard: 'isLarge', actions: 'tell' }, '*': { actions: ['count', 'tell'] } },
  }),
  'no region of a parallel state': parent.createMachine({
    ...base,
    context,
    type: 'parallel',
    on: { ...on, go: { actions: ['count', 'pass'] } },
    states: { one: { on: { back: tellBack } }, two: { always: { guard: () => false } } },
  }),
})

/** Parents for which only XState knows what `go` does, or which throw. */
const ordinary = {
  'a target': parent.createMachine({
    ...base,
    context,
    initial: 'one',
    on,
    states: { one: { on: { go: { target: 'two', actions: 'pass' } } }, two: {} },
  }),
  'parallel states': parent.createMachine({
    ...base,
    context,
    type: 'parallel',
    on,
    states: { one: { on: { go: { actions: 'pass' } } }, two: { on: { go: { actions: 'tell' } } } },
  }),
  'a parallel state that is over': parent.createMachine({
    ...base,
    context,
    type: 'parallel',
    on,
    states: {
      one: {
        initial: 'over',
        states: { over: { type: 'final' } },
        on: { go: { actions: 'tell' } },
      },
      two: { on: { go: { actions: 'pass' } } },
    },
  }),
  'an event raised at once': parent.createMachine({
    ...base,
    context,
    on: { ...on, go: { actions: ['tell', raise({ type: 'again' }), 'tell'] } },
  }),
  'an enqueued event raised at once': parent.createMachine({
    ...base,
    context,
    on: {
      ...on,
      go: {
        actions: [
          'tell',
          enqueueActions(({ enqueue }) => {
            enqueue.raise({ type: 'again' })
            enqueue('tell')
          }),
        ],
      },
    },
  }),
  'a spawned child': parent.createMachine({
    ...base,
    context,
    on: {
      ...on,
      go: {
        actions: ['tell', spawnChild('child', { id: 'other' })],
      },
    },
  }),
  'an enqueued child': parent.createMachine({
    ...base,
    context,
    on: {
      ...on,
      go: { actions: enqueueActions(({ enqueue }) => enqueue.spawnChild('child', { id: 'o' })) },
    },
  }),
  'a child of the context': parent.createMachine({
    ...base,
    context,
    on: {
      ...on,
      go: {
        actions: [
          'tell',
          assign(({ spawn }) => ({ seen: [spawn('child', { id: 'third' }).id.length] })),
        ],
      },
    },
  }),
  'a guard that is asked': parent.createMachine({
    ...base,
    context,
    on: {
      ...on,
      go: {
        actions: enqueueActions(({ enqueue, check }) => {
          if (check('isLarge')) enqueue('tell')
        }),
      },
    },
  }),
  'a log': parent.createMachine({
    ...base,
    context,
    on: { ...on, go: { actions: [log('went'), 'tell'] } },
  }),
  'a change that throws': parent.createMachine({
    ...base,
    context,
    on: {
      ...on,
      go: {
        actions: [
          'tell',
          assign(() => {
            throw new Error('no')
          }),
        ],
      },
    },
  }),
  'a send to a child that is not there': parent.createMachine({
    ...base,
    context,
    on: { ...on, go: { actions: ['tell', sendTo('nobody', { type: 'back' })] } },
  }),
}

/** Parents for which only XState knows what some `go` do. */
const mixed = {
  'a guard': parent.createMachine({
    ...base,
    context,
    on: { ...on, go: { guard: 'isLarge', actions: 'pass' } },
  }),
  'an eventless transition': parent.createMachine({
    ...base,
    context,
    initial: 'one',
    on,
    states: {
      one: { on: { go: { actions: 'pass' } }, always: { guard: 'isLarge', target: 'two' } },
      two: {},
    },
  }),
  'a pattern of a state below': parent.createMachine({
    ...base,
    context,
    initial: 'one',
    on: { ...on, go: { actions: 'pass' } },
    states: { one: { on: { '*': { target: 'two' } } }, two: { on: { go: { guard: 'isLarge' } } } },
  }),
}

/** Facts in order, state, and the actors for which XState took the step on `go`. */
function run(machine: AnyStateMachine) {
  const told: string[] = []
  const stepped: string[] = []
  const inspect = (seen: InspectionEvent) => {
    if (seen.type === '@xstate.microstep' && seen.event.type === 'go')
      stepped.push((seen.actorRef as AnyActorRef).id)
  }
  const clock = new SimulatedClock()
  const logger = (word: unknown) => void told.push(String(word))
  const actor = createActor(machine, { id: 'parent', inspect, clock, logger })
  const children: Readonly<Record<string, AnyActorRef>> = actor.getSnapshot().children
  for (const member of [actor, ...Object.values(children)])
    member.on('*', (fact) => told.push(JSON.stringify(fact)))
  actor.subscribe({ error: (error) => told.push(String(error)) })
  actor.start()
  for (const value of [1, 2, 3]) {
    actor.send({ type: 'go', value })
    clock.increment(10)
  }
  clock.increment(10)
  const state = JSON.stringify(actor.getPersistedSnapshot())
  if (actor.getSnapshot().status === 'active') actor.stop()
  return { told, state, stepped }
}

/** A copy whose child is a copy, too: both are changed. */
function changed(machine: AnyStateMachine): AnyStateMachine {
  return withShortSteps(machine.provide({ actors: { child: child.provide({}) } }))
}

describe('withShortSteps', () => {
  it.each(Object.entries(short))('takes the step itself: %s', (_, machine) => {
    const plain = run(machine)
    const own = run(changed(machine))
    expect(plain.stepped).toContain('parent')
    expect(own).toEqual({ ...plain, stepped: [] })
  })

  it.each(Object.entries(ordinary))('leaves the step to XState: %s', (_, machine) => {
    const plain = run(machine)
    const own = run(changed(machine))
    const stepped = plain.stepped.filter((id) => id !== 'child')
    expect(own).toEqual({ ...plain, stepped })
  })

  it.each(Object.entries(mixed))('leaves a part of the steps to XState: %s', (_, machine) => {
    const plain = run(machine)
    const own = run(changed(machine))
    expect(own).toEqual({ ...plain, stepped: own.stepped })
    expect(own.stepped).toContain('parent')
    expect(own.stepped.length).toBeLessThan(plain.stepped.length)
  })

  it('leaves states, facts and effects of the scheduler as they are', () => {
    const base = { framework: { user: 'u', name: 'n' }, hasLibraries: false, timeoutMs: 60_000 }
    const policy = fc.record({
      offerHoldMs: fc.constantFrom(0, 1000),
      revives: fc.constantFrom(undefined, { burst: 1 }),
    })
    const events = fc.array(schedulerEvent, { maxLength: 60 })
    fc.assert(
      fc.property(
        events,
        policy,
        fc.constantFrom(0, 300),
        (events, { offerHoldMs, revives }, ms) => {
          const input = { ...base, policy: { offerHoldMs, ...(revives && { revives }) } }
          const own = createCore(schedulerMachine, { input, startMs: 0 })
          // An inspected core takes every step.
          const plain = createCore(schedulerMachine, {
            input,
            startMs: 0,
            inspect: () => undefined,
          })
          expect(own.start()).toEqual(plain.start())
          for (const [index, event] of events.entries()) {
            const entry = { seq: index + 1, now: index * ms, event }
            expect(own.apply(entry)).toEqual(plain.apply(entry))
          }
          expect(own.serialize()).toBe(plain.serialize())
        },
      ),
      { numRuns: 100 },
    )
  })
})
