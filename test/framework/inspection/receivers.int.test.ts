/** Our machines, watched by the receiver of `@statelyai/inspect` itself. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createWebSocketReceiver } from '@statelyai/inspect'
import type { StatelyInspectionEvent } from '@statelyai/inspect'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { createFramework } from '../../../src/framework/framework.ts'
import type { Framework } from '../../../src/framework/framework.ts'
import type { FrameworkOptions } from '../../../src/framework/options/options.ts'
import { inspectFramework } from '../../../src/framework/inspect-framework.ts'
import { createInspector } from '../../../src/inspector/program/create-inspector.ts'
import { startLocalCluster } from '../../../src/local/cluster.ts'
import { startHarness } from '../../executor/support/harness.ts'
import { startLibraryServer } from '../../executor/support/library-server.ts'

const closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

function receive(url: string) {
  const frames: StatelyInspectionEvent[] = []
  const server = `${url.replace('http', 'ws')}receive`
  createWebSocketReceiver({ server }).subscribe((frame) => frames.push(frame))
  const sessionsOf = (name: string) =>
    frames.flatMap((frame) =>
      frame.type === '@xstate.actor' && frame.name === name ? frame.sessionId : [],
    )
  return {
    frames,
    names: () => frames.flatMap((frame) => (frame.type === '@xstate.actor' ? frame.name : [])),
    /** What an actor got, and the states that it took. */
    eventsOf: (name: string) =>
      frames.flatMap((frame) =>
        frame.type === '@xstate.event' && sessionsOf(name).includes(frame.sessionId)
          ? frame.event.type
          : [],
      ),
    statesOf: (name: string) =>
      frames.flatMap((frame) =>
        frame.type === '@xstate.snapshot' && sessionsOf(name).includes(frame.sessionId)
          ? JSON.stringify((frame.snapshot as { readonly value?: unknown }).value)
          : [],
      ),
  }
}

/** A framework with a library, on a cluster of its own. */
async function create(options: Partial<FrameworkOptions> = {}): Promise<Framework> {
  const folder = await mkdtemp(join(tmpdir(), 'jarcast-receivers-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'words.txt'), 'words')
  const cluster = await startLocalCluster({ open: true, agents: 1, allocationIntervalMs: 50 })
  closing.push(() => cluster.close())
  const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`
  const framework = createFramework({
    master: cluster.url,
    libraries: [join(folder, 'words.txt')],
    executor: { node: process.execPath, environment: { PATH: path } },
    ...options,
  })
  closing.push(() => framework.stop())
  return framework
}

const task = { work: { kind: 'shell', command: 'true' } } as const

async function expectScheduler(received: ReturnType<typeof receive>): Promise<void> {
  const { names, eventsOf, statesOf } = received
  await expect.poll(() => eventsOf('scheduler'), { timeout: 20_000 }).toContain('mesos.update')
  expect(names()).toEqual(
    expect.arrayContaining(['scheduler', 'connection', 'delivery', 'offers', 'tasks']),
  )
  await expect.poll(() => statesOf('delivery').at(-1)).toBe('"serving"')
  expect(eventsOf('offers')).toContain('mesos.offers')
  expect(statesOf('scheduler')).toContain('{"active":"running"}')
}

describe('a standard receiver', () => {
  it('follows a framework that was given the inspector: scheduler, jar server, tasks', async () => {
    const inspector = createInspector()
    closing.push(() => inspector.close())
    const { url } = await inspector.ready
    const framework = await create({ inspect: inspector.inspect })
    const received = receive(url)
    await framework.run(task)
    // Frames that would slow the program are lost, and the next task is another chance.
    const isTold = () => received.eventsOf('scheduler').includes('mesos.update')
    for (let left = 20; left > 0 && !isTold(); left -= 1) await framework.run(task)
    await expectScheduler(received)
  })

  it('follows a framework with a page, and its end', async () => {
    const framework = await create()
    const inspector = await inspectFramework(framework)
    closing.push(() => inspector.close())
    const received = receive(inspector.url)
    await framework.run(task)
    await expectScheduler(received)
    await framework.stop()
    await expect.poll(() => received.statesOf('scheduler').at(-1)).toBe('"stopped"')
  })

  it('follows an executor that was given the inspector, and its downloader', async () => {
    const inspector = createInspector()
    closing.push(() => inspector.close())
    const { url } = await inspector.ready
    const received = receive(url)
    const server = await startLibraryServer()
    closing.push(() => server.close())
    const { agent, close } = await startHarness({ inspect: inspector.inspect })
    closing.push(close)
    const bytes = Buffer.from('words')
    const librarySet = server.addSet({ name: 'words.txt', kind: 'file', bytes })
    agent.launch('t', { kind: 'shell', command: 'true' }, { librarySet })
    await agent.last('t')
    const downloader = () => received.names().find((name) => name.startsWith('downloader'))
    await expect.poll(downloader).toBeDefined()
    await expect.poll(() => received.statesOf(downloader() ?? '').length).toBeGreaterThan(0)
    expect(received.names()).toContain('executor')
  })
})
