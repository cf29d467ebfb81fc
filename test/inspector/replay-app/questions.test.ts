import { describe, expect, it } from 'vitest'
import { assign, emit, setup } from 'xstate'
import type { EventObject } from 'xstate'
import type { Filter } from '../../../src/inspector/protocol/questions.ts'
import { appOf, entriesOf } from '../support/golden.ts'

type Event =
  | { readonly type: 'pour'; readonly litres: number; readonly note?: string }
  | { readonly type: 'break' }
  | { readonly type: 'pump.failed'; readonly key?: string }

const tank = setup({
  types: { context: {} as { readonly litres: number }, events: {} as Event },
  actions: {
    fill: assign({
      litres: ({ context, event }) => context.litres + ('litres' in event ? event.litres : 0),
    }),
    'fx.ring': (_, _params: { readonly at: number }) => undefined,
    tell: emit(({ context }) => ({ type: 'tank.filled', litres: context.litres })),
    crash: () => {
      throw new Error('pipe burst')
    },
  },
}).createMachine({
  id: 'tank',
  context: { litres: 0 },
  initial: 'low',
  on: { break: { actions: 'crash' }, 'pump.failed': {} },
  states: {
    low: {
      on: {
        pour: {
          target: 'high',
          actions: [
            'fill',
            { type: 'fx.ring', params: ({ context }) => ({ at: context.litres }) },
            'tell',
          ],
        },
      },
    },
    high: { after: { 5000: 'low' } },
  },
})

const events: readonly (EventObject | undefined)[] = [
  { type: 'pour', litres: 5, note: 'Ünïcode "quoted"' } as EventObject,
  { type: 'break' },
  { type: 'pump.failed', key: '1.0' } as EventObject,
  { type: 'unknown' },
  { type: 'unknown' },
  undefined,
  { type: 'pour', litres: 1 } as EventObject,
]

function open(lens = {}) {
  const journal = { machine: tank, input: undefined, startedAt: 0, entries: entriesOf(...events) }
  return appOf(journal, { lens })
}

describe('openReplayApp', () => {
  it('tells of each row what came of it', async () => {
    const app = open()
    const rows = await app.rows({ from: 0, count: 100 })
    expect(rows[1]).toEqual({
      seq: 1,
      now: 1000,
      type: 'pour',
      actor: 'tank',
      label: 'pour',
      effects: ['fx.ring', 'tank.filled'],
      changed: ['tank'],
    })
    expect(rows[2]).toMatchObject({ type: 'break', isRejected: true, changed: [] })
    expect(rows[3]).toMatchObject({ isFailure: true })
    expect(rows[6]).toMatchObject({
      type: 'xstate.after.5000.tank.high',
      label: 'after 5000 ms in tank.high',
      isTimer: true,
      changed: ['tank'],
    })
    expect(await app.rowsOf({ seqs: [7, 2, 99] })).toEqual([rows[7], rows[2]])
    app.close()
  })

  it('explains a step: why, effects with their results, facts and changes', async () => {
    const app = open()
    expect(await app.step({ seq: 1 })).toMatchObject({
      type: 'pour',
      cause: { kind: 'event' },
      microsteps: [{ considered: [{ transition: 'tank.low#pour#0', verdict: 'taken' }] }],
      effects: [
        {
          key: '1.0',
          type: 'fx.ring',
          params: { items: [['at', { text: '5' }]] },
          result: { seq: 3, type: 'pump.failed', isFailure: true },
        },
      ],
      facts: [{ type: 'tank.filled' }],
      sent: [{ from: 'tank', to: 'tank', delayMs: 5000 }],
      changes: [
        {
          actor: 'tank',
          from: 'low',
          to: 'high',
          count: 1,
          changes: [{ path: ['litres'], before: { text: '0' }, after: { text: '5' } }],
        },
      ],
    })
    app.close()
  })

  it('shows what was rejected, and the state that stays', async () => {
    const app = open()
    expect(await app.step({ seq: 2 })).toMatchObject({
      rejections: [{ type: 'break', message: 'pipe burst' }],
      microsteps: [{ type: 'break', from: 'high', to: 'high' }],
      changes: [],
      effects: [],
    })
    app.close()
  })

  it('names the entry that set a timer, before and after a rejection', async () => {
    const app = open()
    const { timers } = await app.moment({ seq: 4 })
    expect(timers).toEqual([
      { actor: 'tank', type: 'xstate.after.5000.tank.high', due: 6000, setBy: 1 },
    ])
    expect(await app.step({ seq: 6 })).toMatchObject({
      type: 'xstate.after.5000.tank.high',
      cause: { kind: 'timer', setBy: 1 },
    })
    app.close()
  })

  it('explains how the run began', async () => {
    const app = open()
    expect(await app.step({ seq: 0 })).toMatchObject({
      type: 'start',
      cause: { kind: 'start' },
      microsteps: [{ type: 'xstate.init', to: 'low' }],
    })
    app.close()
  })

  it('reads contexts part by part', async () => {
    const app = open()
    const context = (seq: number, ...path: readonly string[]) =>
      app.context({ seq, actor: 'tank', path })
    expect(await context(1)).toMatchObject({ items: [['litres', { text: '5' }]] })
    expect(await context(7, 'litres')).toEqual({ kind: 'number', text: '6' })
    expect(await context(7, 'constructor')).toEqual({ kind: 'undefined', text: 'undefined' })
    const rest = await app.context({ seq: 1, actor: 'tank', path: [], skip: 1 })
    expect(rest).toMatchObject({ kind: 'object', items: [] })
    app.close()
  })

  it('refuses moments that are not there', async () => {
    const app = open()
    await expect(app.moment({ seq: 8 })).rejects.toMatchObject({ code: 'INSPECTOR_MOMENT_UNKNOWN' })
    await expect(app.step({ seq: -1 })).rejects.toMatchObject({ code: 'INSPECTOR_MOMENT_UNKNOWN' })
    app.close()
  })
})

