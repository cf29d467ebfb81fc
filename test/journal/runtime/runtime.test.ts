import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { assign, sendTo, setup } from 'xstate'
import { createMemoryJournal, isEntry } from '../../../src/journal/journal.ts'
import type { Journal } from '../../../src/journal/journal.ts'
import type { Effect } from '../../../src/journal/core/outbox.ts'
import { replay } from '../../../src/journal/replay/replay.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import { createManualClock } from '../../../src/testing/manual-clock.ts'

const lamp = setup({
  types: {} as { events: { type: 'press' } },
  actions: { 'fx.light': (_, _params: { on: boolean }) => {} },
}).createMachine({
  id: 'lamp',
  initial: 'off',
  states: {
    off: { on: { press: 'on' } },
    on: {
      entry: { type: 'fx.light', params: { on: true } },
      exit: { type: 'fx.light', params: { on: false } },
      after: { 100: 'off' },
      on: { press: 'off' },
    },
  },
})

type RoomEvent = { type: 'enter' } | { type: 'press' }

const room = setup({
  types: {} as { context: { visits: number }; events: RoomEvent },
  actors: { lamp },
  actions: { countVisit: assign({ visits: ({ context }) => context.visits + 1 }) },
}).createMachine({
  id: 'room',
  context: { visits: 0 },
  invoke: { src: 'lamp', id: 'lamp' },
  on: {
    enter: { actions: 'countVisit' },
    press: { actions: sendTo('lamp', { type: 'press' }) },
  },
})

describe('createRuntime', () => {
  it('appends the entry, then applies it, then performs', () => {
    const order: string[] = []
    const journal: Journal<{ type: 'press' }> = {
      ...createMemoryJournal<{ type: 'press' }>(0),
      append: (records) =>
        void order.push(...records.filter(isEntry).map(({ seq }) => `append ${seq}`)),
    }
    const runtime = createRuntime(lamp, {
      input: undefined,
      journal,
      clock: createManualClock(),
    })
    runtime.effect$.subscribe((effect) =>
      order.push(`perform ${effect.type} ${effect.key} in ${runtime.snapshot.value}`),
    )
    runtime.start()
    runtime.dispatch({ type: 'press' })
    expect(order).toEqual(['append 1', 'perform fx.light 1.0 in on'])
  })

  it('applies nothing before an asynchronous append resolved', async () => {
    let durable: () => void = () => undefined
    const journal: Journal<{ type: 'press' }> = {
      ...createMemoryJournal<{ type: 'press' }>(0),
      append: () => new Promise<void>((resolve) => (durable = resolve)),
    }
    const runtime = createRuntime(lamp, {
      input: undefined,
      journal,
      clock: createManualClock(),
    })
    runtime.start()
    runtime.dispatch({ type: 'press' })
    expect(runtime.snapshot.value).toBe('off')
    durable()
    await setImmediate()
    expect(runtime.snapshot.value).toBe('on')
  })

  it('journals the passing of time when a timer fires', () => {
    const clock = createManualClock()
    const journal = createMemoryJournal<{ type: 'press' }>(0)
    const performed: unknown[] = []
    const runtime = createRuntime(lamp, {
      input: undefined,
      journal,
      clock,
    })
    runtime.effect$.subscribe((effect) => performed.push(effect.params))
    runtime.start()
    runtime.dispatch({ type: 'press' })
    clock.advance(250)
    expect(runtime.snapshot.value).toBe('off')
    expect(performed).toEqual([{ on: true }, { on: false }])
    expect([...journal.read(1)].filter(isEntry)).toEqual([
      { seq: 1, now: 0, event: { type: 'press' } },
      { seq: 2, now: 100 },
    ])
  })

  it('collects the effects of child machines too', () => {
    const performed: Effect[] = []
    const runtime = createRuntime(room, {
      input: undefined,
      clock: createManualClock(),
    })
    runtime.effect$.subscribe((effect) => performed.push(effect))
    runtime.start()
    runtime.dispatch({ type: 'press' })
    expect(performed).toEqual([
      { key: '1.0', type: 'fx.light', params: { on: true }, actorId: 'lamp' },
    ])
  })

  it('takes an event dispatched by the performer after the current one', () => {
    const journal = createMemoryJournal<{ type: 'press' }>(0)
    const runtime = createRuntime(lamp, {
      input: undefined,
      journal,
      clock: createManualClock(),
    })
    runtime.effect$.subscribe((effect) => {
      if ((effect.params as { on: boolean }).on) runtime.dispatch({ type: 'press' })
    })
    runtime.start()
    runtime.dispatch({ type: 'press' })
    expect(runtime.snapshot.value).toBe('off')
    expect([...journal.read(1)].filter(isEntry).map(({ seq }) => seq)).toEqual([1, 2])
  })

  it('reports a journal that refuses and takes in nothing more', () => {
    const errors: unknown[] = []
    const full = new Error('no space left')
    const runtime = createRuntime(lamp, {
      input: undefined,
      journal: {
        ...createMemoryJournal<{ type: 'press' }>(0),
        append: () => {
          throw full
        },
      },
      clock: createManualClock(),
    })
    runtime.effect$.subscribe({ error: (error) => errors.push(error) })
    runtime.start()
    runtime.dispatch({ type: 'press' })
    runtime.dispatch({ type: 'press' })
    expect(errors).toEqual([full])
    expect(runtime.snapshot.value).toBe('off')
  })
})

