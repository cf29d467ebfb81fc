import { once } from 'node:events'
import { createWebSocketReceiver } from '@statelyai/inspect'
import type { StatelyInspectionEvent } from '@statelyai/inspect'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { assign, createActor, setup } from 'xstate'
import { Charts } from '../../../src/inspector/chart/charts.ts'
import { createInspector } from '../../../src/inspector/program/create-inspector.ts'
import type { InspectorOptions } from '../../../src/inspector/program/create-inspector.ts'
import type { AppInfo, QuestionName, Questions } from '../../../src/inspector/protocol/questions.ts'
import { startInspectorServer } from '../../../src/inspector/server/inspector-server.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'

const closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

const light = setup({
  types: { context: {} as { count: number }, events: {} as { type: 'next' | 'break' } },
  guards: { isWorking: ({ context }) => context.count < 2 },
  actions: { count: assign({ count: ({ context }) => context.count + 1 }) },
}).createMachine({
  id: 'light',
  initial: 'green',
  context: { count: 0 },
  states: {
    green: { on: { next: [{ guard: 'isWorking', target: 'red', actions: 'count' }, 'off'] } },
    red: { on: { next: 'green' } },
    off: {},
  },
})

function create(options?: InspectorOptions) {
  const inspector = createInspector(options)
  closing.push(() => inspector.close())
  return inspector
}

