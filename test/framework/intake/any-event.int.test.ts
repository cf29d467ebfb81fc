import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verifyJournal } from '../../../src/cli/journal/verify-journal.ts'
import { createFramework } from '../../../src/framework/framework.ts'
import type { Framework } from '../../../src/framework/framework.ts'
import { readJournal } from '../../../src/journal/files/read-journal.ts'
import { schedulerCodec } from '../../../src/mesos/codec.ts'
import type { MediaType } from '../../../src/mesos/codec.ts'
import { encodeRecord } from '../../../src/mesos/recordio.ts'
import { planOf } from '../../../src/mesos/encoding/schema.ts'
import type { SchedulerEvent, TaskState, TaskStatus } from '../../../src/mesos/types.generated.ts'
import { messageOf } from '../../support/mesos/any-message.ts'
import { offer, status } from '../../support/mesos/mesos-data.ts'

const work = { kind: 'shell', command: 'true' } as const
const mb = 1024 * 1024
const closers: (() => Promise<void> | void)[] = []
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-any-event-'))
  closers.push(() => rm(folder, { recursive: true }))
})
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

/** A master that says what it is told to, and knows which updates were acknowledged. */
async function startMaster(mediaType: MediaType) {
  const codec = schedulerCodec(mediaType)
  const waiting = new Map<string, () => void>()
  const declined = new Map<string, () => void>()
  let stream: ServerResponse | undefined
  let count = 0
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const call = codec.decodeCall(Buffer.concat(chunks))
      if (call.type !== 'SUBSCRIBE') {
        response.writeHead(202).end()
        if (call.type === 'ACKNOWLEDGE') waiting.get(call.acknowledge.uuid)?.()
        if (call.type === 'DECLINE')
          for (const { value } of call.decline.offerIds ?? []) declined.get(value)?.()
        return
      }
      stream = response
      response.writeHead(200, { 'Content-Type': mediaType, 'Mesos-Stream-Id': 's' })
      send({ type: 'SUBSCRIBED', subscribed: { frameworkId: { value: 'f1' } } })
    })
  })
  const sendBytes = (bytes: Uint8Array) => void stream?.write(bytes)
  const send = (event: SchedulerEvent) => sendBytes(encodeRecord(codec.encodeEvent(event)))
  server.keepAliveTimeout = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    send,
    sendBytes,
    /** Resolves once these offers were declined. */
    async declined(...ids: readonly string[]): Promise<void> {
      const each = ids.map((id) => new Promise<void>((resolve) => declined.set(id, resolve)))
      await Promise.all(each)
    },
    /** Sends an update, and resolves once it is acknowledged. */
    async update(taskId: string, state: TaskState, more: Partial<TaskStatus> = {}): Promise<void> {
      const uuid = Buffer.alloc(16, count++).toString('base64').replace(/^.{6}/, hex(count))
      const acknowledged = new Promise<void>((resolve) => waiting.set(uuid, resolve))
      const about = { agentId: { value: 'a1' }, executorId: { value: 'e' }, uuid, ...more }
      send({ type: 'UPDATE', update: { status: status(taskId, state, about) } })
      await acknowledged
    },
  }
}

function hex(count: number): string {
  return count.toString(16).padStart(6, '0')
}

type Master = Awaited<ReturnType<typeof startMaster>>

/** A framework with a journal, and a launched task `a`. Rejects if the framework fails. */
async function startFramework({ url, send }: Master, codec: 'json' | 'protobuf' = 'protobuf') {
  const journal = join(folder, 'journal')
  const framework = createFramework({ master: url, journal, codec, offerHoldMs: 100 })
  closers.push(() => framework.stop({ detach: true }))
  const failed = new Promise<never>((_, reject) =>
    framework.once('framework.failed', ({ error }) => reject(error)),
  )
  failed.catch(() => undefined)
  const launched = new Promise((resolve) => framework.once('task.launched', resolve))
  await framework.start()
  const result = framework.run({ id: 'a', work })
  result.catch(() => undefined)
  send({ type: 'OFFERS', offers: { offers: [offer('o1')] } })
  await Promise.race([launched, failed])
  return { framework, journal, failed, result }
}

/** Every type of event but those that end a subscription, or that a stream has once. */
const anyEvent = messageOf(planOf('mesos.v1.scheduler.Event')).filter(
  ({ type }) => type !== 'SUBSCRIBED' && type !== 'ERROR',
) as unknown as fc.Arbitrary<SchedulerEvent>

