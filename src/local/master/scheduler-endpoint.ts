/**
 * `POST /api/v1/scheduler`: every check in the master's order, with its status and text.
 * Source: apache/mesos src/master/http.cpp (Http::scheduler).
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { schedulerCodec } from '../../mesos/codec.ts'
import type { MediaType } from '../../mesos/codec.ts'
import type { SchedulerCall, SchedulerEvent } from '../../mesos/types.generated.ts'
import { parseCall } from '../http/call-body.ts'
import { openEventStream } from '../http/event-stream.ts'
import {
  badRequest,
  chooseMediaType,
  methodNotAllowed,
  notAcceptable,
  readBody,
  writeAnswer,
} from '../http/http.ts'
import type { Answer } from '../http/http.ts'
import type { Network } from '../network/network.ts'
import { countCall } from './state/framework-traffic.ts'
import type { Master } from './master.ts'
import { describePrincipals, findCallError } from './validation/call-validation.ts'

export interface SchedulerGate {
  /** The leading master. */
  readonly master: Master
  /** The authenticated principal; undefined without authentication. */
  readonly principal: string | undefined
  readonly network: Network
}

/** Answers one request: 200 and a stream for SUBSCRIBE, 202 for calls, 4xx in Mesos' words. */
export async function answerScheduler(
  { master, network, principal }: SchedulerGate,
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
  const parsed = parseCall<SchedulerCall, SchedulerEvent>(request.headers['content-type'], body, {
    codecOf: schedulerCodec,
    name: 'scheduler::Call',
    findError: (call) => findCallError(call, principal),
  })
  if ('refusal' in parsed) {
    writeAnswer(response, parsed.refusal)
    return
  }
  await network.pass(parsed.call.frameworkId?.value ?? '')
  // The client disconnected while the network was cut: its call was never received.
  if (response.destroyed) return
  const delayMs = (): number => network.delayMs
  answerCall(master, { call: parsed.call, principal, delayMs }, request, response)
}

interface AuthenticatedCall {
  readonly call: SchedulerCall
  readonly principal: string | undefined
  readonly delayMs: () => number
}

function answerCall(
  master: Master,
  { call, delayMs, principal }: AuthenticatedCall,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const accept = chooseMediaType(request.headers.accept)
  const isAcceptRead = call.type === 'SUBSCRIBE' || call.type === 'RECONCILE_OPERATIONS'
  if (isAcceptRead && accept === undefined) {
    writeAnswer(response, notAcceptable)
    return
  }
  const streamId = request.headers['mesos-stream-id']
  if (call.type !== 'SUBSCRIBE') {
    writeAnswer(response, handleCall(master, call, principal, streamId?.toString()))
    return
  }
  if (streamId !== undefined) {
    const text = "Subscribe calls should not include the 'Mesos-Stream-Id' header"
    writeAnswer(response, badRequest(text))
    return
  }
  const mediaType = accept ?? 'application/json'
  openSubscription(master, withPrincipal(call, principal), { response, mediaType, delayMs })
}

/** Sets the authenticated principal of a framework that names none. */
function withPrincipal(call: SubscribeCall, principal: string | undefined): SubscribeCall {
  const { subscribe } = call
  const { frameworkInfo } = subscribe
  if (principal === undefined || frameworkInfo.principal !== undefined) return call
  return { ...call, subscribe: { ...subscribe, frameworkInfo: { ...frameworkInfo, principal } } }
}

type SubscribeCall = Extract<SchedulerCall, { type: 'SUBSCRIBE' }>

interface StreamPlace {
  readonly response: ServerResponse
  readonly mediaType: MediaType
  readonly delayMs: () => number
}

function openSubscription(
  master: Master,
  call: SubscribeCall,
  { delayMs, mediaType, response }: StreamPlace,
): void {
  const streamId = randomUUID()
  const codec = schedulerCodec(mediaType, { writeDefaults: true })
  const stream = openEventStream<SchedulerEvent>({
    response,
    delayMs,
    contentType: mediaType,
    headers: { 'Mesos-Stream-Id': streamId },
    encode: (event) => codec.encodeEvent(event),
    onDisconnect: () => master.disconnect(streamId),
  })
  master.subscribe(call.subscribe, { stream, streamId })
}

function handleCall(
  master: Master,
  call: SchedulerCall,
  principal: string | undefined,
  streamId: string | undefined,
): Answer {
  const framework = master.state.frameworks.get(call.frameworkId?.value ?? '')
  if (framework === undefined) return badRequest('Framework cannot be found')
  countCall(framework.traffic, call.type)
  const known = framework.info.principal ?? ''
  if (principal !== undefined && principal !== known) {
    return badRequest(describePrincipals(principal, known))
  }
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
