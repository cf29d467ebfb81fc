import { describe, expect, it } from 'vitest'
import {
  SimulatedClock,
  enqueueActions,
  and,
  assign,
  createActor,
  not,
  or,
  raise,
  sendParent,
  sendTo,
  setup,
  stateIn,
} from 'xstate'
import type { AnyStateMachine, EventObject } from 'xstate'
import { emptyMap, getFrom, setIn } from '../../../src/domain/persistent-map.ts'
import type { PersistentMap } from '../../../src/domain/persistent-map.ts'
import type { Microstep } from '../../../src/inspector/protocol/step.ts'
import { createRecorder } from '../../../src/inspector/recording/recorder.ts'

/** Sends events to a machine, and returns what is recorded of the last. */
function record(machine: AnyStateMachine, ...events: readonly EventObject[]) {
  const recorder = createRecorder({ isStart: true })
  const actor = createActor(machine, { id: machine.id, inspect: recorder.inspect })
  actor.subscribe({ error: () => undefined })
  actor.start()
  let recording = recorder.take()
  for (const event of events) {
    actor.send(event)
    recording = recorder.take()
  }
  actor.stop()
  return recording
}

function verdictsOf({ considered }: Microstep): readonly string[] {
  return considered.map(({ transition, verdict }) => `${transition}: ${verdict}`)
}

interface Context {
  readonly count: number
  readonly rows: PersistentMap<{ readonly n: number }>
}

const many = setup({
  types: { context: {} as Context, events: {} as { type: 'go' | 'tick' | 'fail'; id?: string } },
  guards: {
    isFull: ({ context }) => context.count >= 3,
    isAbove: ({ context }, params: { readonly limit: number }) => context.count > params.limit,
    hasRow: ({ context, event }) => getFrom(context.rows, event.id ?? '')?.n === 1,
    throws: () => {
      throw new Error('no')
    },
    isReady: and(['isFull', not('throws')]),
  },
  actions: { count: assign({ count: ({ context }) => context.count + 1 }), note: () => undefined },
}).createMachine({
  id: 'many',
  type: 'parallel',
  context: { count: 0, rows: setIn(emptyMap(), 'r1', { n: 1 }) },
  on: { go: { actions: 'note' }, '*': {} },
  states: {
    left: {
      initial: 'one',
      states: {
        one: {
          on: {
            go: [
              { guard: 'isReady', target: 'two' },
              { guard: { type: 'isAbove', params: { limit: 1 } }, target: 'two' },
              { guard: or(['isFull', stateIn('#many.right.a')]), target: 'two', actions: 'count' },
              { target: 'one' },
            ],
            fail: { guard: 'throws', target: 'two' },
          },
        },
        two: { entry: 'note', always: { guard: 'isFull', target: 'one' }, on: { tick: 'one' } },
      },
    },
    right: {
      initial: 'a',
      states: { a: { on: { tick: { guard: 'hasRow', target: 'b' } } }, b: {} },
    },
  },
})