async function leave(framework: Framework, journal: string): Promise<void> {
  await framework.stop({ detach: true })
  expect(verifyJournal(journal).checks).toBeGreaterThan(0)
}

describe('a framework with a journal', () => {
  it.each(['json', 'protobuf'] as const)(
    'continues after any event in %s, and a replay gives the same state',
    async (codec) => {
      const master = await startMaster(
        codec === 'json' ? 'application/json' : 'application/x-protobuf',
      )
      const { framework, journal, failed } = await startFramework(master, codec)
      const events = fc.sample(anyEvent, { numRuns: 400, seed: 11 })
      for (const [index, event] of events.entries()) {
        master.send(event)
        if (index % 20 !== 19) continue
        const state = index % 40 === 19 ? 'TASK_RUNNING' : 'TASK_STARTING'
        await Promise.race([master.update('a', state), failed])
      }
      await leave(framework, journal)
    },
    60_000,
  )

  const text = 'x'.repeat(13 * mb)
  const data = Buffer.alloc(13 * mb, 7).toString('base64')
  const from = { agentId: { value: 'a1' }, executorId: { value: 'e' } }
  const labels = Array.from({ length: 100_000 }, (_, index) => ({
    key: `k${index}`,
    value: text.slice(0, 200),
  }))
  it.each<[string, SchedulerEvent]>([
    ['a message', { type: 'MESSAGE', message: { ...from, data } }],
    [
      'data',
      { type: 'UPDATE', update: { status: status('a', 'TASK_RUNNING', { ...from, data }) } },
    ],
    [
      'a text',
      { type: 'UPDATE', update: { status: status('a', 'TASK_STARTING', { message: text }) } },
    ],
    [
      'a text of control characters',
      {
        type: 'UPDATE',
        update: { status: status('a', 'TASK_RUNNING', { message: '\0'.repeat(5 * mb) }) },
      },
    ],
    [
      'labels',
      { type: 'UPDATE', update: { status: status('a', 'TASK_STARTING', { labels: { labels } }) } },
    ],
    [
      'a container id',
      {
        type: 'UPDATE',
        update: {
          status: status('a', 'TASK_RUNNING', {
            containerStatus: { containerId: { value: text } },
          }),
        },
      },
    ],
    ['an unknown task', { type: 'UPDATE', update: { status: status(text, 'TASK_RUNNING') } }],
    [
      'an unknown task whose id no line can hold',
      { type: 'UPDATE', update: { status: status('\0'.repeat(5 * mb), 'TASK_LOST') } },
    ],
    ['an offer id', { type: 'RESCIND', rescind: { offerId: { value: text } } }],
    [
      'ids of a failure',
      { type: 'FAILURE', failure: { agentId: { value: text }, executorId: { value: text } } },
    ],
    [
      'an attribute',
      { type: 'OFFERS', offers: { offers: [offer('o', { attributes: { rack: text } })] } },
    ],
    [
      '10,000 offers',
      {
        type: 'OFFERS',
        offers: {
          offers: Array.from({ length: 10_000 }, (_, index) =>
            offer(`p${index}`, { attributes: { rack: text.slice(0, 2000) } }),
          ),
        },
      },
    ],
    [
      'an amount that is no number',
      { type: 'OFFERS', offers: { offers: [offer('q', { cpus: Number.NaN, memMb: Infinity })] } },
    ],
    [
      'an operation',
      {
        type: 'UPDATE_OPERATION_STATUS',
        updateOperationStatus: { status: { state: 'OPERATION_FAILED', message: text } },
      },
    ],
  ])('goes on after %s of any size', async (_, event) => {
    const master = await startMaster('application/x-protobuf')
    const { framework, journal, failed } = await startFramework(master)
    master.send(event)
    await Promise.race([master.update('a', 'TASK_KILLING'), failed])
    await leave(framework, journal)
    let longest = 0
    for (const record of readJournal(journal).records)
      longest = Math.max(longest, JSON.stringify(record).length)
    expect(longest).toBeLessThan(15 * mb)
  })

  it('skips records that are no event, or too large', async () => {
    const master = await startMaster('application/x-protobuf')
    const { framework, journal, failed } = await startFramework(master)
    const refused: string[] = []
    framework.on('mesos.refused', ({ message }) => refused.push(message))
    master.sendBytes(encodeRecord(Buffer.from([1, 2, 3])))
    master.sendBytes(encodeRecord(Buffer.alloc(65 * mb)))
    await Promise.race([master.update('a', 'TASK_RUNNING'), failed])
    expect(refused).toEqual([
      expect.stringContaining('MESSAGE_INVALID'),
      expect.stringContaining('FRAME_TOO_LARGE'),
    ])
    await leave(framework, journal)
  })

  it.each(['json', 'protobuf'] as const)(
    'declines offers that it cannot read in %s, so that others can use them',
    async (codec) => {
      const mediaType = codec === 'json' ? 'application/json' : 'application/x-protobuf'
      const master = await startMaster(mediaType)
      const { framework, journal, failed } = await startFramework(master, codec)
      const offers = { offers: [offer('x1'), offer('x2')] }
      const bytes = Buffer.from(schedulerCodec(mediaType).encodeEvent({ type: 'OFFERS', offers }))
      const broken =
        codec === 'json'
          ? bytes.toString().replace('"hostname":"a1.example"', '"hostname":7')
          : bytes.toString('latin1').replace('\u000Aa1.example', '\u007Fa1.example')
      master.sendBytes(encodeRecord(Buffer.from(broken, codec === 'json' ? 'utf8' : 'latin1')))
      await Promise.race([master.declined('x1', 'x2'), failed])
      await leave(framework, journal)
    },
  )

  it.each(['what is this\n', '-1\n', '\n', '1\n\0\0\0'])(
    'subscribes again where the stream is no RecordIO: %j',
    async (bytes) => {
      const master = await startMaster('application/x-protobuf')
      const { framework, journal, failed } = await startFramework(master)
      const again = new Promise((resolve) => framework.once('framework.registered', resolve))
      master.sendBytes(Buffer.from(bytes))
      await Promise.race([again, failed])
      await Promise.race([master.update('a', 'TASK_RUNNING'), failed])
      await leave(framework, journal)
    },
  )

  it('gives a listener the whole of what its journal has a part of', async () => {
    const master = await startMaster('application/x-protobuf')
    const { framework, journal, failed } = await startFramework(master)
    const heard: unknown[] = []
    framework.on('executor.message', (message) => heard.push(message.data))
    framework.on('task.updated', (update) => heard.push(update.status?.message))
    master.send({ type: 'MESSAGE', message: { ...from, data } })
    await Promise.race([master.update('a', 'TASK_RUNNING', { message: text }), failed])
    expect(heard).toEqual([data, text])
    await framework.stop({ detach: true })
    expect(JSON.stringify([...readJournal(journal).records]).length).toBeLessThan(mb)
  })

  it('reports a result that is too large for an entry after a restart, too', async () => {
    const master = await startMaster('application/x-protobuf')
    const first = await startFramework(master)
    const report = { version: 1, result: 'r'.repeat(13 * mb) }
    const data = Buffer.from(JSON.stringify(report)).toString('base64')
    await master.update('a', 'TASK_FINISHED', { data })
    expect(await first.result).toBe(report.result)
    await leave(first.framework, first.journal)
    const again = createFramework({ master: master.url, journal: first.journal })
    closers.push(() => again.stop({ detach: true }))
    expect(await again.run({ id: 'a', work })).toBe(report.result)
  })

  it('reports after a restart that a result could not be kept', async () => {
    const master = await startMaster('application/x-protobuf')
    const first = await startFramework(master)
    // No folder can be made there.
    await writeFile(join(first.journal, 'payloads'), '')
    const report = { version: 1, result: 'r'.repeat(mb) }
    const data = Buffer.from(JSON.stringify(report)).toString('base64')
    await master.update('a', 'TASK_FINISHED', { data })
    expect(await first.result).toBe(report.result)
    await leave(first.framework, first.journal)
    await rm(join(first.journal, 'payloads'))
    const again = createFramework({ master: master.url, journal: first.journal })
    closers.push(() => again.stop({ detach: true }))
    await expect(again.run({ id: 'a', work })).rejects.toMatchObject({
      code: 'JOURNAL_CORRUPT',
      message: expect.stringContaining('payloads/'),
    })
  })

  it('refuses a task that is too large for an entry, and continues', async () => {
    const master = await startMaster('application/x-protobuf')
    const { framework, journal, failed } = await startFramework(master)
    const huge = { kind: 'shell', command: text } as const
    await expect(framework.run({ id: 'huge', work: huge })).rejects.toMatchObject({
      code: 'TASK_INVALID',
      message: expect.stringContaining('ship large data as a library') as string,
    })
    expect(() => framework.sendMessage({ agentId: 'a1', executorId: 'e' }, text)).toThrow(
      /message to/,
    )
    await Promise.race([master.update('a', 'TASK_RUNNING'), failed])
    await leave(framework, journal)
  })
})