describe('a recovery', () => {
  type BellEvent = { type: 'set' } | { type: 'restarted' }
  /** Two timers; a restart of the process calls the first off. */
  const bell = setup({
    types: {} as { events: BellEvent },
    actions: { 'fx.ring': (_, _params: { of: string }) => {} },
  }).createMachine({
    id: 'bell',
    type: 'parallel',
    states: {
      first: {
        initial: 'idle',
        states: {
          idle: { on: { set: 'waiting' } },
          waiting: {
            on: { restarted: 'idle' },
            after: {
              100: { target: 'idle', actions: { type: 'fx.ring', params: { of: 'first' } } },
            },
          },
        },
      },
      second: {
        initial: 'idle',
        states: {
          idle: { on: { set: 'waiting' } },
          waiting: {
            after: {
              100: { target: 'idle', actions: { type: 'fx.ring', params: { of: 'second' } } },
            },
          },
        },
      },
    },
  })

  /** Runs one process after another on one journal, each started so long after the last entry of the one before. */
  function runProcesses(...waitsMs: readonly number[]) {
    const clock = createManualClock()
    const journal = createMemoryJournal<BellEvent>(clock.now())
    const rung = waitsMs.map((waitMs, index) => {
      clock.advance(waitMs)
      const effects: Effect[] = []
      const runtime = createRuntime(bell, {
        input: undefined,
        journal,
        clock,
        recoveryEvent: { type: 'restarted' },
      })
      runtime.effect$.subscribe((effect) => effects.push(effect))
      runtime.start()
      if (index === 0) runtime.dispatch({ type: 'set' })
      else clock.advance(1)
      runtime.stop()
      return effects.map(({ params }) => params)
    })
    return { rung, entries: [...journal.read(1)].filter((record) => isEntry(record)), journal }
  }

  it('lets timers that came due while no process ran fire after its event', () => {
    const { rung, entries } = runProcesses(0, 5000)
    expect(rung).toEqual([[], [{ of: 'second' }]])
    expect(entries.map(({ event, restart }) => [event?.type, restart])).toEqual([
      ['set', undefined],
      ['restarted', true],
      [undefined, undefined],
    ])
  })

  it('is replayed alike, and recovered alike by a third process', () => {
    const { journal } = runProcesses(0, 5000, 5000)
    const replayed = replay(bell, undefined, journal.startedAt, journal.read(1))
    const effects = [...replayed].flatMap((step) => step.effects.map(({ params }) => params))
    expect(effects).toEqual([{ of: 'second' }])
    expect(replayed.snapshot.value).toEqual({ first: 'idle', second: 'idle' })
  })
})

describe('replay', () => {
  it('ends in the same state with the same effects and performs none', () => {
    const clock = createManualClock()
    const journal = createMemoryJournal<RoomEvent>(0)
    const performed: unknown[] = []
    const runtime = createRuntime(room, {
      input: undefined,
      journal,
      clock,
    })
    runtime.effect$.subscribe((effect) => performed.push(effect))
    runtime.start()
    runtime.dispatch({ type: 'press' })
    clock.advance(40)
    runtime.dispatch({ type: 'enter' })
    clock.advance(100)
    const replayed = replay(room, undefined, 0, journal.read(1))
    const steps = [...replayed]
    expect(steps.flatMap(({ effects }) => effects)).toEqual(performed)
    expect(steps.flatMap(({ mismatches }) => mismatches)).toEqual([])
    expect(steps.map(({ changes }) => changes.map(({ to }) => to))).toEqual([
      ['{}', 'off'],
      ['on'],
      [],
      ['off'],
    ])
    expect(replayed.state()).toEqual(runtime.state())
  })
})
