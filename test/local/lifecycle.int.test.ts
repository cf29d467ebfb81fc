import { readFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../src/local/cluster.ts'
import type { LocalCluster } from '../../src/local/cluster.ts'
import { schedulerCodec } from '../../src/mesos/codec.ts'
import type { MediaType } from '../../src/mesos/codec.ts'
import { createRecordDecoder } from '../../src/mesos/recordio.ts'
import type { Offer, SchedulerCall, SchedulerEvent } from '../../src/mesos/types.generated.ts'
import { connectScheduler, isType, subscribe } from './support/client.ts'
import type { Scheduler } from './support/client.ts'

interface RecordedCall {
  readonly call: Readonly<Record<string, unknown>>
  readonly answer?: { readonly status: number; readonly body: string }
}

async function readFixture(name: string): Promise<Buffer> {
  return readFile(new URL(`../fixtures/mesos/${name}`, import.meta.url))
}

async function readEvents(name: string, mediaType: MediaType): Promise<SchedulerEvent[]> {
  const codec = schedulerCodec(mediaType)
  const records = createRecordDecoder().push(await readFixture(`${name}.recordio`))
  return records.map((record) => codec.decodeEvent(record))
}

/** The recorded calls, decoded. */
async function readCalls(
  name: string,
): Promise<{ call: SchedulerCall; answer: RecordedCall['answer'] }[]> {
  const text = (await readFixture(`${name}.calls.json`)).toString()
  const { calls } = JSON.parse(text) as { calls: readonly RecordedCall[] }
  const codec = schedulerCodec('application/json')
  return calls.map(({ answer, call }) => ({
    call: codec.decodeCall(Buffer.from(JSON.stringify(call))),
    answer,
  }))
}

/** Replaces ids, times, ports and pids, so that two runs can be compared. */
function normalise(value: unknown): unknown {
  const text = JSON.stringify(value, (key, part: unknown) => {
    if (key === 'timestamp' || key === 'executorPid' || key === 'port') return 0
    return key === 'uuid' ? 'uuid' : part
  })
  return JSON.parse(
    text
      .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gu, 'ID')
      .replaceAll(/ID-\d+/gu, 'ID-FRAMEWORK')
      .replaceAll(/ID-O\d+/gu, 'ID-OFFER')
      .replaceAll(/127\.0\.0\.1:\d+/gu, 'ADDRESS'),
  )
}

/** The events about one task, or of type FAILURE or ERROR, in order. */
function story(events: readonly SchedulerEvent[]): Record<string, unknown[]> {
  const chapters: Record<string, unknown[]> = {}
  for (const event of events) {
    const chapter = event.type === 'UPDATE' ? event.update.status.taskId.value : event.type
    if (['OFFERS', 'HEARTBEAT', 'SUBSCRIBED'].includes(chapter)) continue
    chapters[chapter] = [...(chapters[chapter] ?? []), normalise(withoutRace(event))]
  }
  return chapters
}

/** Whether a task of a group has its process at TASK_STARTING is a race in Mesos too. */
function withoutRace(event: SchedulerEvent): SchedulerEvent {
  if (event.type !== 'UPDATE') return event
  const { status } = event.update
  const { containerStatus } = status
  const isNested = containerStatus?.containerId?.parent !== undefined
  if (!isNested || status.state !== 'TASK_STARTING') return event
  const { networkInfos: _infos, executorPid: _pid, ...rest } = containerStatus
  return { type: 'UPDATE', update: { status: { ...status, containerStatus: rest } } }
}

function greeting(events: readonly SchedulerEvent[]): unknown {
  return normalise(events.find(isType('SUBSCRIBED')))
}

let cluster: LocalCluster

beforeEach(async () => {
  cluster = await startLocalCluster({
    open: true,
    allocationIntervalMs: 3_600_000,
    hostnames: ['127.0.0.1'],
    agentResources: { cpus: 1.8, memMb: 4064 },
    attributes: { rack: 'r1', os: 'debian' },
  })
})

afterEach(() => cluster.close())

