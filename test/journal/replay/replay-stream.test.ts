import { join } from 'node:path'
import { map, take, toArray } from 'rxjs'
import type { Observer } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { assign, createMachine, emit, sendTo, setup } from 'xstate'
import type { AnyActorRef, InspectionEvent } from 'xstate'
import type { Transition } from '../../../src/journal/core/transition.ts'
import { createMemoryJournal } from '../../../src/journal/journal.ts'
import type { Journal, JournalRecord } from '../../../src/journal/journal.ts'
import { replay$ } from '../../../src/journal/replay/replay-stream.ts'
import type { ReplayStreamOptions } from '../../../src/journal/replay/replay-stream.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import { recordJournal, writeJournal } from '../../../src/testing/record-journal.ts'
import { runMarbles } from '../../streams/run-marbles.ts'
import { createManualClock } from '../../../src/testing/manual-clock.ts'
import { temporaryFolder } from '../support/journal-folder.ts'

const bell = setup({ types: {} as { events: { type: 'ring' } } }).createMachine({
  id: 'bell',
  initial: 'quiet',
  states: { quiet: { on: { ring: 'ringing' } }, ringing: { after: { 50: 'quiet' } } },
})

type DoorEvent = { type: 'knock' } | { type: 'break' }

/** A machine with everything that a transition can have: children, timers, effects, facts. */
const door = setup({
  types: {} as {
    context: { knocks: number }
    events: DoorEvent
    emitted: { type: 'knocked'; knocks: number }
  },
  actors: { bell },
  actions: {
    'fx.open': (_, _params: { knocks: number }) => {},
    count: assign({ knocks: ({ context }) => context.knocks + 1 }),
    tell: emit(({ context }) => ({ type: 'knocked', knocks: context.knocks })),
    ring: sendTo('bell', { type: 'ring' }),
    break: () => {
      throw new Error('broken')
    },
  },
}).createMachine({
  id: 'door',
  context: { knocks: 0 },
  invoke: { src: 'bell', id: 'bell' },
  on: {
    knock: {
      actions: ['count', 'tell', 'ring', { type: 'fx.open', params: ({ context }) => context }],
    },
    break: { actions: 'break' },
  },
})

const options: ReplayStreamOptions<typeof door> = { machine: door }

/** Everything in a transition as data, its children's states too. */
function watcher() {
  const seen: unknown[] = []
  const observer: Observer<Transition<typeof door>> = {
    next({ entry, seq, now, snapshot, effects, facts, rejections }) {
      const { context, children } = snapshot
      const bellState: unknown = children['bell']?.getSnapshot().value
      const rejected = rejections.map(({ event, error }) => [event, String(error)])
      seen.push({ entry, seq, now, context, bellState, effects, facts, rejected })
    },
    complete: () => seen.push('complete'),
    error: (error: unknown) => seen.push(error),
  }
  return { seen, observer }
}

/** A live run, watched from its start. */
function live(journal: Journal<DoorEvent> = createMemoryJournal<DoorEvent>(0)) {
  const clock = createManualClock()
  const runtime = createRuntime(door, { input: undefined, journal, clock })
  const { seen, observer } = watcher()
  runtime.transition$.subscribe(observer)
  runtime.rejection$.subscribe()
  runtime.start()
  runtime.dispatch({ type: 'knock' })
  clock.advance(200)
  runtime.dispatch({ type: 'break' })
  runtime.dispatch({ type: 'knock' })
  clock.advance(20)
  runtime.dispatch({ type: 'knock' })
  runtime.stop()
  return { seen, journal: { ...journal, input: undefined } }
}

function idOf({ actorRef }: InspectionEvent): string {
  return (actorRef as AnyActorRef).id
}

function seqs(records: Iterable<JournalRecord<DoorEvent>>) {
  return replay$({ input: undefined, records }, options).pipe(map(({ seq }) => seq))
}

function knocksAt(...times: readonly number[]): JournalRecord<DoorEvent>[] {
  return times.map((now, index) => ({ seq: index + 1, now, event: { type: 'knock' } }))
}