describe('find', () => {
  const cases: readonly (readonly [Filter, readonly number[]])[] = [
    [{ text: 'POUR' }, [1, 7]],
    [{ text: 'ünïcode "q' }, [1]],
    [{ text: 'after 5000' }, [6]],
    [{ text: 'seq' }, []],
    [{ text: 'p[ou]+r$', isRegex: true }, []],
    [{ text: '"litres":[0-4]', isRegex: true }, [7]],
    [{ type: 'unknown' }, [4, 5]],
    [{ failedOnly: true }, [2, 3]],
    [{ actor: 'tank', text: 'unknown' }, [4, 5]],
    [{ actor: 'nobody' }, []],
    [{}, [1, 2, 3, 4, 5, 6, 7]],
  ]

  it.each(cases)('answers %o with %o', async (filter, seqs) => {
    const app = open()
    // Rejections are known once the run was replayed.
    await app.next({ seq: 7, direction: -1, kind: 'rejection' })
    expect(await app.find({ filter })).toEqual({ seqs, isCut: false })
    app.close()
  })

  it('refuses what is no regular expression, in words', async () => {
    const app = open()
    await expect(app.find({ filter: { text: '(', isRegex: true } })).rejects.toMatchObject({
      code: 'INSPECTOR_FILTER_INVALID',
    })
    app.close()
  })
})

describe('info', () => {
  it('says how far a journal that was read is replayed, until all of it is', async () => {
    const entries = entriesOf(...Array.from({ length: 3000 }, () => ({ type: 'pour', litres: 1 })))
    const app = appOf({ machine: tank, input: undefined, startedAt: 0, entries })
    await app.buckets({ count: 1, by: 'seq' })
    expect(app.info()).toMatchObject({ isOver: true })
    expect(app.info().replayedSeq).toBeLessThan(3000)
    await app.next({ seq: 3000, direction: -1, kind: 'rejection' })
    await expect.poll(() => 'replayedSeq' in app.info()).toBe(false)
    app.close()
  })
})

describe('overview', () => {
  it('finds the next landmark in both directions', async () => {
    const app = open()
    const next = async (seq: number, direction: 1 | -1, kind: 'failure' | 'rejection' | 'change') =>
      (await app.next({ seq, direction, kind })).seq
    expect(await next(0, 1, 'failure')).toBe(3)
    expect(await next(3, 1, 'failure')).toBeNull()
    expect(await next(0, 1, 'rejection')).toBe(2)
    expect(await next(7, -1, 'rejection')).toBe(2)
    expect(await next(1, 1, 'change')).toBe(6)
    expect(await next(6, -1, 'change')).toBe(1)
    app.close()
  })

  it('divides the run into parts, by entries and by time', async () => {
    const app = open()
    await app.next({ seq: 0, direction: 1, kind: 'change' })
    const bySeq = await app.buckets({ count: 2, by: 'seq' })
    expect(bySeq.map(({ fromSeq, count }) => [fromSeq, count])).toEqual([
      [1, 4],
      [5, 3],
    ])
    const byTime = await app.buckets({ count: 100, by: 'time' })
    expect(byTime.length).toBe(100)
    expect(byTime.reduce((sum, { count }) => sum + count, 0)).toBe(7)
    expect(byTime.reduce((sum, { rejected }) => sum + rejected, 0)).toBe(1)
    app.close()
  })

  it('has one entry in each of as many parts as there are entries', async () => {
    const many = Array.from({ length: 47 }, () => events[0])
    const entries = entriesOf(...many)
    const app = appOf({ machine: tank, input: undefined, startedAt: 0, entries })
    const buckets = await app.buckets({ count: 450, by: 'seq' })
    expect(buckets.map(({ count }) => count)).toEqual(many.map(() => 1))
    app.close()
  })

  it('finds the last entry at a time', async () => {
    const app = open()
    expect(await app.at({ now: 3500 })).toEqual({ seq: 3 })
    expect(await app.at({ now: 0 })).toEqual({ seq: 0 })
    expect(await app.at({ now: 1e15 })).toEqual({ seq: 7 })
    app.close()
  })
})