/** A page of the server at this address, which asks its first app. */
async function openPage(url: string) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}inspector/socket`)
  closing.push(() => socket.terminate())
  let apps: readonly AppInfo[] = []
  let nextId = 0
  const waiting = new Map<number, (message: { answer?: unknown; error?: object }) => void>()
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as {
      id: number
      apps?: readonly AppInfo[]
      answer?: unknown
      error?: object
    }
    if (message.apps !== undefined) ({ apps } = message)
    waiting.get(message.id)?.(message)
  })
  await once(socket, 'open')
  return {
    apps: () => apps,
    close: () => socket.close(),
    ask: async <Name extends QuestionName>(
      ask: Name,
      params: Questions[Name]['params'],
    ): Promise<Questions[Name]['answer']> =>
      await new Promise((resolve, reject) => {
        nextId += 1
        waiting.set(nextId, ({ answer, error }) => {
          if (error === undefined) resolve(answer as never)
          else reject(Object.assign(new Error('refused'), error))
        })
        socket.send(JSON.stringify({ id: nextId, app: apps[0]?.id, ask, params }))
      }),
  }
}

async function seqOf(page: Awaited<ReturnType<typeof openPage>>, type: string): Promise<number> {
  return (await page.ask('find', { filter: { type } })).seqs.at(-1) ?? -1
}

/** An inspector that counts how often the snapshot of an actor is read. */
function spyOn(inspect: ReturnType<typeof create>['inspect']) {
  let reads = 0
  const spying: typeof inspect = (event) => {
    const watched = new Proxy(event.actorRef, {
      get(target, key) {
        if (key === 'getSnapshot') reads += 1
        return Reflect.get(target, key) as unknown
      },
    })
    inspect({ ...event, actorRef: watched } as never)
  }
  return { inspect: spying, reads: () => reads }
}

describe('createInspector', () => {
  it('shows what actors do from the moment on that somebody watches', async () => {
    const { inspect, ready } = create()
    const actor = createActor(light, { inspect }).start()
    actor.send({ type: 'next' })
    const page = await openPage((await ready).url)
    await expect.poll(() => page.apps()).toMatchObject([{ name: 'light', lastSeq: 0 }])
    const { actors } = await page.ask('moment', { seq: 0 })
    expect(actors).toMatchObject([{ id: 'light', state: 'red', states: ['light', 'light.red'] }])
    for (let count = 0; count < 3; count += 1) actor.send({ type: 'next' })
    await expect.poll(() => page.apps()).toMatchObject([{ lastSeq: 3 }])
    expect(await page.ask('moment', { seq: 3 })).toMatchObject({ actors: [{ state: 'green' }] })
  })

  it('tells the verdicts of guards, with what they read', async () => {
    const { inspect, ready } = create({ record: true })
    await ready
    const actor = createActor(light, { inspect }).start()
    for (let count = 0; count < 5; count += 1) actor.send({ type: 'next' })
    const page = await openPage((await ready).url)
    await expect.poll(() => page.apps()).toMatchObject([{ lastSeq: 5 }])
    const step = await page.ask('step', { seq: 5 })
    expect(step.isPartial).toBeUndefined()
    expect(step.microsteps).toMatchObject([
      {
        actor: 'light',
        from: 'green',
        to: 'off',
        considered: [
          {
            verdict: 'guard false',
            guard: {
              name: 'isWorking',
              result: false,
              reads: [{ path: 'context.count', value: { text: '2' } }],
            },
          },
          { verdict: 'taken' },
        ],
      },
    ])
    const first = await page.ask('step', { seq: 1 })
    expect(first.microsteps[0]?.actions).toEqual([{ type: 'count' }])
  })

  it('makes no frame and reads no snapshot while nobody watches', async () => {
    const { inspect, ready } = create()
    await ready
    const spy = spyOn(inspect)
    const actor = createActor(light, { inspect: spy.inspect }).start()
    for (let count = 0; count < 100; count += 1) actor.send({ type: 'next' })
    expect(spy.reads()).toBe(0)
  })

  it.each(['before it is ready', 'while it records for a page'])(
    'makes no frame once it is closed, %s',
    async (when) => {
      const inspector = create({ record: true })
      if (when !== 'before it is ready') {
        const page = await openPage((await inspector.ready).url)
        const spy = spyOn(inspector.inspect)
        createActor(light, { inspect: spy.inspect }).start().send({ type: 'next' })
        expect(spy.reads()).toBeGreaterThan(0)
        await expect.poll(() => page.apps()).toHaveLength(1)
      }
      await inspector.close()
      // Its side of the page's WebSocket closes a little later.
      await new Promise((resolve) => setTimeout(resolve, 20))
      const spy = spyOn(inspector.inspect)
      createActor(light, { inspect: spy.inspect }).start().send({ type: 'next' })
      expect(spy.reads()).toBe(0)
    },
  )

  it('watches no run any more once it is closed', async () => {
    const inspector = create()
    let watching = 0
    const transition$ = {
      subscribe: () => {
        watching += 1
        return { unsubscribe: () => (watching -= 1) }
      },
    }
    inspector.watch({ transition$, moment: () => undefined } as never, { machine: light })
    expect(watching).toBe(1)
    await inspector.close()
    expect(watching).toBe(0)
  })

  it('shows odd values, and calls none of their code', async () => {
    const { inspect, ready } = create()
    const page = await openPage((await ready).url)
    let called = 0
    const circle: Record<string, unknown> = {
      big: 12n,
      f: () => 1,
      s: Symbol('s'),
      d: new Date(NaN),
    }
    circle['self'] = circle
    circle['map'] = new Map([[circle, new Set([1, undefined])]])
    Object.defineProperty(circle, 'trap', { get: () => (called += 1), enumerable: true })
    Object.defineProperty(circle, 'toJSON', { value: () => (called += 1) })
    circle['proxy'] = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('a trap')
        },
      },
    )
    const odd = setup({}).createMachine({ id: 'odd', context: { circle }, on: { go: {} } })
    const actor = createActor(odd, { inspect }).start()
    actor.send({ type: 'go', circle } as never)
    await expect.poll(() => page.apps()).toMatchObject([{ name: 'odd', lastSeq: 1 }])
    const value = await page.ask('context', { seq: 1, actor: 'odd', path: ['circle'] })
    const shown = Object.fromEntries('items' in value ? value.items : [])
    expect(shown).toMatchObject({ big: { text: '12n' }, self: { text: '[circle]' } })
    expect(called).toBe(0)
  })

  it.each(['here', 'elsewhere'])(
    'loses frames rather than slow a fast program, says so %s, and shows its last state',
    async (where) => {
      const server = await startInspectorServer({ charts: new Charts() })
      closing.push(() => server.close())
      const url = server.url.replace('http', 'ws')
      const { inspect, ready } = create(where === 'here' ? {} : { url })
      const page = await openPage((await ready).url)
      const counter = setup({
        types: { context: {} as { count: number }, events: {} as { type: 'add' } },
      }).createMachine({
        id: 'counter',
        context: { count: 0 },
        on: { add: { actions: assign({ count: ({ context }) => context.count + 1 }) } },
      })
      const actor = createActor(counter, { inspect }).start()
      actor.send({ type: 'add' })
      await expect.poll(() => page.apps()).toMatchObject([{ name: 'counter' }])
      for (let count = 1; count < 40_000; count += 1) actor.send({ type: 'add' })
      await expect.poll(() => page.apps()[0]?.lost, { timeout: 10_000 }).toBeGreaterThan(1000)
      const { lost = 0, notes } = page.apps()[0] ?? {}
      expect(notes?.join()).toContain(`${lost.toLocaleString('en-US')} frames were lost`)
      const seq = () => page.apps()[0]?.lastSeq ?? 0
      const path = ['count']
      await expect
        .poll(() => page.ask('context', { seq: seq(), actor: 'counter', path }), {
          timeout: 10_000,
        })
        .toMatchObject({ text: '40000' })
    },
  )

  it('shows a run of createRuntime with its whole history', async () => {
    const inspector = create()
    const runtime = createRuntime(light, { input: undefined })
    const end = inspector.watch(runtime, { machine: light, name: 'my run' })
    runtime.start()
    for (let count = 0; count < 5; count += 1) runtime.dispatch({ type: 'next' })
    const page = await openPage((await inspector.ready).url)
    await expect.poll(() => page.apps()).toMatchObject([{ name: 'my run', lastSeq: 5 }])
    expect(await page.ask('moment', { seq: 1 })).toMatchObject({ actors: [{ state: 'red' }] })
    expect(await page.ask('moment', { seq: 5 })).toMatchObject({ actors: [{ state: 'off' }] })
    end()
    await expect.poll(async () => (await openPage((await inspector.ready).url)).apps()).toEqual([])
  })

  it('sends its frames to an inspector in another process', async () => {
    const server = await startInspectorServer({ charts: new Charts() })
    closing.push(() => server.close())
    const { inspect } = create({ url: server.url.replace('http', 'ws') })
    const actor = createActor(light, { inspect }).start()
    const page = await openPage(server.url)
    await expect.poll(() => page.apps()).toMatchObject([{ name: 'light', origin: 'frames' }])
    actor.send({ type: 'next' })
    await expect.poll(() => seqOf(page, 'next')).toBeGreaterThan(0)
    const step = await page.ask('step', { seq: await seqOf(page, 'next') })
    expect(step.microsteps[0]?.considered[0]?.guard?.result).toBe(true)
  })

  it('is read by receivers of the standard protocol', async () => {
    const { inspect, ready } = create()
    const actor = createActor(light, { inspect }).start()
    const frames: StatelyInspectionEvent[] = []
    const server = `${(await ready).url.replace('http', 'ws')}receive`
    createWebSocketReceiver({ server }).subscribe((frame) => frames.push(frame))
    await expect.poll(() => frames).toMatchObject([{ type: '@xstate.actor', name: 'light' }])
    actor.send({ type: 'next' })
    await expect
      .poll(() => frames.slice(1))
      .toMatchObject([
        { type: '@xstate.event', event: { type: 'next' } },
        { type: '@xstate.snapshot', snapshot: { value: 'red', context: { count: 1 } } },
      ])
  })

  it.each(['http://127.0.0.1:1', 'http://me:secret@127.0.0.1:1', 'nothing'])(
    'refuses %s as an address of frames, and does not repeat it',
    (url) => {
      const create = () => createInspector({ url })
      expect(create).toThrow('ws://HOST:PORT')
      expect(create).not.toThrow(url)
    },
  )

  it('names the page of another process without path and token', async () => {
    const { ready } = create({ url: 'ws://program:secret@127.0.0.1:1/frames' })
    expect(await ready).toEqual({ url: 'http://127.0.0.1:1/' })
  })

  it('survives a page that cannot be served or reached', async () => {
    const first = create()
    const { port } = new URL((await first.ready).url)
    const second = create({ port: Number(port) })
    await expect(second.ready).rejects.toMatchObject({ code: 'INSPECTOR_FAILED' })
    const third = create({ url: 'ws://127.0.0.1:1' })
    for (const { inspect } of [second, third]) {
      const actor = createActor(light, { inspect }).start()
      actor.send({ type: 'next' })
      expect(actor.getSnapshot().value).toBe('red')
    }
  })
})
