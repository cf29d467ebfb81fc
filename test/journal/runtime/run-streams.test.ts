import { Subject, config as rxConfig, map, of, throwError } from 'rxjs'
import type { Observable } from 'rxjs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { assign, emit, setup } from 'xstate'
import { createMemoryJournal, isEntry } from '../../../src/journal/journal.ts'
import type { Journal } from '../../../src/journal/journal.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import type { Runtime } from '../../../src/journal/runtime/runtime.ts'
import { createManualClock } from '../../../src/testing/manual-clock.ts'

type CounterEvent = { type: 'add' } | { type: 'break' }

const counter = setup({
  types: {} as {
    context: { sum: number }
    events: CounterEvent
    emitted: { type: 'added'; sum: number }
  },
  actions: {
    'fx.show': (_, _params: { sum: number }) => {},
    add: assign({ sum: ({ context }) => context.sum + 1 }),
    tell: emit(({ context }) => ({ type: 'added', sum: context.sum })),
    break: () => {
      throw new Error('broken')
    },
  },
}).createMachine({
  id: 'counter',
  context: { sum: 0 },
  entry: { type: 'fx.show', params: ({ context }) => context },
  on: {
    add: { actions: ['add', 'tell', { type: 'fx.show', params: ({ context }) => context }] },
    break: { actions: ['tell', 'break'] },
  },
})

function runtimeOn(journal: Journal<CounterEvent> = createMemoryJournal(0)) {
  return createRuntime(counter, { input: undefined, journal, clock: createManualClock() })
}

/** Notes each stream's values, in the order in which all of them come. */
function watch(runtime: Runtime<typeof counter>): string[] {
  const seen: string[] = []
  const note = (name: string, value$: Observable<unknown>) =>
    value$.subscribe({
      next: (value) => seen.push(`${name} ${String(value)} in ${runtime.snapshot.context.sum}`),
      complete: () => seen.push(`${name} complete`),
      error: (error: unknown) => seen.push(`${name} ${String(error)}`),
    })
  note('entry', runtime.entry$.pipe(map(({ seq }) => seq)))
  note('transition', runtime.transition$.pipe(map(({ seq }) => seq)))
  note('rejection', runtime.rejection$.pipe(map(({ seq }) => seq)))
  note('fact', runtime.fact$.pipe(map(({ sum }) => sum)))
  note('effect', runtime.effect$.pipe(map(({ key }) => key)))
  note('applied', runtime.applied$)
  return seen
}

const names = ['entry', 'transition', 'fact', 'effect', 'rejection', 'applied']

afterEach(() => {
  rxConfig.onUnhandledError = null
})

