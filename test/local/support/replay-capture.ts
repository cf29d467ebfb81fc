/**
 * Replays the calls of a recording on a cluster, each after the recorded events before it, and
 * returns the differences from the real master's and agent's answers and events.
 */
import { once } from 'node:events'
import http from 'node:http'
import type { IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRecordDecoder } from '../../../src/mesos/recordio.ts'
import { waitMs } from '../../support/patience.ts'
import type { CaptureEntry } from './capture.ts'
import { ask } from './client.ts'
import { createCorrespondence } from './unify-recorded.ts'
import type { Correspondence } from './unify-recorded.ts'

type Event = NonNullable<CaptureEntry['event']>
type Call = NonNullable<CaptureEntry['call']>

export interface ReplayOptions {
  /** The master's address, read before each call: it may change. */
  readonly url: () => string
  /**
   * Performs entries that are no scheduler calls (`operator`, `fault` and others); returns the
   * answer, if one was recorded. `ids` maps recorded ids.
   */
  readonly act?: (
    entry: CaptureEntry,
    ids: Correspondence,
  ) => Promise<{ readonly status: number; readonly body: string } | void>
  /** Fields of an event that are not compared, with reasons in docs/decisions.md. Default none. */
  readonly adapt?: (event: Event) => Event
}

interface LiveStream {
  readonly id: string
  /** Events that were not compared yet. */
  readonly pending: Event[]
  isEnded: boolean
  destroy(): void
}

/** The differences, one per line; empty if there are none. */
export async function replayCapture(
  entries: readonly CaptureEntry[],
  options: ReplayOptions,
): Promise<string[]> {
  const { adapt = (event) => event } = options
  const ids = createCorrespondence()
  const differences: string[] = []
  let stream: LiveStream | undefined
  let previous: CaptureEntry | undefined
  for (const [index, entry] of entries.entries()) {
    for (const difference of await replayEntry(entry)) {
      differences.push(`#${index} ${nameOf(entry)} ${difference}`)
    }
    previous = entry
  }
  stream?.destroy()
  for (const event of stream?.pending ?? []) {
    if (event.type !== 'HEARTBEAT') differences.push(`unrecorded: ${JSON.stringify(event)}`)
  }
  return differences

  async function replayEntry(entry: CaptureEntry): Promise<string[]> {
    if (entry.call?.type === 'SUBSCRIBE') {
      stream = await openStream(`${options.url()}/api/v1/scheduler`, ids.translate(entry.call))
      return []
    }
    if (entry.call !== undefined) return replayCall(entry, entry.call)
    if (entry.event !== undefined) return replayEvent(entry.event)
    if (entry.stream !== undefined) return replayEnd(entry)
    if (entry.subscribeAnswer !== undefined) return []
    const answer = await options.act?.(entry, ids)
    const { body, status } = entry
    if (answer === undefined) return []
    return ids.unify({ status, body: body ?? '' }, { status: answer.status, body: answer.body })
  }

  async function replayCall(entry: CaptureEntry, call: Call): Promise<string[]> {
    const answer = await ask(`${options.url()}/api/v1/scheduler`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'Mesos-Stream-Id': stream?.id ?? '',
      },
      body: JSON.stringify(ids.translate(call)),
    })
    return ids.unify(entry.answer, { status: answer.status, body: answer.body })
  }

  async function replayEvent({ seen: _seen, ...recorded }: Event): Promise<string[]> {
    if (recorded.type === 'HEARTBEAT' && previous?.event?.type !== 'SUBSCRIBED') return []
    const subject = subjectOf(recorded)
    const index = await waitUntil(() => {
      const found = stream?.pending.findIndex((event) => subjectOf(event) === subject) ?? -1
      return found < 0 ? undefined : found
    })
    const [present] = index === undefined ? [] : (stream?.pending.splice(index, 1) ?? [])
    if (present === undefined) {
      return [`is missing; pending: ${JSON.stringify(stream?.pending)}`]
    }
    return ids.unify(adapt(recorded), adapt(present))
  }

  /** The recorder closed the stream, unless a fault came right before. */
  async function replayEnd(entry: CaptureEntry): Promise<string[]> {
    if (entry.stream === 'error' && previous?.fault === undefined) stream?.destroy()
    const isEnded = await waitUntil(() => stream?.isEnded || undefined)
    return isEnded === true ? [] : ['has not come']
  }
}

async function openStream(url: string, call: Call): Promise<LiveStream> {
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json' }
  const request = http.request(url, { method: 'POST', headers, agent: false })
  request.end(JSON.stringify(call))
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const decoder = createRecordDecoder()
  const stream: LiveStream = {
    id: String(response.headers['mesos-stream-id']),
    pending: [],
    isEnded: false,
    destroy: () => response.destroy(),
  }
  response.on('data', (chunk: Buffer) => {
    for (const record of decoder.push(chunk)) {
      stream.pending.push(JSON.parse(Buffer.from(record).toString()) as Event)
    }
  })
  response.on('error', () => {})
  response.on('close', () => {
    stream.isEnded = true
  })
  return stream
}

/**
 * The subject of an event. Events of one subject come in the recorded order, others in any order.
 */
function subjectOf(event: Event): string {
  if (event.type === 'RESCIND' || event.type === 'INVERSE_OFFERS') return 'OFFERS'
  return `${event.type} ${nameIn(event)}`
}

function nameIn(event: Event): string {
  const found = /"(?:task_id|operation_id|executor_id)":\{"value":"([^"]*)"/u
  return found.exec(JSON.stringify(event))?.[1] ?? ''
}

function nameOf(entry: CaptureEntry): string {
  const { call, event, fault, operator, stream } = entry
  if (event !== undefined) return `event ${event.type} ${nameIn(event)}`
  return call?.type ?? operator ?? fault ?? `stream ${stream}`
}

async function waitUntil<T>(find: () => T | undefined): Promise<T | undefined> {
  const deadlineMs = performance.now() + waitMs
  for (;;) {
    const found = find()
    if (found !== undefined || performance.now() > deadlineMs) return found
    await sleep(2)
  }
}
