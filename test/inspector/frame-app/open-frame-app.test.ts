import { createInspector } from '@statelyai/inspect'
import { describe, expect, it } from 'vitest'
import { assign, createActor, sendTo, setup } from 'xstate'
import { Charts } from '../../../src/inspector/chart/charts.ts'
import { layOutHere } from '../../../src/inspector/chart/elk.ts'
import { openFrameApp } from '../../../src/inspector/frame-app/open-frame-app.ts'
import type { FrameApp } from '../../../src/inspector/frame-app/open-frame-app.ts'
import type { FrameStoreLimits } from '../../../src/inspector/frame-app/frame-store.ts'

const light = setup({ guards: { isWorking: () => true } }).createMachine({
  id: 'light',
  initial: 'green',
  states: {
    green: { on: { next: [{ guard: 'isWorking', target: 'red' }, { target: 'off' }] } },
    red: { initial: 'blink', states: { blink: {} }, on: { next: 'green', stay: {} } },
    off: {},
  },
})

const crossing = setup({ actors: { light } }).createMachine({
  id: 'crossing',
  context: { count: 0 },
  invoke: { id: 'light', src: 'light' },
  on: {
    press: {
      actions: [
        assign({ count: ({ context }) => context['count'] + 1 }),
        sendTo('light', { type: 'next' }),
      ],
    },
    failed: {},
  },
})

function openApp(limits: FrameStoreLimits = {}): FrameApp {
  return openFrameApp({ id: 'p1', charts: new Charts(), limits, now: () => 5000 })
}

