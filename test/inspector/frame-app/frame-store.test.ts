import { createInspector } from '@statelyai/inspect'
import { describe, expect, it } from 'vitest'
import { assign, createActor, sendTo, setup } from 'xstate'
import { FrameStore } from '../../../src/inspector/frame-app/frame-store.ts'
import type { FrameStoreLimits } from '../../../src/inspector/frame-app/frame-store.ts'
import { readFrame } from '../../../src/inspector/frame-app/read-frame.ts'

const light = setup({}).createMachine({
  id: 'light',
  initial: 'green',
  states: { green: { on: { next: 'red' } }, red: { on: { next: 'green' } } },
})

const crossing = setup({ actors: { light } }).createMachine({
  id: 'crossing',
  context: { count: 0 },
  invoke: { id: 'light', src: 'light' },
  on: {
    press: { actions: [assign({ count: ({ context }) => context['count'] + 1 }), forward()] },
  },
})

function forward() {
  return sendTo('light', { type: 'next' })
}

/** A store that is fed by the standard inspector of a running machine. */
async function watch(limits: FrameStoreLimits, presses: number) {
  const store = new FrameStore(limits)
  const sent: string[] = []
  const inspector = createInspector({ send: (frame) => void sent.push(JSON.stringify(frame)) })
  const actor = createActor(crossing, { inspect: inspector.inspect }).start()
  for (let count = 0; count < presses; count += 1) {
    actor.send({ type: 'press' })
    // The inspector keeps 200 frames until it is idle.
    if (count % 20 === 19) await new Promise((resolve) => setTimeout(resolve, 0))
  }
  await expect.poll(() => sent.length).toBeGreaterThanOrEqual(presses * 4)
  for (const text of sent) {
    const frame = readFrame(text)
    if (!('ignored' in frame)) store.add(frame, text.length, 0)
  }
  const ids = new Map([...store.actors.values()].map(({ id, name }) => [name, id]))
  return { store, idOf: (name: string) => ids.get(name) ?? '' }
}

function stepsOf(store: FrameStore) {
  const steps = []
  for (let seq = store.firstSeq; seq <= store.lastSeq; seq += 1) steps.push(store.step(seq))
  return steps.filter((step) => step !== undefined)
}

describe('frames of the standard inspector', () => {
  it('give every event of every actor as a step, with the state that followed', async () => {
    const { store, idOf } = await watch({}, 3)
    const root = [...store.actors.values()].find(({ parent }) => parent === undefined)
    const presses = stepsOf(store).filter(({ event }) => event.type === 'press')
    expect(presses).toHaveLength(3)
    expect(presses.every(({ isSettled, actor }) => isSettled && actor === root?.id)).toBe(true)
    const counts = presses.map(({ seq, actor }) => store.snapshotAt(actor, seq)?.context)
    expect(counts).toEqual([{ count: 1 }, { count: 2 }, { count: 3 }])
    const nexts = stepsOf(store).filter(({ event }) => event.type === 'next')
    const states = nexts.map(({ seq }) => store.snapshotAt(idOf('light'), seq)?.value)
    expect(states).toEqual(['red', 'green', 'red'])
    expect(nexts.every(({ source }) => source === root?.id)).toBe(true)
  })

  it('know no state of an actor before its start', async () => {
    const { store, idOf } = await watch({}, 1)
    const { bornAt } = store.actors.get(idOf('light')) ?? { bornAt: 0 }
    expect(store.snapshotAt(idOf('light'), bornAt - 1)).toBeUndefined()
    expect(store.snapshotAt(idOf('light'), bornAt)).toHaveProperty('status', 'active')
  })

  it('are dropped from the oldest on where they are too many; the states then are kept', async () => {
    const { store, idOf } = await watch({ maxChars: 40_000 }, 100)
    expect(store.firstSeq).toBeGreaterThan(0)
    expect(store.step(store.firstSeq - 1)).toBeUndefined()
    expect(store.step(store.firstSeq)?.seq).toBe(store.firstSeq)
    expect(store.snapshotAt(idOf('light'), store.firstSeq)?.value).toMatch(/green|red/)
    const chars = stepsOf(store).reduce((sum, { size }) => sum + size, 0)
    expect(chars).toBeLessThanOrEqual(40_000)
  })

  it('are counted no longer once they are dropped, though more of them comes later', () => {
    const store = new FrameStore({ maxChars: 1000 })
    const add = (type: '@xstate.event' | '@jarcast.microstep', name: string) => {
      const frame = readFrame(JSON.stringify({ type, sessionId: 'x:0', event: { type: name } }))
      if (!('ignored' in frame)) store.add(frame, 100, 0)
    }
    add('@xstate.event', 'early')
    for (let count = 0; count < 30; count += 1) add('@xstate.event', 'late')
    expect(store.step(1)).toBeUndefined()
    for (let count = 0; count < 30; count += 1) add('@jarcast.microstep', 'early')
    const chars = stepsOf(store).reduce((sum, { size }) => sum + size, 0)
    expect(chars).toBeGreaterThan(500)
  })

  it('of actors beyond the limit are counted and dropped', async () => {
    const { store } = await watch({ maxActors: 1 }, 2)
    expect(store.actors.size).toBe(1)
    expect(store.dropped).toBeGreaterThan(0)
  })
})

describe('a frame', () => {
  const frame = { type: '@xstate.event', sessionId: 'x:1', event: { type: 'go' }, createdAt: '5' }

  it.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['no actor', JSON.stringify({ ...frame, sessionId: {} })],
    ['an unknown type', JSON.stringify({ ...frame, type: '@xstate.other' })],
    ['a later version', JSON.stringify({ ...frame, _jarcast: 99 })],
    ['a version that is no number', JSON.stringify({ ...frame, _jarcast: {} })],
  ])('is ignored with %s', (_, text) => {
    expect(readFrame(text)).toHaveProperty('ignored')
  })

  it('keeps only what has the right type', () => {
    const odd = { ...frame, sourceId: [], seq: -1, now: 'soon', event: 7, rootId: 5 }
    expect(readFrame(JSON.stringify(odd))).toEqual({
      type: '@xstate.event',
      _version: '',
      createdAt: '5',
      id: null,
      rootId: '5',
      sessionId: 'x:1',
      event: { type: 'unknown' },
    })
  })
})
