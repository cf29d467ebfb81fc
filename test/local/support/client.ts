/** Raw HTTP clients for the local cluster; of src they use only codecs. */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import http from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { executorCodec, schedulerCodec } from '../../../src/mesos/codec.ts'
import type { Codec, MediaType } from '../../../src/mesos/codec.ts'
import { createRecordDecoder } from '../../../src/mesos/recordio.ts'
import type {
  ExecutorCall,
  ExecutorEvent,
  FrameworkInfo,
  Offer,
  OfferOperation,
  Resource,
  SchedulerCall,
  SchedulerEvent,
  TaskInfo,
  TaskStatus,
} from '../../../src/mesos/types.generated.ts'
import { until, within } from '../../support/until.ts'

export interface HttpAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface HttpRequest {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

export async function ask(url: string, request: HttpRequest = {}): Promise<HttpAnswer> {
  const response = await openStream(url, request)
  const chunks: Buffer[] = []
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: Buffer.concat(chunks).toString(),
  }
}

export async function openStream(url: string, { body, headers = {}, method = 'GET' }: HttpRequest) {
  const request = http.request(url, { method, headers, agent: false })
  request.end(body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return response
}

/** One SUBSCRIBE stream: keeps every event; tests can wait for one. */
export interface Stream<Event> {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly events: Event[]
  /** Waits for the next matching event, from index `from`. Rejects if the stream ends first. */
  waitFor<Match extends Event>(
    isMatch: (event: Event) => event is Match,
    from?: number,
  ): Promise<Match>
  readonly ended: Promise<void>
  destroy(): void
}

export async function subscribe<Call, Event>(
  url: string,
  codec: Codec<Call, Event>,
  call: Call,
  more: Readonly<Record<string, string>> = {},
): Promise<Stream<Event>> {
  const { mediaType } = codec
  const headers = { ...more, 'Content-Type': mediaType, Accept: mediaType }
  const body = codec.encodeCall(call)
  const response = await openStream(url, { method: 'POST', headers, body })
  const events: Event[] = []
  const watchers = new Set<() => void>()
  const decoder = createRecordDecoder()
  let isEnded = false
  response.on('data', (chunk: Buffer) => {
    for (const record of decoder.push(chunk)) events.push(codec.decodeEvent(record))
    for (const watch of watchers) watch()
  })
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      isEnded = true
      for (const watch of watchers) watch()
      resolve()
    }
    response.on('end', end)
    response.on('error', end)
    response.on('close', end)
  })
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    events,
    ended,
    waitFor<Match extends Event>(isMatch: (event: Event) => event is Match, from = 0) {
      const found = new Promise<Match>((resolve, reject) => {
        const watch = (): void => {
          const match = events.slice(from).find(isMatch)
          if (match === undefined && !isEnded) return
          watchers.delete(watch)
          if (match === undefined) reject(new Error(`ended: ${JSON.stringify(events)}`))
          else resolve(match)
        }
        watchers.add(watch)
        watch()
      })
      const seen = () => JSON.stringify(events.slice(-20))
      return within(() => `an event with ${String(isMatch)}; the last ones are ${seen()}`, found)
    },
    destroy: () => response.destroy(),
  }
}

export const testFramework: FrameworkInfo = {
  user: 'root',
  name: 'test',
  failoverTimeout: 60,
  checkpoint: true,
  roles: ['*'],
  capabilities: [
    { type: 'MULTI_ROLE' },
    { type: 'PARTITION_AWARE' },
    { type: 'RESERVATION_REFINEMENT' },
  ],
}

export type OfNarrow<Union, Type> = Extract<Union, { readonly type: Type }>
export type Update = OfNarrow<SchedulerEvent, 'UPDATE'>

export interface Scheduler extends Stream<SchedulerEvent> {
  readonly frameworkId: string
  readonly streamId: string
  call(call: SchedulerCall): Promise<HttpAnswer>
  /** Waits for an offer that this test has not used. */
  takeOffer(): Promise<Offer>
  accept(
    offer: Offer,
    operations: readonly OfferOperation[],
    refuseSeconds?: number,
  ): Promise<HttpAnswer>
  launch(offer: Offer, ...tasks: readonly TaskInfo[]): Promise<HttpAnswer>
  acknowledge(status: TaskStatus): Promise<void>
  /** Waits for a task's first update of a state; acknowledges all its updates until then. */
  follow(taskId: string, state: TaskStatus['state']): Promise<TaskStatus>
  /** As `follow`, without acknowledging. */
  waitForUpdate(taskId: string, state: TaskStatus['state']): Promise<TaskStatus>
}

