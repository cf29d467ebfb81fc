/**
 * `POST /api/v1/scheduler`: every check in the master's order, with its status and text.
 * Source: apache/mesos src/master/http.cpp (Http::scheduler).
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { schedulerCodec } from '../mesos/codec.ts'
import type { SchedulerCall, SchedulerEvent } from '../mesos/types.generated.ts'
import { parseCall, type CallFormat } from './call-body.ts'
import { openEventStream } from './event-stream.ts'
import {
  badRequest,
  chooseMediaType,
  methodNotAllowed,
  NOT_ACCEPTABLE,
  readBody,
  writeAnswer,
  type Answer,
} from './http.ts'
import type { Master } from './master.ts'
import { findCallError } from './scheduler-validation.ts'

const FORMAT: CallFormat<SchedulerCall, SchedulerEvent> = {
  codecOf: schedulerCodec,
  name: 'scheduler::Call',
  findError: findCallError,
}

/** Answers one request: 200 and a stream for SUBSCRIBE, 202 for calls, 4xx in Mesos' words. */
export async function answerScheduler(
  master: Master,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'POST') {
    writeAnswer(response, methodNotAllowed(request.method))
    return
  }
  const body = await readBody(request)
  if (body === undefined) {
    writeAnswer(response, { status: 413, headers: { Connection: 'close' } })
    return
  }
  const parsed = parseCall(request.headers['content-type'], body, FORMAT)
  if ('refusal' in parsed) writeAnswer(response, parsed.refusal)
  else answerCall(master, parsed.call, request, response)
}

function answerCall(
  master: Master,
  call: SchedulerCall,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const accept = chooseMediaType(request.headers.accept)
  const isAcceptRead = call.type === 'SUBSCRIBE' || call.type === 'RECONCILE_OPERATIONS'
  if (isAcceptRead && accept === undefined) {
    writeAnswer(response, NOT_ACCEPTABLE)
    return
  }
  const streamId = request.headers['mesos-stream-id']
  if (call.type !== 'SUBSCRIBE') {
    writeAnswer(response, handleCall(master, call, streamId?.toString()))
    return
  }
  if (streamId !== undefined) {
    const text = "Subscribe calls should not include the 'Mesos-Stream-Id' header"
    writeAnswer(response, badRequest(text))
    return
  }
  openSubscription(master, call, response, accept ?? 'application/json')
}

function openSubscription(
  master: Master,
  call: Extract<SchedulerCall, { type: 'SUBSCRIBE' }>,
  response: ServerResponse,
  mediaType: 'application/json' | 'application/x-protobuf',
): void {
  const streamId = randomUUID()
  const codec = schedulerCodec(mediaType, { writeDefaults: true })
  const stream = openEventStream<SchedulerEvent>({
    response,
    contentType: mediaType,
    headers: { 'Mesos-Stream-Id': streamId },
    encode: (event) => codec.encodeEvent(event),
    onDisconnect: () => master.disconnect(streamId),
  })
  master.subscribe(call.subscribe, { stream, streamId })
}

function handleCall(master: Master, call: SchedulerCall, streamId: string | undefined): Answer {
  const framework = master.state.frameworks.get(call.frameworkId?.value ?? '')
  if (framework === undefined) return badRequest('Framework cannot be found')
  if (framework.stream === undefined) return { status: 403, body: 'Framework is not subscribed' }
  if (streamId === undefined) {
    return badRequest("All non-subscribe calls should include the 'Mesos-Stream-Id' header")
  }
  if (streamId !== framework.streamId) {
    return badRequest(
      `The stream ID '${streamId}' included in this request didn't match` +
        ` the stream ID currently associated with framework ID ${framework.id}`,
    )
  }
  return master.handle(framework, call)
}
