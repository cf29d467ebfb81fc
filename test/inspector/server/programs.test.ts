import { once } from 'node:events'
import { createWebSocketInspector, createWebSocketReceiver } from '@statelyai/inspect'
import type { StatelyInspectionEvent } from '@statelyai/inspect'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { createActor, setup } from 'xstate'
import { Charts } from '../../../src/inspector/chart/charts.ts'
import { startInspectorServer } from '../../../src/inspector/server/inspector-server.ts'
import type { InspectorServer } from '../../../src/inspector/server/inspector-server.ts'

const closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

const light = setup({}).createMachine({
  id: 'light',
  initial: 'green',
  states: { green: { on: { next: 'red' } }, red: { on: { next: 'green' } } },
})

async function start(): Promise<InspectorServer & { readonly wsUrl: string }> {
  const server = await startInspectorServer({ charts: new Charts() })
  closing.push(() => server.close())
  return { ...server, wsUrl: server.url.replace('http', 'ws') }
}

/** A light of a program that uses the standard package. */
function runProgram(url: string) {
  const inspector = createWebSocketInspector({ url })
  closing.push(() => inspector.stop())
  const actor = createActor(light, { inspect: inspector.inspect }).start()
  return { next: () => actor.send({ type: 'next' }), stop: () => inspector.stop() }
}

async function connect(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url)
  closing.push(() => socket.terminate())
  await once(socket, 'open')
  return socket
}

/** The first message of a server that speaks first. */
async function firstMessage(url: string): Promise<unknown> {
  const socket = new WebSocket(url)
  closing.push(() => socket.terminate())
  const [data] = (await once(socket, 'message')) as [Buffer]
  return JSON.parse(data.toString())
}

const frame = {
  type: '@xstate.actor',
  name: 'a',
  sessionId: 'x:0',
  snapshot: { value: 'on', context: {} },
}

describe('a program that uses the standard inspector', () => {
  it('is an app, from its first actor on until after its end', async () => {
    const { apps, url, wsUrl } = await start()
    expect(apps.infos()).toEqual([])
    const program = runProgram(wsUrl)
    await expect.poll(() => apps.infos()).toMatchObject([{ name: 'light', isOver: false }])
    program.next()
    const id = apps.infos()[0]?.id ?? ''
    await expect
      .poll(async () => {
        const seq = apps.get(id)?.info().lastSeq ?? 0
        return (await apps.get(id)?.moment({ seq }))?.actors
      })
      .toMatchObject([{ id: 'light', state: 'red', states: ['light', 'light.red'] }])
    program.stop()
    await expect.poll(() => apps.infos()).toMatchObject([{ id, isOver: true }])
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
  })

  it('is kept a while after its end, as one of the last', async () => {
    const { apps, wsUrl } = await start()
    for (let count = 0; count < 20; count += 1) {
      const socket = await connect(wsUrl)
      socket.send(JSON.stringify({ ...frame, name: `run ${count}` }))
      socket.close()
      await once(socket, 'close')
    }
    await expect.poll(() => apps.infos().map(({ isOver }) => isOver)).toEqual(Array(16).fill(true))
    expect(apps.infos()[0]).toMatchObject({ name: 'run 4' })
  })

  it('is not listed unless it sends frames', async () => {
    const { apps, wsUrl } = await start()
    const socket = await connect(wsUrl)
    socket.send('hello')
    socket.send(JSON.stringify(frame))
    await expect.poll(() => apps.infos()).toHaveLength(1)
    expect(apps.infos()[0]?.notes).toEqual(['1 messages were no frames that this inspector reads.'])
    const silent = await connect(wsUrl)
    silent.send('hello')
    silent.close()
    await once(silent, 'close')
    expect(apps.infos()).toHaveLength(1)
  })
})

describe('a receiver of the standard protocol', () => {
  it('gets the actors that run, then their frames, of all programs apart', async () => {
    const { apps, wsUrl } = await start()
    const programs = [runProgram(wsUrl), runProgram(wsUrl)]
    await expect.poll(() => apps.infos()).toHaveLength(2)
    const frames: StatelyInspectionEvent[] = []
    createWebSocketReceiver({ server: `${wsUrl}receive` }).subscribe((each) => frames.push(each))
    await expect.poll(() => frames.map(({ type }) => type)).toHaveLength(2)
    for (const { next } of programs) next()
    const states = () => frames.filter(({ type }) => type === '@xstate.snapshot')
    await expect.poll(states).toHaveLength(2)
    const sessions = new Set(frames.map(({ sessionId }) => sessionId))
    expect(sessions.size).toBe(2)
    expect(states()).toMatchObject([{ snapshot: { value: 'red' } }, { snapshot: { value: 'red' } }])
  })

  it('gets the frames of one program alone, if it asks so', async () => {
    const { apps, wsUrl } = await start()
    for (const name of ['one', 'two'])
      (await connect(wsUrl)).send(JSON.stringify({ ...frame, name }))
    await expect.poll(() => apps.infos()).toHaveLength(2)
    const { id = '' } = apps.infos().find(({ name }) => name === 'two') ?? {}
    expect(await firstMessage(`${wsUrl}receive?app=${id}`)).toMatchObject({
      name: 'two',
      sessionId: `${id}/x:0`,
    })
  })
})

describe('a hostile program', () => {
  it('that sends too large a message is cut off', async () => {
    const { wsUrl } = await start()
    const socket = await connect(wsUrl)
    socket.send('x'.repeat(17 * 1024 * 1024))
    const [code] = (await once(socket, 'close')) as [number]
    expect(code).toBe(1009)
  })

  it('that floods with frames leaves time for the others', async () => {
    const { apps, wsUrl } = await start()
    const socket = await connect(wsUrl)
    socket.send(JSON.stringify(frame))
    const answered = new AbortController()
    onTestFinished(() => answered.abort())
    let sent = 0
    const flooding = (async () => {
      while (!answered.signal.aborted) {
        for (; socket.bufferedAmount < 1_000_000; sent += 1)
          socket.send(
            JSON.stringify({ ...frame, type: '@xstate.event', event: { type: 'go', sent } }),
          )
        await new Promise(setImmediate)
      }
    })()
    await expect.poll(() => apps.infos()[0]?.lastSeq).toBeGreaterThan(0)
    const [hello, status] = await Promise.all([
      firstMessage(`${wsUrl}inspector/socket`),
      fetch(wsUrl.replace('ws', 'http')).then(({ status }) => status),
    ])
    answered.abort()
    await flooding
    expect(hello).toMatchObject({ push: 'hello' })
    expect(status).toBeGreaterThanOrEqual(200)
    await expect.poll(() => apps.infos()[0]?.lastSeq, { timeout: 60_000 }).toBe(sent)
  })

  it('that opens a thousand sockets leaves room for a page', async () => {
    const { wsUrl } = await start()
    const sockets = Array.from({ length: 1000 }, () => new WebSocket(wsUrl))
    closing.push(() => {
      for (const socket of sockets) socket.terminate()
    })
    let [open, refused] = [0, 0]
    for (const socket of sockets) {
      socket.on('open', () => (open += 1)).on('error', () => (refused += 1))
    }
    await expect.poll(() => open + refused, { timeout: 20_000 }).toBe(1000)
    expect(open).toBe(32)
    expect(await firstMessage(`${wsUrl}inspector/socket`)).toMatchObject({ push: 'hello' })
  })
})