describe('replay$', () => {
  it('publishes to an observer what the live run published to it', () => {
    const { seen, journal } = live()
    const replayed = watcher()
    replay$(journal, options).subscribe(replayed.observer)
    expect(seen).toHaveLength(7)
    expect(replayed.seen).toEqual(seen)
  })

  it('reads anew for each subscriber, from a file too', () => {
    const file = join(temporaryFolder(), 'door.ndjson')
    writeJournal(
      file,
      recordJournal(door, { input: undefined, steps: [{ type: 'knock' }, { afterMs: 90 }] }),
    )
    const step$ = replay$(file, options)
    const both = [0, 1].map(() => {
      const { seen, observer } = watcher()
      step$.subscribe(observer)
      return seen
    })
    expect(both[0]).toHaveLength(4)
    expect(both[1]).toEqual(both[0])
  })

  it('stops reading after unsubscription', () => {
    let read = 0
    let isClosed = false
    function* records() {
      try {
        for (const record of knocksAt(0, 0, 0, 0, 0)) {
          read += 1
          yield record
        }
      } finally {
        isClosed = true
      }
    }
    const seen: number[] = []
    seqs(records())
      .pipe(take(2))
      .subscribe((seq) => seen.push(seq))
    expect(seen).toEqual([0, 1])
    // A step has read the entry after it: a check of its state could stand before that.
    expect(read).toBe(2)
    expect(isClosed).toBe(true)
  })

  it('keeps the recorded time, divided by the speed', () => {
    runMarbles(({ expectObservable }, scheduler) => {
      const at = (speed: number) =>
        replay$(
          { input: undefined, startedAt: 10, records: knocksAt(14, 14, 22) },
          { ...options, speed, scheduler },
        ).pipe(map(({ seq }) => String(seq)))
      expectObservable(at(1)).toBe('0---(12)----(3|)')
      expectObservable(at(2)).toBe('0-(12)(3|)')
      expectObservable(at(Infinity)).toBe('(0123|)')
      expectObservable(at(1), '--!').toBe('0--')
    })
  })

  it('applies an entry only when it is due, for inspectors', () => {
    runMarbles((_, scheduler) => {
      const inspected: string[] = []
      const inspect = (event: InspectionEvent) => {
        if (event.type === '@xstate.event' && event.event.type === 'knock')
          inspected.push(`knock at ${scheduler.now()}`)
      }
      replay$(
        { input: undefined, records: knocksAt(5, 9) },
        { ...options, speed: 1, scheduler, inspect },
      ).subscribe()
      scheduler.flush()
      expect(inspected).toEqual(['knock at 5', 'knock at 9'])
    })
  })

  it('is inspected as the live run was', () => {
    const inspector = () => {
      const events: string[] = []
      const inspect = (event: InspectionEvent) => {
        if (event.type === '@xstate.event') events.push(`${event.event.type} to ${idOf(event)}`)
      }
      return { events, inspect }
    }
    const run = inspector()
    const again = inspector()
    const clock = createManualClock()
    const journal = createMemoryJournal<DoorEvent>(0)
    const runtime = createRuntime(door, { input: undefined, journal, clock, inspect: run.inspect })
    runtime.start()
    runtime.dispatch({ type: 'knock' })
    clock.advance(100)
    runtime.stop()
    replay$({ ...journal, input: undefined }, { ...options, inspect: again.inspect }).subscribe()
    expect(run.events).toContain('knock to door')
    expect(run.events).toContain('xstate.after.50.bell.ringing to bell')
    expect(again.events).toEqual(run.events)
  })

  it('changes the events of earlier versions', () => {
    const file = join(temporaryFolder(), 'door.ndjson')
    const { header, records } = recordJournal(door, { input: undefined, steps: [] })
    const tap = { seq: 1, now: 0, event: { type: 'tap' } }
    writeJournal(file, { header, records: [...records.slice(0, 1), tap] })
    const facts: unknown[] = []
    const upcast = () => ({ type: 'knock' })
    replay$(file, { ...options, upcasters: [{ version: '1', type: 'tap', upcast }] }).subscribe(
      (step) => facts.push(...step.facts),
    )
    expect(facts).toEqual([{ type: 'knocked', knocks: 1 }])
  })

  it('waits longer than a timer can', () => {
    runMarbles(({ expectObservable }, scheduler) => {
      const dayMs = 24 * 3600 * 1000
      const step$ = replay$(
        { input: undefined, records: knocksAt(40 * dayMs) },
        { ...options, speed: 1, scheduler },
      )
      expectObservable(step$.pipe(map(({ seq }) => String(seq)))).toBe(`0 ${40 * dayMs - 1}ms (1|)`)
    })
  })

  it('compares the recorded states', () => {
    const records: JournalRecord<DoorEvent>[] = [
      { after: 0, hash: 'other' },
      { seq: 1, now: 0, event: { type: 'knock' } },
    ]
    const steps: unknown[] = []
    replay$({ input: undefined, records }, options)
      .pipe(
        map(({ checks, mismatches }) => [checks, mismatches.map(({ recorded }) => recorded)]),
        toArray(),
      )
      .subscribe((all) => steps.push(...all))
    expect(steps).toEqual([
      [1, ['other']],
      [0, []],
    ])
  })

  it('errors by code', () => {
    const folder = temporaryFolder()
    const file = join(folder, 'door.ndjson')
    writeJournal(file, recordJournal(door, { input: undefined, steps: [] }))
    const broken = createMachine({
      id: 'broken',
      context: () => {
        throw new Error('no context')
      },
    })
    const errors: unknown[] = []
    const error = (cause: unknown) => errors.push((cause as { code: unknown }).code)
    replay$(join(folder, 'none'), options).subscribe({ error })
    replay$(file, { machine: bell }).subscribe({ error })
    replay$({ input: undefined, records: [] }, { machine: broken }).subscribe({ error })
    replay$({ input: undefined, records: [] }, { ...options, speed: 0 }).subscribe({ error })
    expect(errors).toEqual([
      'JOURNAL_NOT_FOUND',
      'CONFIG_INVALID',
      'REPLAY_FAILED',
      'CONFIG_INVALID',
    ])
  })
})
