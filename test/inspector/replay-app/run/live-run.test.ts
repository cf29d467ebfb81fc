import { describe, expect, it, vi } from 'vitest'
import { assign, setup } from 'xstate'
import { openReplayApp } from '../../../../src/inspector/replay-app/open-replay-app.ts'
import {
  createMemoryJournal,
  createTransientJournal,
  isEntry,
} from '../../../../src/journal/journal.ts'
import type { ReadEntries } from '../../../../src/inspector/replay-app/run/entry-store.ts'
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

function start(journal = createTransientJournal<Event>(0)) {
  const clock = createManualClock(0)
  const runtime = createRuntime(pile, { input: undefined, clock, journal })
  runtime.rejection$.subscribe()
  const add = (count: number, text = 'x') => {
    for (let index = 0; index < count; index++) runtime.dispatch({ type: 'add', text })
  }
  const watch = (readEntries?: ReadEntries) =>
    openReplayApp({
      id: 'live',
      name: 'live',
      machine: pile,
      input: undefined,
      startedAt: 0,
      entries: {
        transition$: runtime.transition$,
        moment: () => runtime.moment(),
        readEntries,
      },
      chartOf: () => {
        throw new Error('not drawn here')
      },
    })
  return { runtime, add, watch, clock }
}

/** A run with a journal, and a reader of it. */
function startRecorded() {
  const journal = createMemoryJournal<Event>(0)
  const read = vi.fn<ReadEntries>((seq, count) => {
    const entries = [...journal.read(seq)].filter(isEntry)
    return entries.slice(0, count)
  })
  return { ...start(journal), read }
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
    const { firstSeq, lastSeq, notes } = app.info()
    expect(lastSeq).toBe(20_000)
    expect(firstSeq).toBeGreaterThan(8000)
    expect(notes).toEqual([
      expect.stringContaining(`from entry ${firstSeq} on`),
      expect.stringMatching(
        `^${firstSeq.toLocaleString('en-US')} old entries were dropped .* 1970-01-01T00:00:00`,
      ),
    ])
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

describe('openReplayApp of a run with a journal', () => {
  it('shows what was before the page, from the start, and then the run', async () => {
    const { runtime, add, watch, read } = startRecorded()
    runtime.start()
    add(2000)
    runtime.dispatch({ type: 'fail' })
    const app = watch(read)
    expect(app.info()).toMatchObject({ firstSeq: 0, lastSeq: 2001, readSeq: 0, notes: [] })
    // While it is read, the run goes on.
    const rows = app.rows({ from: 2000, count: 9 })
    add(3)
    expect((await rows).slice(0, 2)).toMatchObject([{ type: 'add' }, { type: 'fail' }])
    add(2)
    expect(await app.rows({ from: 2002, count: 9 })).toHaveLength(5)
    expect(app.info()).not.toHaveProperty('readSeq')
    expect(app.info()).toMatchObject({ firstSeq: 0, lastSeq: 2006, notes: [] })
    expect(await app.context({ seq: 700, actor: 'pile', path: [] })).toMatchObject(counted(700))
    expect(await app.context({ seq: 2006, actor: 'pile', path: [] })).toMatchObject(counted(2005))
    expect(await app.next({ seq: 0, direction: 1, kind: 'rejection' })).toEqual({ seq: 2001 })
    expect(await app.find({ filter: { type: 'fail' } })).toEqual({ seqs: [2001], isCut: false })
    app.close()
    runtime.stop()
  })

  it('keeps the newest entries in memory, and reads the others again', async () => {
    const { runtime, add, watch, read } = startRecorded()
    const app = watch(read)
    runtime.start()
    add(20_000, 'x'.repeat(10_000))
    expect(read).not.toHaveBeenCalled()
    expect(app.info()).toMatchObject({ firstSeq: 0, lastSeq: 20_000, notes: [] })
    expect(await app.rows({ from: 500, count: 1 })).toMatchObject([{ seq: 500, type: 'add' }])
    expect(read).toHaveBeenCalledWith(257, 256)
    expect(await app.context({ seq: 500, actor: 'pile', path: [] })).toMatchObject(counted(500))
    app.close()
    runtime.stop()
  })

  it('shows the run from now on if its journal cannot be read', async () => {
    const { runtime, add, watch } = startRecorded()
    runtime.start()
    add(10)
    const app = watch(() => {
      throw new Error('the disk is gone')
    })
    await app.find({ filter: {} })
    add(1)
    expect(app.info()).toMatchObject({
      firstSeq: 10,
      lastSeq: 11,
      notes: [
        expect.stringContaining('the disk is gone'),
        expect.stringContaining('from entry 10 on'),
      ],
    })
    expect(await app.context({ seq: 11, actor: 'pile', path: [] })).toMatchObject(counted(11))
    app.close()
    runtime.stop()
  })

  it('reads to the end of a run that ends meanwhile', async () => {
    const { runtime, add, watch, read } = startRecorded()
    runtime.start()
    add(600)
    const app = watch(read)
    runtime.stop()
    expect(app.info().isOver).toBe(false)
    expect((await app.find({ filter: {} })).seqs).toHaveLength(600)
    expect(app.info()).toMatchObject({ isOver: true, lastSeq: 600 })
    app.close()
  })
})