describe('streams of a runtime', () => {
  it('publish append, apply and perform in this order', () => {
    const runtime = runtimeOn()
    const seen = watch(runtime)
    runtime.start()
    expect(seen.splice(0)).toEqual(['transition 0 in 0', 'effect 0.0 in 0'])
    runtime.dispatch({ type: 'add' })
    expect(seen).toEqual([
      'entry 1 in 0',
      'transition 1 in 1',
      'fact 1 in 1',
      'effect 1.0 in 1',
      'applied 1 in 1',
    ])
  })

  it('publish an entry only once it is durable', async () => {
    const appended = new Subject<void>()
    const journal: Journal<CounterEvent> = {
      ...createMemoryJournal<CounterEvent>(0),
      append: () => new Promise((resolve) => appended.subscribe(resolve)),
    }
    const runtime = runtimeOn(journal)
    const seen = watch(runtime)
    runtime.start()
    seen.length = 0
    runtime.dispatch({ type: 'add' })
    expect(seen).toEqual([])
    appended.next()
    await vi.waitFor(() => expect(seen).toContain('applied 1 in 1'))
    expect(seen[0]).toBe('entry 1 in 0')
  })

  it('carry the whole outcome of an entry in its transition', () => {
    const runtime = runtimeOn()
    const transitions: unknown[] = []
    runtime.transition$.subscribe(({ snapshot, ...rest }) =>
      transitions.push({ ...rest, sum: snapshot.context.sum }),
    )
    runtime.start()
    runtime.dispatch({ type: 'add' })
    expect(transitions[1]).toEqual({
      entry: { seq: 1, now: 0, event: { type: 'add' } },
      seq: 1,
      now: 0,
      sum: 1,
      effects: [{ key: '1.0', type: 'fx.show', params: { sum: 1 }, actorId: 'counter' }],
      facts: [{ type: 'added', sum: 1 }],
      rejections: [],
    })
  })

  it('publish nothing of a rejected event but its entry and its rejection', () => {
    const runtime = runtimeOn()
    const seen = watch(runtime)
    runtime.start()
    seen.length = 0
    runtime.dispatch({ type: 'break' })
    expect(seen).toEqual([
      'entry 1 in 0',
      'transition 1 in 0',
      'rejection 1 in 0',
      'applied 1 in 0',
    ])
  })

  it('begin with the recovered state, and publish no entry from before', () => {
    const journal = createMemoryJournal<CounterEvent>(0)
    const before = runtimeOn(journal)
    before.start()
    before.dispatch({ type: 'add' })
    before.stop()
    const runtime = runtimeOn(journal)
    const seen = watch(runtime)
    runtime.start()
    expect(seen.splice(0)).toEqual(['transition 1 in 1'])
    runtime.dispatch({ type: 'add' })
    expect(seen).toContain('effect 2.0 in 2')
  })

  it('complete when the run is stopped, for late subscribers too', () => {
    const runtime = runtimeOn()
    const seen = watch(runtime)
    runtime.start()
    seen.length = 0
    runtime.stop()
    expect(seen.toSorted()).toEqual(names.map((name) => `${name} complete`).toSorted())
    expect(watch(runtime)).toHaveLength(names.length)
  })

  it('error when the journal refuses an entry, for late subscribers too', () => {
    const journal: Journal<CounterEvent> = {
      ...createMemoryJournal<CounterEvent>(0),
      append() {
        throw new Error('disk full')
      },
    }
    const runtime = runtimeOn(journal)
    const seen = watch(runtime)
    runtime.start()
    seen.length = 0
    runtime.dispatch({ type: 'add' })
    const errors = names.map((name) => `${name} Error: disk full`).toSorted()
    expect(seen.toSorted()).toEqual(errors)
    expect(watch(runtime).toSorted()).toEqual(errors)
    runtime.dispatch({ type: 'add' })
    expect(seen).toHaveLength(names.length)
  })

  it('throw the error of a run without subscribers', () => {
    const journal: Journal<CounterEvent> = {
      ...createMemoryJournal<CounterEvent>(0),
      append() {
        throw new Error('disk full')
      },
    }
    const runtime = runtimeOn(journal)
    runtime.start()
    expect(() => runtime.dispatch({ type: 'add' })).toThrow('disk full')
  })

  it('report a subscriber that throws, and continue', async () => {
    const reported: unknown[] = []
    rxConfig.onUnhandledError = (error) => reported.push(error)
    const runtime = runtimeOn()
    runtime.fact$.subscribe(() => {
      throw new Error('bad subscriber')
    })
    const seen = watch(runtime)
    runtime.start()
    runtime.dispatch({ type: 'add' })
    runtime.dispatch({ type: 'add' })
    expect(seen).toContain('effect 2.0 in 2')
    await vi.waitFor(() => expect(reported).toHaveLength(2))
  })

  it('let a subscriber stop the run in the middle of an entry', () => {
    const runtime = runtimeOn()
    runtime.fact$.subscribe(() => runtime.stop())
    const seen = watch(runtime)
    runtime.start()
    seen.length = 0
    runtime.dispatch({ type: 'add' })
    runtime.dispatch({ type: 'add' })
    expect(seen.filter((line) => !line.endsWith('complete'))).toEqual([
      'entry 1 in 0',
      'transition 1 in 1',
    ])
  })
})

describe('connect', () => {
  it('takes the events of a stream, and outlives it', () => {
    const journal = createMemoryJournal<CounterEvent>(0)
    const runtime = runtimeOn(journal)
    runtime.start()
    runtime.connect(of<CounterEvent[]>({ type: 'add' }, { type: 'add' }))
    runtime.dispatch({ type: 'add' })
    expect([...journal.read(1)].filter(isEntry)).toHaveLength(3)
  })

  it('performs effects as a stream of their results', () => {
    const runtime = runtimeOn()
    runtime.connect(
      runtime.effect$.pipe(
        map(({ params }) => ({
          type: (params as { sum: number }).sum < 3 ? ('add' as const) : ('break' as const),
        })),
      ),
    )
    const seen = watch(runtime)
    runtime.start()
    expect(runtime.snapshot.context.sum).toBe(3)
    expect(seen.at(-2)).toBe('rejection 4 in 3')
  })

  it('ends the run with the error of a stream', () => {
    const runtime = runtimeOn()
    const seen = watch(runtime)
    runtime.start()
    runtime.connect(throwError(() => new Error('lost')))
    expect(seen).toContain('effect Error: lost')
  })

  it('unsubscribes when the run is over', () => {
    const runtime = runtimeOn()
    const source = new Subject<CounterEvent>()
    runtime.start()
    runtime.connect(source)
    const other = runtime.connect(source)
    other.unsubscribe()
    expect(source.observed).toBe(true)
    runtime.stop()
    expect(source.observed).toBe(false)
  })
})