/** An app that has taken all frames of a running machine. */
async function watch(events: readonly string[]): Promise<FrameApp> {
  const app = openApp()
  let taken = 0
  const send = (frame: object) => {
    app.take(JSON.stringify(frame))
    taken += 1
  }
  const actor = createActor(crossing, { inspect: createInspector({ send }).inspect }).start()
  for (const type of events) actor.send({ type } as never)
  let last = -1
  while (last !== taken) {
    last = taken
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return app
}

async function seqOf(app: FrameApp, type: string, index = 0): Promise<number> {
  const { seqs } = await app.find({ filter: { type } })
  return seqs[index] ?? -1
}

describe('an app of frames', () => {
  it('is named after its first actor, and lists its actors with states', async () => {
    const app = await watch(['press'])
    expect(app.info()).toMatchObject({ name: 'crossing', origin: 'frames', firstSeq: 0 })
    const { actors } = await app.moment({ seq: app.info().lastSeq })
    expect(actors).toMatchObject([
      { id: 'crossing', state: '', states: ['crossing'], status: 'active' },
      {
        id: 'light',
        parent: 'crossing',
        state: 'red.blink',
        states: ['light', 'light.red', 'light.red.blink'],
      },
    ])
    const drawn = await app.chart({ chart: actors[1]?.chart ?? '' })
    expect(drawn.boxes.map(({ title }) => title)).toContain('blink')
  })

  it('infers which transition was taken from the states before and after', async () => {
    const app = await watch(['press'])
    const step = await app.step({ seq: await seqOf(app, 'next') })
    expect(step).toMatchObject({
      type: 'next',
      actor: 'light',
      source: 'crossing',
      isPartial: true,
    })
    expect(step.changes).toMatchObject([{ actor: 'light', from: 'green', to: 'red.blink' }])
    const [microstep] = step.microsteps
    expect(microstep).toMatchObject({ entered: ['light.red', 'light.red.blink'] })
    expect(microstep?.considered.map(({ verdict, guard }) => [verdict, guard?.name])).toEqual([
      ['taken', 'isWorking'],
      ['not reached', undefined],
    ])
  })

  it('tells how the context changed, and what followed', async () => {
    const app = await watch(['press', 'press'])
    const seq = await seqOf(app, 'press', 1)
    const { changes, sent } = await app.step({ seq })
    expect(changes).toMatchObject([
      { changes: [{ path: ['count'], before: { text: '1' }, after: { text: '2' } }], count: 1 },
    ])
    expect(sent).toMatchObject([{ from: 'crossing', to: 'light', type: 'next' }])
    const value = await app.context({ seq, actor: 'crossing', path: ['count'] })
    expect(value).toEqual({ kind: 'number', text: '2' })
  })

  it('has one event in each of as many parts as there are events', async () => {
    const app = await watch(Array.from({ length: 60 }, () => 'press'))
    const buckets = await app.buckets({ count: 450, by: 'seq' })
    expect(buckets).toHaveLength(app.info().lastSeq + 1)
    expect(new Set(buckets.map(({ count }) => count))).toEqual(new Set([1]))
  })

  it('answers questions about many events', async () => {
    const app = await watch(['press', 'failed', 'press'])
    const { lastSeq, now } = app.info()
    const rows = await app.rows({ from: 0, count: 500 })
    expect(rows).toHaveLength(lastSeq + 1)
    const failed = await seqOf(app, 'failed')
    expect(rows[failed]).toMatchObject({ isFailure: true, actor: 'crossing', changed: [] })
    expect(await app.next({ seq: 0, direction: 1, kind: 'failure' })).toEqual({ seq: failed })
    expect(await app.next({ seq: 0, direction: 1, kind: 'restart' })).toEqual({ seq: null })
    const found = await app.find({ filter: { text: 'PRESS', actor: 'crossing' } })
    expect(found.seqs).toHaveLength(2)
    const buckets = await app.buckets({ count: 3, by: 'time' })
    expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(lastSeq + 1)
    expect(await app.at({ now })).toEqual({ seq: lastSeq })
    const { lanes, arrows } = await app.lanes({ from: 0, to: lastSeq })
    expect(lanes.map(({ id }) => id)).toEqual(['outside', 'crossing', 'light'])
    const press = arrows.find(({ label }) => label === 'press')
    expect(press).toMatchObject({ from: 'outside', to: 'crossing', kind: 'event' })
    const next = arrows.find(({ label }) => label === 'next')
    expect(next).toMatchObject({ from: 'crossing', to: 'light', kind: 'sent' })
  })

  it('refuses what frames do not tell', async () => {
    const app = await watch([])
    expect(() => app.branch({ seq: 0, event: { type: 'x' } })).toThrow('does not answer')
    expect(() => app.moment({ seq: 999 })).toThrow('is not known')
  })
})

const start = { type: '@xstate.actor', name: 'a', sessionId: 'x:0', snapshot: { value: 'on' } }
const go = { type: '@xstate.event', sessionId: 'x:0', event: { type: 'go' } }
const state = { type: '@xstate.snapshot', sessionId: 'x:0', event: { type: 'go' } }

function takeAll(app: FrameApp, frames: readonly object[]): void {
  for (const frame of frames) app.take(JSON.stringify(frame))
}

it('tells the members of a context from any of them on', async () => {
  const app = openApp()
  const list = Array.from({ length: 250 }, (_, index) => index)
  takeAll(app, [{ ...start, snapshot: { value: 'on', context: { list } } }])
  const value = await app.context({ seq: 0, actor: 'a', path: ['list'], skip: 248 })
  expect('items' in value && value.items.map(([key]) => key)).toEqual(['248', '249'])
})

it('draws a machine again that was dropped for those of other programs', async () => {
  const charts = new Charts(layOutHere)
  const app = openFrameApp({ id: 'p1', charts })
  const definition = JSON.stringify({ id: 'm', initial: 'on', states: { on: {} } })
  takeAll(app, [{ ...start, definition }])
  const chartOf = async () => (await app.moment({ seq: 0 })).actors[0]?.chart ?? ''
  const first = await chartOf()
  for (let id = 0; id < 1000; id += 1) charts.addDefinition(JSON.stringify({ id: `m${id}` }))
  expect(charts.machineOf(first)).toBeUndefined()
  expect(await app.chart({ chart: await chartOf() })).toMatchObject({ id: first, name: 'm' })
})

describe('our richer frames', () => {
  it('tell guards and actions; what is odd in them is left out', async () => {
    const app = openApp()
    const guard = { name: 'isOpen', result: false, reads: [{ path: 'context.open', value: 7 }] }
    const refused = {
      transition: 'a.on#go#0',
      state: 'a.on',
      on: 'go',
      verdict: 'guard false',
      guard,
    }
    const considered = [refused, { verdict: 'odd' }, 7]
    const actions = [{ type: 'log', params: { kind: 'string', text: '<b>' } }, null]
    const microstep = { type: 'go', from: 'on', to: 'on', considered, actions, entered: [{}] }
    const told = { ...go, type: '@jarcast.microstep', _jarcast: 1, microstep }
    takeAll(app, [start, go, told, { ...state, snapshot: { value: 'on' } }])
    const step = await app.step({ seq: 1 })
    expect(step.isPartial).toBeUndefined()
    expect(step.microsteps).toEqual([
      {
        actor: 'a',
        type: 'go',
        from: 'on',
        to: 'on',
        entered: [''],
        exited: [],
        considered: [
          {
            ...refused,
            targets: [],
            guard: {
              ...guard,
              reads: [{ path: 'context.open', value: { kind: 'undefined', text: 'undefined' } }],
            },
          },
        ],
        actions: [actions[0]],
      },
    ])
    const [row] = await app.rowsOf({ seqs: [1] })
    expect(row?.effects).toEqual(['log'])
  })
})

describe('hostile frames', () => {
  it('of 5,000 actors of one machine are all listed, with one chart', async () => {
    const app = openApp()
    const definition = JSON.stringify({ id: 'm', initial: 'on', states: { on: {} } })
    const actors = Array.from({ length: 5000 }, (_, index) => {
      return { ...start, definition, name: 'same', sessionId: `x:${index}`, parentId: 'x:0' }
    })
    takeAll(app, actors)
    const moment = await app.moment({ seq: app.info().lastSeq })
    expect(new Set(moment.actors.map(({ id }) => id)).size).toBe(5000)
    expect(new Set(moment.actors.map(({ chart }) => chart)).size).toBe(1)
  })

  it('that lie about parents make no circle', async () => {
    const app = openApp()
    takeAll(app, [
      { ...start, sessionId: 'x:1', name: 'one', parentId: 'x:2' },
      { ...start, sessionId: 'x:2', name: 'two', parentId: 'x:1' },
      { ...start, sessionId: 'x:3', name: 'self', parentId: 'x:3' },
    ])
    const { actors } = await app.moment({ seq: 2 })
    expect(actors.map(({ parent }) => parent)).toEqual([undefined, 'one', undefined])
  })

  it.each([
    ['a payload of 10 MB', { ...go, event: { type: 'go', text: 'x'.repeat(10e6) } }],
    ['a million states', { ...state, snapshot: { value: regions(1e6), context: {} } }],
    ['HTML as names', { ...go, event: { type: '<img src=x onerror=alert(1)>' } }],
    ['odd members', { ...state, snapshot: { tags: [{}, 1], status: {}, children: 7 } }],
    ['a name of the prototype', { ...state, snapshot: { value: { __proto__x: '__proto__' } } }],
  ])('with %s are shown, and cut', (_, frame) => {
    const app = openApp()
    const definition = JSON.stringify({ id: '__proto__', initial: 'on', states: { on: {} } })
    takeAll(app, [{ ...start, definition }, frame])
    const { lastSeq } = app.info()
    const answers = [
      app.rows({ from: 0, count: 500 }),
      app.moment({ seq: lastSeq }),
      app.step({ seq: lastSeq }),
      app.lanes({ from: 0, to: 500 }),
      app.context({ seq: lastSeq, actor: '__proto__', path: ['__proto__'] }),
    ]
    expect(JSON.stringify(answers).length).toBeLessThan(20_000)
  })

  it('nested without end neither overflow nor stop the others', async () => {
    const app = openApp()
    app.take(JSON.stringify(start))
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`
    const frame = JSON.stringify({ ...go, event: { type: 'go', deep: 0 } })
    app.take(frame.replace('"deep":0', `"deep":${deep}`))
    app.take(JSON.stringify({ ...state, snapshot: { value: 0, context: 0 } }).replace('0', deep))
    const { lastSeq } = app.info()
    expect((await app.step({ seq: lastSeq })).type).toBe('go')
    expect((await app.moment({ seq: lastSeq })).actors).toHaveLength(1)
    expect((await app.find({ filter: { text: 'go' } })).seqs).not.toHaveLength(0)
  })

  it('of an actor whose start was not seen start it', async () => {
    const app = openApp()
    takeAll(app, [{ ...state, sessionId: 'x:9', snapshot: { value: 'on' } }])
    const { actors } = await app.moment({ seq: app.info().lastSeq })
    expect(actors).toMatchObject([{ id: 'x:9', state: 'on' }])
  })
})

function regions(count: number): object {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`r${index}`, 'on']))
}
