import { afterEach, describe, expect, it, vi } from 'vitest'
import { assign, setup } from 'xstate'
import { createMemoryJournal, isEntry } from '../../../src/journal/journal.ts'
import type { Entry } from '../../../src/journal/journal.ts'
import { followClock } from '../../../src/journal/runtime/journal-time.ts'
import { createMonotonicClock } from '../../../src/journal/runtime/monotonic-clock.ts'
import { recover } from '../../../src/journal/writer/recover.ts'
import { replay } from '../../../src/journal/replay/replay.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import type { RuntimeClock } from '../../../src/journal/runtime/monotonic-clock.ts'
import { given } from '../../../src/testing/given.ts'
import { createManualClock } from '../../../src/testing/manual-clock.ts'
import { header, temporaryFolder } from '../support/journal-folder.ts'

const yearMs = 365.25 * 24 * 3600 * 1000

/** Beats every second in two ways: a state that enters itself again, and a delayed event that is raised again. */
const heart = setup({
  types: {} as {
    context: { states: number; events: number }
    events: { type: 'beat' } | { type: 'note'; text: string }
  },
  actions: {
    'fx.beat': () => {},
    countState: assign({ states: ({ context }) => context.states + 1 }),
  },
}).createMachine({
  id: 'heart',
  context: { states: 0, events: 0 },
  type: 'parallel',
  states: {
    state: {
      initial: 'waiting',
      states: {
        waiting: {
          after: { 1000: { target: 'waiting', reenter: true, actions: ['countState', 'fx.beat'] } },
        },
      },
    },
    event: {
      initial: 'waiting',
      states: {
        waiting: {
          after: { 1000: 'again' },
        },
        again: {
          entry: assign({ events: ({ context }) => context.events + 1 }),
          always: 'waiting',
        },
      },
    },
  },
})