/** Makes the recorded calls with this run's ids, each after the event that it answers. */
async function replay(scheduler: Scheduler, name: string): Promise<void> {
  const offers = new Map<string, Offer>()
  const agentId = { value: cluster.agents[0]?.id ?? '' }
  for (const { answer, call } of (await readCalls(name)).slice(1)) {
    if (answer?.status !== 202) continue
    await scheduler.call(await translate(call))
  }

  async function translate(call: SchedulerCall): Promise<SchedulerCall> {
    const mapped = JSON.parse(
      JSON.stringify(call)
        // A filter would last as long as the allocation interval, which is endless here.
        .replaceAll(/"refuseSeconds":[\d.]+/gu, '"refuseSeconds":0')
        .replaceAll(/"[^"]*-S0"/gu, JSON.stringify(agentId.value))
        .replaceAll(/"[0-9a-f-]{36}-\d{4}"/gu, JSON.stringify(scheduler.frameworkId)),
    ) as SchedulerCall
    if (mapped.type === 'ACKNOWLEDGE') return acknowledge(mapped)
    if (mapped.type === 'ACCEPT') {
      return {
        ...mapped,
        accept: { ...mapped.accept, offerIds: await offerIds(mapped.accept.offerIds) },
      }
    }
    return mapped.type === 'DECLINE'
      ? {
          ...mapped,
          decline: { ...mapped.decline, offerIds: await offerIds(mapped.decline.offerIds) },
        }
      : mapped
  }

  async function offerIds(recorded: readonly { readonly value: string }[] = []) {
    const [{ value } = { value: '' }] = recorded
    const offer = offers.get(value) ?? (await takeAllocated())
    offers.set(value, offer)
    return [offer.id]
  }

  /** Allocates when the recording uses an offer, not at intervals. */
  async function takeAllocated(): Promise<Offer> {
    await cluster.control.allocate()
    return scheduler.takeOffer()
  }

  async function acknowledge(call: Extract<SchedulerCall, { type: 'ACKNOWLEDGE' }>) {
    const { taskId } = call.acknowledge
    const event = await scheduler.waitFor(
      (each): each is Extract<SchedulerEvent, { type: 'UPDATE' }> =>
        each.type === 'UPDATE' &&
        each.update.status.taskId.value === taskId.value &&
        each.update.status.uuid !== undefined &&
        !acknowledged.has(each.update.status.uuid),
    )
    const { uuid = '' } = event.update.status
    acknowledged.add(uuid)
    return { ...call, acknowledge: { agentId, taskId, uuid } }
  }
}

const acknowledged = new Set<string>()

describe.each(['json', 'protobuf'])('recorded session in %s', (name) => {
  const mediaType: MediaType = name === 'json' ? 'application/json' : 'application/x-protobuf'

  it('gets the same events from this cluster', async () => {
    const recorded = await readEvents(`lifecycle/${name}`, mediaType)
    const scheduler = await connectScheduler(cluster.url, undefined, mediaType)
    await replay(scheduler, `lifecycle/${name}`)
    await scheduler.waitFor(isType('FAILURE'))
    const again = await connectScheduler(
      cluster.url,
      { ...recordedFramework, id: { value: scheduler.frameworkId } },
      mediaType,
    )
    await scheduler.ended
    expect(story(scheduler.events)).toEqual(story(recorded))
    expect(greeting(scheduler.events)).toEqual(greeting(recorded))
    expect(normalise(scheduler.events.find(isType('OFFERS')))).toEqual(
      normalise(recorded.find(isType('OFFERS'))),
    )
    const late = await scheduler.call({ type: 'REVIVE' })
    expect(late.status).toBe(400)
    expect(late.body).toContain("didn't match the stream ID currently associated")
    await endAsRecorded(again, name, mediaType)
  })

  it('refuses a bad role with one ERROR', async () => {
    const recorded = await readEvents(`invalid-role/${name}`, mediaType)
    const { events } = await subscribeRaw({ ...recordedFramework, roles: ['/bad role'] }, mediaType)
    expect(events).toEqual(recorded)
  })
})

const recordedFramework = {
  user: 'root',
  name: 'capture',
  failoverTimeout: 60,
  checkpoint: true,
  roles: ['*'],
  capabilities: [
    { type: 'MULTI_ROLE' as const },
    { type: 'PARTITION_AWARE' as const },
    { type: 'RESERVATION_REFINEMENT' as const },
  ],
}

/** The stream ends at TEARDOWN, without ERROR; its id is refused afterwards. */
async function endAsRecorded(again: Scheduler, name: string, mediaType: MediaType): Promise<void> {
  await again.takeOffer()
  await again.call({ type: 'TEARDOWN' })
  await again.ended
  const types = again.events.map(({ type }) => type)
  const recorded = await readEvents(`failover/${name}`, mediaType)
  expect(types).toEqual(recorded.map(({ type }) => type))
  const removed = await subscribeRaw(
    { ...recordedFramework, id: { value: again.frameworkId } },
    mediaType,
  )
  expect(removed.events).toEqual(await readEvents(`removed/${name}`, mediaType))
}

async function subscribeRaw(
  frameworkInfo: typeof recordedFramework & { readonly id?: { readonly value: string } },
  mediaType: MediaType,
) {
  const ids = frameworkInfo.id === undefined ? {} : { frameworkId: frameworkInfo.id }
  const stream = await subscribe(`${cluster.url}/api/v1/scheduler`, schedulerCodec(mediaType), {
    type: 'SUBSCRIBE',
    ...ids,
    subscribe: { frameworkInfo },
  })
  await stream.ended
  expect(stream.status).toBe(200)
  return stream
}