export async function connectScheduler(
  masterUrl: string,
  frameworkInfo: FrameworkInfo = testFramework,
  mediaType: MediaType = 'application/json',
  headers: Readonly<Record<string, string>> = {},
): Promise<Scheduler> {
  const codec = schedulerCodec(mediaType)
  const url = `${masterUrl}/api/v1/scheduler`
  const ids = frameworkInfo.id === undefined ? {} : { frameworkId: frameworkInfo.id }
  const call: SchedulerCall = { type: 'SUBSCRIBE', ...ids, subscribe: { frameworkInfo } }
  const stream = await subscribe(url, codec, call, headers)
  const streamId = String(stream.headers['mesos-stream-id'])
  const { subscribed } = await stream.waitFor(isType('SUBSCRIBED'))
  const frameworkId = subscribed.frameworkId.value
  const taken = new Set<string>()
  const acknowledged = new Set<string>()

  const scheduler: Scheduler = {
    ...stream,
    frameworkId,
    streamId,
    call: (call) =>
      ask(url, {
        method: 'POST',
        headers: { ...headers, 'Content-Type': mediaType, 'Mesos-Stream-Id': streamId },
        body: codec.encodeCall({ ...call, frameworkId: { value: frameworkId } }),
      }),
    async takeOffer() {
      const isNew = ({ id }: Offer): boolean => !taken.has(id.value)
      const event = await stream.waitFor(
        (each): each is OfNarrow<SchedulerEvent, 'OFFERS'> =>
          each.type === 'OFFERS' && (each.offers.offers ?? []).some(isNew),
      )
      const offer = event.offers.offers?.find(isNew)
      if (offer === undefined) throw new Error('unreachable')
      taken.add(offer.id.value)
      return offer
    },
    accept: (offer, operations, refuseSeconds = 0) =>
      scheduler.call({
        type: 'ACCEPT',
        accept: { offerIds: [offer.id], operations, filters: { refuseSeconds } },
      }),
    launch: (offer, ...taskInfos) =>
      scheduler.accept(offer, [{ type: 'LAUNCH', launch: { taskInfos } }]),
    async acknowledge({ agentId = { value: '' }, taskId, uuid }) {
      if (uuid === undefined || acknowledged.has(uuid)) return
      acknowledged.add(uuid)
      await scheduler.call({ type: 'ACKNOWLEDGE', acknowledge: { agentId, taskId, uuid } })
    },
    async follow(taskId, state) {
      let seen = 0
      for (;;) {
        const event = await stream.waitFor(isUpdateOf(taskId), seen)
        seen = stream.events.indexOf(event) + 1
        await scheduler.acknowledge(event.update.status)
        if (event.update.status.state === state) return event.update.status
      }
    },
    async waitForUpdate(taskId, state) {
      const event = await stream.waitFor(
        (each): each is Update => isUpdateOf(taskId)(each) && each.update.status.state === state,
      )
      return event.update.status
    },
  }
  return scheduler
}

export function isType<Type extends SchedulerEvent['type']>(type: Type) {
  return (event: SchedulerEvent): event is OfNarrow<SchedulerEvent, Type> => event.type === type
}

function isUpdateOf(taskId: string) {
  return (event: SchedulerEvent): event is Update =>
    event.type === 'UPDATE' && event.update.status.taskId.value === taskId
}

export function scalar(name: string, value: number): Resource {
  return { name, type: 'SCALAR', scalar: { value } }
}

export const small: readonly Resource[] = [scalar('cpus', 0.1), scalar('mem', 32)]

/** A command task with little resources. */
export function commandTask(id: string, offer: Offer, command: string): TaskInfo {
  return {
    name: id,
    taskId: { value: id },
    agentId: offer.agentId,
    resources: small,
    command: { value: command },
  }
}

export interface Executor extends Stream<ExecutorEvent> {
  call(call: ExecutorCall): Promise<HttpAnswer>
}

/** Makes the calls of an executor whose process only sleeps. */
export async function connectExecutor(
  agentUrl: string,
  ids: Pick<ExecutorCall, 'executorId' | 'frameworkId'>,
  mediaType: MediaType = 'application/json',
): Promise<Executor> {
  const codec = executorCodec(mediaType)
  const url = `${agentUrl}/api/v1/executor`
  const stream = await subscribe(url, codec, { ...ids, type: 'SUBSCRIBE', subscribe: {} })
  return {
    ...stream,
    call: (call) =>
      ask(url, {
        method: 'POST',
        headers: { 'Content-Type': mediaType },
        body: codec.encodeCall(call),
      }),
  }
}

export function isEvent<Type extends ExecutorEvent['type']>(type: Type) {
  return (event: ExecutorEvent): event is OfNarrow<ExecutorEvent, Type> => event.type === type
}

/** A file's text once it exists. */
export async function readWhenThere(file: string): Promise<string> {
  const text = () => readFile(file, 'utf8').catch(() => undefined)
  return await until(`the file ${file}`, text)
}