describe('branch', () => {
  it('shows what would follow, and changes nothing', async () => {
    const app = open()
    const before = [await app.moment({ seq: 6 }), await app.step({ seq: 7 })]
    const { step, moment } = await app.branch({ seq: 6, event: { type: 'pour', litres: 100 } })
    expect(step).toMatchObject({ seq: 7, effects: [{ type: 'fx.ring' }] })
    expect(moment).toMatchObject({ seq: 7, actors: [{ state: 'high' }] })
    expect(await app.branch({ seq: 6, event: { type: 'break' } })).toMatchObject({
      step: { rejections: [{ message: 'pipe burst' }] },
      moment: { actors: [{ state: 'low' }] },
    })
    expect([await app.moment({ seq: 6 }), await app.step({ seq: 7 })]).toEqual(before)
    app.close()
  })
})

describe('lens', () => {
  it('names events, failures and lanes, and reads the state of a moment', async () => {
    const app = open({
      labelOf: ({ type }: EventObject) => `the ${type}`,
      isFailure: ({ type }: EventObject) => type === 'unknown',
      laneOf: (what: string) => (what === 'effect' ? 'bell' : 'user'),
      lanes: [
        { id: 'user', label: 'User' },
        { id: 'bell', label: 'Bell' },
      ],
      cluster: (snapshot: { context: { litres: number } }) => ({ counts: snapshot.context }),
      stages: ({ context: { litres } }: { context: { litres: number } }) => {
        if (litres > 5) throw new Error('a lens may throw')
        return [{ title: 'filled', actor: 'tank', text: `${litres} l`, status: 'reached' }]
      },
      taskChanges: ({ seq, event }: { seq: number; event?: EventObject }) =>
        event?.type === 'pour' ? [{ id: 't', state: `S${seq}`, isEnd: seq === 7 }] : [],
    })
    expect(app.info().features).toEqual(['why', 'branch', 'cluster'])
    expect((await app.rows({ from: 4, count: 1 }))[0]).toMatchObject({
      label: 'the unknown',
      isFailure: true,
    })
    expect(await app.cluster({ seq: 1 })).toEqual({ counts: { litres: 5 } })
    expect(await app.moment({ seq: 1 })).toMatchObject({ stages: [{ text: '5 l' }] })
    expect(await app.moment({ seq: 7 })).not.toHaveProperty('stages')
    expect(await app.tasks({ offset: 0, count: 10 })).toEqual({
      total: 1,
      tasks: [
        {
          id: 't',
          name: 't',
          spans: [
            { state: 'S1', from: 1000, to: 7000 },
            { state: 'S7', from: 7000, to: 7000 },
          ],
        },
      ],
    })
    const { lanes, arrows } = await app.lanes({ from: 1, to: 2 })
    expect(lanes.map(({ id }) => id)).toEqual(['user', 'bell', 'tank'])
    expect(arrows.map(({ from, to, kind, part }) => [from, to, kind, part])).toEqual([
      ['user', 'tank', 'event', undefined],
      ['tank', 'tank', 'timer', 0],
      ['tank', 'bell', 'effect', 0],
      ['tank', 'user', 'fact', 0],
      ['user', 'tank', 'event', undefined],
    ])
    app.close()
  })

  it('does without a lens that throws', async () => {
    const fail = () => {
      throw new Error('no')
    }
    const app = open({ labelOf: fail, isFailure: fail, taskChanges: fail })
    expect((await app.rows({ from: 3, count: 1 }))[0]).toMatchObject({ isFailure: true })
    expect(await app.tasks({ offset: 0, count: 1 })).toEqual({ total: 0, tasks: [] })
    app.close()
  })
})