describe('createRecorder', () => {
  it('tells the transitions in the order in which XState asks, with their verdicts', () => {
    const [step] = record(many, { type: 'go' }).microsteps
    expect(step && verdictsOf(step)).toEqual([
      'many.left.one#go#0: guard false',
      'many.left.one#go#1: guard false',
      'many.left.one#go#2: taken',
      'many.left.one#go#3: not reached',
      'many#go#0: not reached',
      'many#*#0: not reached',
      'many.left.two##0: guard false',
    ])
    expect(step).toMatchObject({
      from: '{left: one, right: a}',
      to: '{left: two, right: a}',
      exited: ['many.left.one'],
      entered: ['many.left.two'],
      actions: [{ type: 'count' }, { type: 'note' }],
    })
  })

  it('tells what guards read, of which parts they are made, and with which parameters', () => {
    const [step] = record(many, { type: 'go' }).microsteps
    const [ready, above, either] = step?.considered ?? []
    expect(ready?.guard).toMatchObject({
      name: 'isReady',
      result: false,
      parts: [
        {
          name: 'and',
          parts: [
            { name: 'isFull', reads: [{ path: 'context.count', value: { text: '0' } }] },
            { name: 'not', result: 'not asked' },
          ],
        },
      ],
    })
    expect(above?.guard).toMatchObject({ params: { items: [['limit', { text: '1' }]] } })
    expect(either?.guard).toMatchObject({
      name: 'or',
      parts: [{ result: false }, { name: 'stateIn', result: true }],
    })
  })

  it('names the row of a persistent map that a guard reads', () => {
    const [step] = record(many, { type: 'tick', id: 'r1' } as never).microsteps
    const guard = step?.considered.find(({ state }) => state === 'many.right.a')?.guard
    expect(guard).toMatchObject({ name: 'hasRow', result: true })
    expect(guard?.reads.map(({ path }) => path)).toEqual(['event.id', 'context.rows.r1.n'])
  })

  it('shows a guard that throws, in the state that stays', () => {
    const { microsteps } = record(many, { type: 'fail' })
    expect(microsteps).toMatchObject([
      {
        type: 'fail',
        from: '{left: one, right: a}',
        to: '{left: one, right: a}',
        considered: [
          { verdict: 'guard threw', guard: { name: 'throws', result: 'threw' } },
          { transition: 'many#*#0', verdict: 'not reached' },
        ],
      },
    ])
  })

  it('records microsteps of raised events and always, and what actors send', () => {
    const child = setup({}).createMachine({
      id: 'child',
      on: { ask: { actions: sendParent({ type: 'answer' }) } },
    })
    const parent = setup({ actors: { child } }).createMachine({
      id: 'parent',
      invoke: { src: 'child', id: 'child' },
      initial: 'idle',
      states: {
        idle: { on: { go: { target: 'busy', actions: raise({ type: 'inner' }) } } },
        busy: {
          on: { inner: { target: 'asked', actions: sendTo('child', { type: 'ask' }) } },
        },
        asked: { after: { 50: 'late' }, on: { answer: 'passing' } },
        passing: { always: 'done' },
        done: {},
        late: {},
      },
    })
    const { microsteps, sent } = record(parent, { type: 'go' })
    expect(microsteps.map(({ actor, type, to }) => [actor, type, to])).toEqual([
      ['parent', 'go', 'busy'],
      ['parent', 'inner', 'asked'],
      ['child', 'ask', ''],
      ['parent', 'answer', 'passing'],
      ['parent', 'always', 'done'],
    ])
    expect(sent.map(({ from, to, type, delayMs }) => [from, to, type, delayMs])).toEqual([
      ['parent', 'parent', 'xstate.after.50.parent.asked', 50],
      ['parent', 'child', 'ask', undefined],
      ['child', 'parent', 'answer', undefined],
    ])
  })

  it('tells the states that an outer or reentering transition leaves and enters again', () => {
    const machine = setup({}).createMachine({
      id: 'm',
      initial: 'a',
      states: {
        a: {
          initial: 'x',
          on: { again: { target: 'a', reenter: true }, inside: '.y' },
          states: { x: {}, y: {} },
        },
      },
    })
    const [again] = record(machine, { type: 'again' }).microsteps
    expect(again).toMatchObject({ exited: ['m.a.x', 'm.a'], entered: ['m.a', 'm.a.x'] })
    const [inside] = record(machine, { type: 'inside' }).microsteps
    expect(inside).toMatchObject({ exited: ['m.a.x'], entered: ['m.a.y'] })
  })

  it('lists the actions of an enqueueActions behind it, by names and with parameters', () => {
    const fill = Object.defineProperty(
      enqueueActions(({ enqueue }) => {
        enqueue({ type: 'ring', params: { times: 2 } })
        enqueue('ring')
      }),
      'name',
      { value: 'fill' },
    )
    const machine = setup({
      actions: { ring: (_, _params: unknown) => undefined, first: () => undefined },
    }).createMachine({ id: 'm', on: { go: { actions: ['first', fill as never, 'first'] } } })
    const [step] = record(machine, { type: 'go' }).microsteps
    expect(step?.actions.map(({ type, params }) => [type, params !== undefined])).toEqual([
      ['first', false],
      ['fill', false],
      ['ring', true],
      ['ring', false],
      ['first', false],
    ])
  })

  it('does not take a timer that fires for an event that was sent', () => {
    const machine = setup({}).createMachine({
      id: 'm',
      initial: 'a',
      states: { a: { after: { 0: 'b' } }, b: {} },
    })
    const clock = new SimulatedClock()
    const recorder = createRecorder()
    const actor = createActor(machine, { clock, inspect: recorder.inspect }).start()
    recorder.take()
    clock.increment(1)
    expect(recorder.take()).toMatchObject({ microsteps: [{ to: 'b' }], sent: [] })
    actor.stop()
  })

  it('shows how actors begin', () => {
    const { microsteps } = record(many)
    expect(microsteps).toMatchObject([
      { actor: 'many', type: 'xstate.init', from: '', to: '{left: one, right: a}' },
    ])
  })
})
