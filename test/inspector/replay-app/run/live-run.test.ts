import { describe, expect, it } from 'vitest'
import { assign, setup } from 'xstate'
import { openReplayApp } from '../../../../src/inspector/replay-app/open-replay-app.ts'
import { createTransientJournal } from '../../../../src/journal/journal.ts'
import { createRuntime } from '../../../../src/journal/runtime/runtime.ts'
import { createManualClock } from '../../../../src/testing/manual-clock.ts'

type Event = { readonly type: 'add'; readonly text: string } | { readonly type: 'fail' }

let assigned = 0

const pile = setup({
  types: { context: {} as { readonly count: number }, events: {} as Event },
  actions: {
    'fx.show': (_, _params: { readonly count: number }) => undefined,
    crash: () => {
      throw new Error('too high')
    },
  },
}).createMachine({
  id: 'pile',
  context: { count: 0 },
  on: {
    add: {
      actions: [
        assign(({ context }) => {
          assigned += 1
          return { count: context.count + 1 }
        }),
        { type: 'fx.show', params: ({ context }) => ({ count: context.count }) },
      ],
    },
    fail: { actions: 'crash' },
  },
})

function start() {
  const clock = createManualClock(0)
  const runtime = createRuntime(pile, {
    input: undefined,
    clock,
    journal: createTransientJournal<Event>(0),
  })
  runtime.rejection$.subscribe()
  const add = (count: number, text = 'x') => {
    for (let index = 0; index < count; index++) runtime.dispatch({ type: 'add', text })
  }
  const watch = () =>
    openReplayApp({
      id: 'live',
      name: 'live',
      machine: pile,
      input: undefined,
      startedAt: 0,
      entries: runtime,
      chartOf: () => {
        throw new Error('not drawn here')
      },
    })
  return { runtime, add, watch, clock }
}

const counted = (count: number) => ({ items: [['count', { text: String(count) }]] })

describe('openReplayApp of a run in this process', () => {
  it('follows the run from its start to its end', async () => {
    const { runtime, add, watch } = start()
    const app = watch()
    runtime.start()
    add(3)
    runtime.dispatch({ type: 'fail' })
    expect(app.info()).toMatchObject({ origin: 'live', firstSeq: 0, lastSeq: 4, isOver: false })
    expect(await app.rows({ from: 3, count: 9 })).toMatchObject([
      { seq: 3, type: 'add', effects: ['fx.show'] },
      { seq: 4, type: 'fail', isRejected: true },
    ])
    expect(await app.context({ seq: 2, actor: 'pile', path: [] })).toMatchObject(counted(2))
    expect(await app.step({ seq: 2 })).toMatchObject({ effects: [{ key: '2.0' }] })
    expect(await app.next({ seq: 0, direction: 1, kind: 'rejection' })).toEqual({ seq: 4 })
    runtime.stop()
    expect(app.info().isOver).toBe(true)
    app.close()
  })

  it('shows a run that was running before from that entry on', async () => {
    const { runtime, add, watch } = start()
    runtime.start()
    add(10)
    const app = watch()
    add(2)
    expect(app.info()).toMatchObject({
      firstSeq: 10,
      lastSeq: 12,
      notes: [expect.stringContaining('from entry 10 on')],
    })
    expect(await app.context({ seq: 11, actor: 'pile', path: [] })).toMatchObject(counted(11))
    await expect(app.moment({ seq: 9 })).rejects.toMatchObject({ code: 'INSPECTOR_MOMENT_UNKNOWN' })
    expect(await app.find({ filter: { type: 'add' } })).toEqual({ seqs: [11, 12], isCut: false })
    app.close()
    runtime.stop()
  })

  it('changes nothing in the run: neither questions nor branches', async () => {
    const { runtime, add, watch } = start()
    const app = watch()
    runtime.start()
    add(5)
    const before = JSON.stringify(runtime.state())
    await app.branch({ seq: 5, event: { type: 'add', text: 'y' } })
    await app.step({ seq: 5 })
    await app.lanes({ from: 1, to: 5 })
    expect(JSON.stringify(runtime.state())).toBe(before)
    app.close()
    runtime.stop()
  })

  it('drops the oldest entries of a long run, and says from where it can be shown', async () => {
    const { runtime, add, watch } = start()
    const app = watch()
    runtime.start()
    add(20_000, 'x'.repeat(10_000))
    const { firstSeq, lastSeq } = app.info()
    expect(lastSeq).toBe(20_000)
    expect(firstSeq).toBeGreaterThan(8000)
    const seq = firstSeq + 700
    expect(await app.context({ seq, actor: 'pile', path: [] })).toMatchObject(counted(seq))
    expect((await app.rows({ from: firstSeq, count: 2 })).map((row) => row.type)).toEqual([
      'start',
      'add',
    ])
    app.close()
    runtime.stop()
  })

  it('replays nothing while nobody asks', () => {
    const { runtime, add, watch } = start()
    const app = watch()
    runtime.start()
    assigned = 0
    add(1000)
    expect(app.info().lastSeq).toBe(1000)
    expect(assigned).toBe(1000)
    app.close()
    runtime.stop()
  })
})
