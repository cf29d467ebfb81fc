import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { assign, createMachine, setup } from 'xstate'
import { createTimeTravel } from '../../../../src/inspector/replay-app/run/time-travel.ts'
import { createCore } from '../../../../src/journal/core/core.ts'
import type { CoreMoment } from '../../../../src/journal/core/moment.ts'

const moment: CoreMoment = { now: 0, tree: { actors: [], snapshots: [] }, timers: [] }

function given() {
  const start = { machine: createMachine({}), input: undefined, startedAt: 0 }
  return createTimeTravel(start, () => undefined)
}

describe('createTimeTravel', () => {
  it('keeps checkpoints of the past, however many are kept of the present', () => {
    const travel = given()
    for (let seq = 0; seq <= 100_000; seq += 1000) travel.keep({ seq, moment })
    for (let seq = 100_001; seq <= 110_000; seq++) travel.keep({ seq, moment })
    for (const seq of [10_000, 50_000, 90_000])
      expect(travel.firstAfter(seq)?.seq).toBeLessThan(seq + 2000)
    expect(travel.latest?.seq).toBe(110_000)
  })

  it('forgets checkpoints before an entry', () => {
    const travel = given()
    for (const seq of [10, 20, 30]) travel.keep({ seq, moment })
    travel.forgetBefore(20)
    expect(travel.firstAfter(0)?.seq).toBe(20)
  })
})

describe('createTimeTravel with states that the run has saved', () => {
  const counter = setup({ types: { context: {} as { readonly count: number } } }).createMachine({
    id: 'counter',
    context: { count: 0 },
    on: { add: { actions: assign(({ context }) => ({ count: context.count + 1 })) } },
  })
  const start = { machine: counter, input: undefined, startedAt: 0 }

  /** A run of 10,000 entries that has saved these states; its reads are counted. */
  function givenRun(...saved: readonly number[]) {
    let reads = 0
    const entryAt = (seq: number) => {
      reads += 1
      return seq > 10_000 ? undefined : { seq, now: seq, event: { type: 'add' } }
    }
    const stateAfter = (seq: number) => {
      const core = createCore(counter, { input: undefined, startMs: 0 })
      core.start()
      for (let each = 1; each <= seq; each++) core.apply(entryAt(each) as never)
      return core.state()
    }
    const states = saved.map((seq) => ({ seq, state: stateAfter(seq) }))
    const savedStateAt = (seq: number) => states.findLast((state) => state.seq <= seq)
    reads = 0
    const travel = createTimeTravel({ ...start, savedStateAt }, entryAt)
    const countAt = (seq: number) =>
      (travel.at(seq).tree.snapshots[0] as { context?: unknown } | undefined)?.context
    return { travel, countAt, reads: () => reads }
  }

  it('begins with the newest one before a moment far away', async () => {
    const { travel, countAt, reads } = givenRun(4000, 8000)
    await travel.approach(9000)
    expect(countAt(9000)).toEqual({ count: 9000 })
    expect(reads()).toBeLessThan(2500)
    expect(countAt(100)).toEqual({ count: 100 })
  })

  it('waits for a replay that is nearly there', () => {
    const { travel } = givenRun(4000)
    expect(travel.useSavedState(4100, 3000)).toBe(true)
    expect(travel.useSavedState(6000, 5500)).toBe(false)
    expect(travel.useSavedState(3999, 0)).toBe(false)
  })

  it('replays from the start if a state is no state of the machine', async () => {
    const savedStateAt = () => ({ seq: 4000, state: { now: 0, snapshot: 7, timers: [] } })
    const entryAt = (seq: number) => ({ seq, now: seq, event: { type: 'add' } })
    const travel = createTimeTravel({ ...start, savedStateAt }, entryAt)
    await travel.approach(5000)
    expect(travel.at(5000).tree.snapshots[0]).toMatchObject({ context: { count: 5000 } })
  })

  it('tells how far it has come', async () => {
    const { travel } = givenRun()
    const parts: number[] = []
    // Each look at the clock is late: it pauses as often as it can.
    let ms = 0
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (ms += 20))
    onTestFinished(() => clock.mockRestore())
    await travel.approach(10_000, (part) => parts.push(part))
    expect(parts).toHaveLength(50)
    expect(parts.every((part) => part > 0 && part <= 1)).toBe(true)
    expect(parts).toEqual(parts.toSorted((one, other) => one - other))
  })
})