/** Never comes to rest: each of its timers is due at once. */
const restless = setup({}).createMachine({
  id: 'restless',
  initial: 'one',
  states: { one: { after: { 0: 'two' } }, two: { after: { 0: 'one' } } },
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

function run(clock: RuntimeClock, journal = createMemoryJournal<never>(0)) {
  let beats = 0
  const runtime = createRuntime(heart, {
    input: undefined,
    journal,
    clock,
  })
  runtime.effect$.subscribe(() => (beats += 1))
  runtime.start()
  const entries = () => [...journal.read(0)].filter((record) => isEntry(record))
  return { runtime, entries, beats: () => beats }
}

/** A clock that can be set, and that wakes nobody by itself. */
function settableClock(startMs = 0) {
  let now = startMs
  let waiting: (() => void) | undefined
  const clock: RuntimeClock = {
    now: () => now,
    wake(callback) {
      waiting = callback
      return () => (waiting = undefined)
    },
  }
  return {
    clock,
    set: (toMs: number) => void (now = toMs),
    wake() {
      const callback = waiting
      waiting = undefined
      callback?.()
    },
  }
}

describe('a machine with periodic timers', () => {
  it.each([1, 56, 900])(
    'fires each once when %s years have passed, and continues from then',
    (years) => {
      const now = years * yearMs
      const entries: Entry<never>[] = [
        { seq: 1, now },
        { seq: 2, now: now + 999 },
      ]
      const replayed = replay(heart, undefined, 0, entries)
      expect([...replayed].map(({ effects }) => effects.length)).toEqual([0, 1, 0])
      expect(replayed.snapshot.context).toEqual({ states: 1, events: 1 })
      expect(replayed.nextDue()).toBe(now + 1000)
    },
  )

  it('beats at its pace while time passes as it should', () => {
    const clock = createManualClock()
    const { entries, beats } = run(clock)
    clock.advance(3500)
    expect(beats()).toBe(3)
    expect(entries().map(({ now }) => now)).toEqual([1000, 2000, 3000])
  })

  it('continues from now after a year without a process', () => {
    const journal = createMemoryJournal<never>(0)
    const first = settableClock(0)
    run(first.clock, journal).runtime.stop()
    first.set(1000)
    const begun = run(first.clock, journal)
    first.wake()
    begun.runtime.stop()
    const later = settableClock(yearMs)
    const { runtime, beats, entries } = run(later.clock, journal)
    later.wake()
    expect(beats()).toBe(1)
    expect(entries().at(-1)?.now).toBe(yearMs)
    later.set(yearMs + 1000)
    later.wake()
    expect(beats()).toBe(2)
    const again = replay(heart, undefined, 0, journal.read(0))
    expect([...again].flatMap(({ mismatches }) => mismatches)).toEqual([])
    expect(again.state()).toEqual(runtime.state())
  })

  it('lets timers that are due at once wait for the next entry each', () => {
    const entries: Entry<never>[] = [1, 2, 3].map((seq) => ({ seq, now: 5 }))
    const steps = [...replay(restless, undefined, 0, entries)]
    expect(steps.map(({ changes }) => changes.map(({ to }) => to))).toEqual([
      ['one'],
      ['two'],
      ['one'],
      ['two'],
    ])
    const source = { input: undefined, records: [] }
    expect(() => given(source, restless).after(10).then('one')).toThrow('without an end')
    const clock = createManualClock()
    createRuntime(restless, { input: undefined, clock }).start()
    expect(() => {
      clock.advance(1)
    }).toThrow('without an end')
  })

  it('is taken through time by a test as the gateway would do it', () => {
    given({ input: undefined, records: [] }, heart)
      .after(3500)
      .then(
        (snapshot) => expect(snapshot.context).toEqual({ states: 3, events: 3 }),
        ['fx.beat', 'fx.beat', 'fx.beat'],
      )
      .after(500)
      .then(() => undefined, ['fx.beat'])
  })
})

describe('the time of entries', () => {
  it('stands still for no clock that is set, and follows none', () => {
    const { clock, set } = settableClock(5000)
    const time = followClock(clock.now, 1000)
    expect(time.now()).toBe(5000)
    set(6000)
    expect(time.now()).toBe(6000)
    set(10) // set back
    expect(time.now()).toBe(6000)
    set(110)
    expect(time.now()).toBe(6100)
    set(110 + 56 * yearMs) // as a board that hears of the time
    expect(time.now()).toBe(6100)
    set(120 + 56 * yearMs)
    expect(time.now()).toBe(6110)
    set(Number.NaN)
    expect(time.now()).toBe(6110)
  })

  it('continues in a run whose clock was set back between its processes', () => {
    const journal = createMemoryJournal<never>(0)
    const ahead = settableClock(0)
    const first = run(ahead.clock, journal)
    ahead.set(yearMs)
    ahead.wake()
    first.runtime.stop()
    const behind = settableClock(1000)
    const { beats, entries } = run(behind.clock, journal)
    behind.set(2000)
    behind.wake()
    expect(beats()).toBe(1)
    expect(entries().map(({ now }) => now)).toEqual([yearMs, yearMs + 1000])
  })

  it('is not moved by the wall clock while a process lives', () => {
    const clock = createMonotonicClock()
    const before = clock.now()
    vi.spyOn(Date, 'now').mockReturnValue(before + 56 * yearMs)
    expect(clock.now() - before).toBeLessThan(yearMs)
    vi.spyOn(Date, 'now').mockReturnValue(0)
    expect(clock.now()).toBeGreaterThanOrEqual(before)
  })

  it('waits longer than setTimeout can, without an entry on the way', () => {
    vi.useFakeTimers()
    const clock = createMonotonicClock()
    let woken = 0
    clock.wake(() => (woken += 1), 2 ** 40)
    vi.advanceTimersByTime(60_000)
    expect(woken).toBe(0)
    const { clock: early, set, wake } = settableClock()
    const { entries, beats } = run(early)
    for (const now of [1, 500, 999]) {
      set(now)
      wake()
    }
    expect(entries()).toEqual([])
    set(1000)
    wake()
    expect(beats()).toBe(1)
  })

  it('begins in this century also where the machine has no clock', async () => {
    const folder = temporaryFolder()
    const { createdAt: _, ...fresh } = header
    vi.spyOn(Date, 'now').mockReturnValue(4000)
    const { header: begun } = await recover(folder, fresh)
    expect(new Date(begun.createdAt).toISOString()).toBe('2000-01-01T00:00:00.000Z')
  })
})
