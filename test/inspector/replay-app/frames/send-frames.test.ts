/** Runs for receivers of the standard protocol: those of `@statelyai/inspect` itself. */
import { createWebSocketReceiver } from '@statelyai/inspect'
import type { StatelyInspectionEvent } from '@statelyai/inspect'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { setup } from 'xstate'
import { createInspector } from '../../../../src/inspector/program/create-inspector.ts'
import type { Frame } from '../../../../src/inspector/protocol/frames.ts'
import { openReplayApp } from '../../../../src/inspector/replay-app/open-replay-app.ts'
import { startInspectorServer } from '../../../../src/inspector/server/inspector-server.ts'
import { stateLine } from '../../../../src/inspector/state-line.ts'
import { createRuntime } from '../../../../src/journal/runtime/runtime.ts'
import { appOf, entriesOf, goldenJournals } from '../../support/golden.ts'

const closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

function receive(url: string, query = ''): StatelyInspectionEvent[] {
  const frames: StatelyInspectionEvent[] = []
  const server = `${url.replace('http', 'ws')}receive${query}`
  createWebSocketReceiver({ server }).subscribe((frame) => frames.push(frame))
  return frames
}

/** The last state of each actor, by its session. */
function statesIn(frames: readonly StatelyInspectionEvent[]): Readonly<Record<string, string>> {
  const states: Record<string, string> = {}
  for (const frame of frames) {
    if (!('snapshot' in frame)) continue
    const { status, value } = frame.snapshot as { status: string; value: unknown }
    states[frame.sessionId] = status === 'active' ? stateLine(value) : status
  }
  return states
}

function typesIn(frames: readonly StatelyInspectionEvent[], session: string): readonly string[] {
  return frames.flatMap((frame) =>
    frame.type === '@xstate.event' && frame.sessionId === session ? frame.event.type : [],
  )
}

describe.each(goldenJournals())('a receiver of $name', (journal) => {
  it('gets its actors, all events and states in order, and those of its end', async () => {
    const server = await startInspectorServer()
    closing.push(() => server.close())
    const app = appOf(journal)
    closing.push(() => app.close())
    const frames = receive(server.url)
    server.apps.add(app)
    const last = journal.entries.length
    const { actors } = await app.moment({ seq: last })
    const root = `run/${journal.machine.id}`
    const isActive = actors[0]?.status === 'active'
    const events = journal.entries.flatMap(({ event }) => event?.type ?? [])
    await expect
      .poll(() => typesIn(frames, root).filter((type) => events.includes(type)).length)
      .toBeGreaterThanOrEqual(isActive ? events.length : 1)
    const known = actors.filter(({ status }) => status === 'active')
    await expect
      .poll(() => Object.values(statesIn(frames)))
      .toEqual(expect.arrayContaining(known.map(({ state }) => state)))
    const tree = frames.flatMap((frame) => (frame.type === '@xstate.actor' ? frame : []))
    expect(tree[0]).toMatchObject({ name: journal.machine.id, sessionId: root, rootId: root })
    expect(JSON.parse(tree[0]?.definition ?? '')).toMatchObject({ id: journal.machine.id })
    const told = new Set(tree.map(({ sessionId }) => sessionId))
    for (const { sessionId } of frames) expect(told).toContain(sessionId)
    for (const { parentId = root } of tree) expect(told).toContain(parentId)
  })
})

const light = setup({}).createMachine({
  id: 'light',
  initial: 'green',
  states: { green: { on: { next: 'red' } }, red: { on: { next: 'green' } } },
})

async function watchLight() {
  const inspector = createInspector()
  closing.push(() => inspector.close())
  const runtime = createRuntime(light, { input: undefined })
  inspector.watch(runtime, { machine: light })
  runtime.start()
  closing.push(() => runtime.stop())
  const next = (count = 1) => {
    for (let index = 0; index < count; index += 1) runtime.dispatch({ type: 'next' })
  }
  return { next, runtime, url: (await inspector.ready).url }
}

describe('a receiver of a live run', () => {
  it('gets the actors that there are, then each event and state', async () => {
    const { url, next } = await watchLight()
    next()
    const frames = receive(url)
    await expect.poll(() => frames).toHaveLength(1)
    expect(frames[0]).toMatchObject({ type: '@xstate.actor', snapshot: { value: 'red' } })
    next()
    await expect.poll(() => frames).toHaveLength(3)
    expect(frames.slice(1)).toMatchObject([
      { type: '@xstate.event', event: { type: 'next' } },
      { type: '@xstate.snapshot', snapshot: { value: 'green' } },
    ])
  })

  it('is told how much it lost of a fast run, and then its state', async () => {
    const { url, next } = await watchLight()
    const frames = receive(url)
    await expect.poll(() => frames).toHaveLength(1)
    next(5001)
    await expect.poll(() => Object.values(statesIn(frames))).toEqual(['red'])
    const lost = frames.flatMap((frame) => ('lost' in frame ? (frame.lost as number) : []))
    expect(lost).toEqual([5001])
  })
})

describe('sendFrames', () => {
  it('makes no states for a receiver that reads nothing, until it reads again', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const runtime = createRuntime(light, { input: undefined })
    const app = openReplayApp({
      id: 'run',
      name: 'run',
      machine: light,
      input: undefined,
      startedAt: 0,
      entries: runtime,
      chartOf: () => {
        throw new Error('not drawn here')
      },
    })
    closing.push(() => app.close())
    runtime.start()
    const taken: Frame[] = []
    let hasRoom = true
    closing.push(app.frames({ hasRoom: () => hasRoom, take: (frame) => taken.push(frame) }))
    await vi.advanceTimersByTimeAsync(1000)
    expect(taken).toHaveLength(1)
    hasRoom = false
    for (let count = 0; count < 5001; count += 1) runtime.dispatch({ type: 'next' })
    await vi.advanceTimersByTimeAsync(1000)
    expect(taken).toHaveLength(1)
    hasRoom = true
    await vi.advanceTimersByTimeAsync(1000)
    const state = { type: '@xstate.snapshot', lost: 5001, snapshot: { value: 'red' } }
    expect(taken.slice(1)).toMatchObject([state])
  })

  it('leaves the process time for other work while a journal is sent', async () => {
    const entries = entriesOf(...Array.from({ length: 200 }, () => ({ type: 'next' })))
    const app = appOf({ machine: light, input: undefined, startedAt: 0, entries })
    closing.push(() => app.close())
    // Each frame takes a millisecond, each turn of the process twenty.
    let ms = 0
    let turn = 0
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => ms)
    const turning = setInterval(() => {
      turn += 1
      ms += 20
    }, 1)
    onTestFinished(() => {
      clearInterval(turning)
      clock.mockRestore()
    })
    const turns: number[] = []
    const take = () => {
      ms += 1
      turns.push(turn)
    }
    closing.push(app.frames({ hasRoom: () => true, take }))
    await expect.poll(() => turns.length).toBe(401)
    expect(new Set(turns).size).toBeGreaterThan(5)
  })
})
