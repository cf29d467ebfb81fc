/** A framework watched while it runs: on the local cluster, over the page's own WebSocket. */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createFramework } from '../../../src/framework/framework.ts'
import type { Framework } from '../../../src/framework/framework.ts'
import type { FrameworkOptions } from '../../../src/framework/options/options.ts'
import { inspectFramework } from '../../../src/framework/inspect-framework.ts'
import { makeWatchable } from '../../../src/framework/inspection/watchable.ts'
import type { AppInfo, QuestionName, Questions } from '../../../src/inspector/protocol/questions.ts'
import { startLocalCluster } from '../../../src/local/cluster.ts'
import type { LocalCluster } from '../../../src/local/cluster.ts'

const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`
const closing: (() => unknown)[] = []
let cluster: LocalCluster

beforeAll(async () => {
  cluster = await startLocalCluster({ open: true, agents: 1, allocationIntervalMs: 50 })
})

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

afterAll(() => cluster.close())

function create(options: Partial<FrameworkOptions> = {}): Framework {
  const framework = createFramework({
    master: cluster.url,
    name: 'watched',
    ...options,
    executor: { node: process.execPath, environment: { PATH: path } },
  })
  closing.push(() => framework.stop())
  return framework
}

interface Page {
  readonly apps: () => readonly AppInfo[]
  ask<Name extends QuestionName>(
    name: Name,
    params: Questions[Name]['params'],
  ): Promise<Questions[Name]['answer']>
}

/** A page that asks the first app. */
async function openPage(url: string): Promise<Page> {
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
    ask: (ask, params) =>
      new Promise((resolve, reject) => {
        nextId += 1
        const id = nextId
        waiting.set(id, ({ answer, error }) => {
          if (error === undefined) resolve(answer as never)
          else reject(Object.assign(new Error('refused'), error))
        })
        socket.send(JSON.stringify({ id, app: apps[0]?.id, ask, params }))
      }),
  }
}

describe('inspectFramework', () => {
  it('shows a run from its start: entries, tasks, files, and what is allowed', async () => {
    const framework = create()
    const { url, close } = await inspectFramework(framework)
    closing.push(close)
    const page = await openPage(url)
    const command = 'echo hello; echo alas >&2; exec sleep 1000'
    const run = framework.run({ id: 'talk', work: { kind: 'shell', command } })
    run.catch(() => undefined)
    await expect
      .poll(() => page.apps(), { timeout: 20_000 })
      .toMatchObject([{ name: 'watched', origin: 'live', firstSeq: 0 }])
    expect(page.apps()[0]?.features).toEqual(expect.arrayContaining(['cluster', 'sandbox']))
    expect(page.apps()[0]?.features).not.toContain('control')
    const seq = () => page.apps()[0]?.lastSeq ?? 0
    await expect
      .poll(async () => (await page.ask('cluster', { seq: seq() })).tasks, { timeout: 20_000 })
      .toMatchObject([{ id: 'talk', state: 'running' }])
    const rows = await page.ask('rows', { from: 0, count: 5 })
    expect(rows[0]).toMatchObject({ seq: 0, type: 'start' })
    const read = async (file: 'stdout' | 'stderr', offset: number) =>
      await page.ask('sandbox', { taskId: 'talk', file, offset })
    await expect.poll(() => read('stdout', 0)).toMatchObject({ text: 'hello\n', isOver: false })
    expect(await read('stderr', -5)).toMatchObject({ text: 'alas\n', offset: 0 })
    expect(await read('stdout', 3)).toMatchObject({ text: 'lo\n', offset: 3, size: 6 })
    const kill = page.ask('control', { command: { kind: 'kill', taskId: 'talk' } })
    await expect(kill).rejects.toMatchObject({ code: 'NOT_PERMITTED' })
    const missing = page.ask('sandbox', { taskId: 'other', file: 'stdout', offset: 0 })
    await expect(missing).rejects.toMatchObject({ code: 'AGENT_UNREACHABLE' })
  })

  it('shows a run with a journal from its start, however late the page is opened', async () => {
    const journal = await mkdtemp(join(tmpdir(), 'jarcast-watched-'))
    closing.push(() => rm(journal, { recursive: true }))
    const framework = create({ journal })
    await framework.run({ id: 'early', work: { kind: 'shell', command: 'echo early' } })
    const { url, close } = await inspectFramework(framework, { control: true })
    closing.push(close)
    const page = await openPage(url)
    await expect.poll(() => page.apps()).toMatchObject([{ firstSeq: 0, notes: [] }])
    const [info] = page.apps()
    expect(info?.features).toEqual(expect.arrayContaining(['cluster', 'sandbox', 'control']))
    const { seqs } = await page.ask('find', { filter: { type: 'mesos.subscribed' } })
    expect(seqs).toHaveLength(1)
    const [subscribed = 0] = seqs
    const { actors } = await page.ask('moment', { seq: subscribed })
    expect(actors[0]).toMatchObject({ id: 'scheduler' })
    const read = page.ask('sandbox', { taskId: 'early', file: 'stdout', offset: 0 })
    expect(await read).toMatchObject({ text: 'early\n' })
    // The run goes on.
    await framework.run({ id: 'late', work: { kind: 'shell', command: 'true' } })
    await expect
      .poll(async () => (await page.ask('tasks', { offset: 0, count: 9 })).tasks)
      .toMatchObject([{ id: 'early' }, { id: 'late' }])
  })

  it('kills a task and asks for offers for a page with control', async () => {
    const framework = create()
    const { url, close } = await inspectFramework(framework, { control: true })
    closing.push(close)
    const page = await openPage(url)
    const run = framework.run({ id: 'long', work: { kind: 'shell', command: 'sleep 1000' } })
    const ended = expect(run).rejects.toMatchObject({
      message: expect.stringContaining('TASK_KILLED') as string,
    })
    await expect.poll(() => page.apps()[0]?.features, { timeout: 20_000 }).toContain('control')
    await page.ask('control', { command: { kind: 'revive' } })
    const count = 200
    const rows = () => page.ask('rows', { from: 0, count })
    await expect
      .poll(async () => (await rows()).map(({ type }) => type), { timeout: 20_000 })
      .toContain('offers.revive')
    await page.ask('control', { command: { kind: 'kill', taskId: 'long' } })
    await ended
  })

  it('ignores a run that begins after its close', async () => {
    const framework = create()
    const listeners = new Set<unknown>()
    makeWatchable(framework, {
      name: 'watched',
      credentials: undefined,
      tls: undefined,
      onRun(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    })
    const { close } = await inspectFramework(framework)
    expect(listeners.size).toBe(1)
    await close()
    expect(listeners.size).toBe(0)
  })

  it('takes no other object for a framework', async () => {
    const starting = inspectFramework({} as Framework)
    await expect(starting).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })
})
