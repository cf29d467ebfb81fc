import { describe, expect, it } from 'vitest'
import { assign, emit, raise, sendTo, setup } from 'xstate'
import { createMemoryJournal } from '../../../src/journal/journal.ts'
import { replay } from '../../../src/journal/replay/replay.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import type { RejectedEntry } from '../../../src/journal/runtime/rejections.ts'
import { createManualClock } from '../../../src/testing/manual-clock.ts'

type Event =
  | { type: 'count' }
  | { type: 'throw.guard' | 'throw.assign' | 'throw.child' | 'throw.late' | 'loop' | 'fuse' }
  | { type: 'poke' }

const boom = (): never => {
  throw new Error('boom')
}

const child = setup({
  types: {} as { events: { type: 'poke' } | { type: 'break' }; emitted: { type: 'poked' } },
}).createMachine({
  id: 'child',
  context: { pokes: 0 },
  on: {
    poke: {
      actions: [
        assign({ pokes: ({ context }) => (context as { pokes: number }).pokes + 1 }),
        emit({ type: 'poked' }),
      ],
    },
    break: { guard: boom, actions: [] },
  },
})

/** Counts, has a child and timers, and throws in every way there is. */
const fragile = setup({
  types: {} as { context: { n: number }; events: Event; emitted: { type: 'told' | 'poked' } },
  actors: { child },
  actions: { 'fx.do': (_, _params: { n: number }) => undefined },
}).createMachine({
  id: 'fragile',
  context: { n: 0 },
  invoke: { src: 'child', id: 'child' },
  initial: 'calm',
  on: {
    count: {
      actions: [
        assign({ n: ({ context }) => context.n + 1 }),
        { type: 'fx.do', params: ({ context }) => ({ n: context.n }) },
        emit({ type: 'told' }),
      ],
    },
    poke: { actions: sendTo('child', { type: 'poke' }) },
    'throw.guard': { guard: boom, actions: [] },
    'throw.assign': { actions: assign({ n: boom }) },
    'throw.child': {
      actions: [
        assign({ n: 99 }),
        sendTo('child', { type: 'poke' }),
        sendTo('child', { type: 'break' }),
      ],
    },
    'throw.late': {
      actions: [{ type: 'fx.do', params: { n: 13 } }, emit({ type: 'told' }), assign({ n: boom })],
    },
    loop: { actions: raise({ type: 'loop' }) },
    fuse: '.lit',
  },
  states: {
    calm: { after: { 100: 'rested' } },
    rested: {},
    lit: { after: { 50: { guard: boom, target: 'calm' }, 80: 'rested' } },
  },
})

function start() {
  const clock = createManualClock(0)
  const journal = createMemoryJournal<Event>(0)
  const rejected: RejectedEntry[] = []
  const performed: string[] = []
  const told: string[] = []
  const runtime = createRuntime(fragile, {
    input: undefined,
    journal,
    clock,
  })
  runtime.effect$.subscribe(({ key, type, params }) =>
    performed.push(`${key} ${type} ${JSON.stringify(params)}`),
  )
  runtime.fact$.subscribe(({ type }) => told.push(type))
  runtime.rejection$.subscribe((rejection) => rejected.push(rejection))
  runtime.start()
  const send = (...types: readonly Event['type'][]) => {
    for (const type of types) runtime.dispatch({ type })
  }
  return { clock, journal, runtime, rejected, performed, told, send }
}

describe('an event that makes the machine throw', () => {
  it.each(['throw.guard', 'throw.assign', 'throw.child', 'throw.late', 'loop'] as const)(
    'changes nothing, is reported, and the run continues: %s',
    (type) => {
      const { journal, runtime, rejected, performed, told, send } = start()
      send('count', 'poke')
      const before = runtime.state()
      send(type)
      expect({ ...runtime.state(), now: 0 }).toEqual({ ...before, now: 0 })
      expect(rejected).toMatchObject([{ seq: 3, event: { type } }])
      send('count', 'poke')
      expect(performed).toEqual(['1.0 fx.do {"n":1}', '4.0 fx.do {"n":2}'])
      expect(told).toEqual(['told', 'poked', 'told', 'poked'])
      expect(runtime.snapshot.context.n).toBe(2)
      expect(runtime.snapshot.children['child']?.getSnapshot().context).toEqual({ pokes: 2 })
      expect(journal.lastSeq).toBe(5)
    },
  )

  it('leaves the timers that were set', () => {
    const { clock, runtime, send } = start()
    send('throw.guard')
    expect(runtime.snapshot.value).toBe('calm')
    clock.advance(100)
    expect(runtime.snapshot.value).toBe('rested')
  })

  it('is rejected again by every replay', () => {
    const { clock, journal, runtime, send } = start()
    send('count', 'throw.child', 'throw.late', 'fuse')
    clock.advance(60)
    send('count')
    const again = replay(fragile, undefined, 0, journal.read(1))
    const rejections = [...again].flatMap((step) =>
      step.rejections.map(({ event }) => `${step.seq} ${event.type}`),
    )
    expect(again.state()).toEqual(runtime.state())
    expect(rejections).toEqual(['2 throw.child', '3 throw.late', '5 xstate.after.50.fragile.lit'])
  })
})

describe('a timer that makes the machine throw', () => {
  it('is gone, and those behind it fire', () => {
    const { clock, runtime, rejected, send } = start()
    send('fuse')
    clock.advance(200)
    expect(runtime.snapshot.value).toBe('rested')
    expect(rejected).toHaveLength(1)
    expect(rejected[0]?.event.type).toBe('xstate.after.50.fragile.lit')
  })
})
