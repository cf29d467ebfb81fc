/**
 * `POST /api/v1/executor` of an agent: all checks in Mesos' order, with its status and text.
 * Source: apache/mesos src/slave/http.cpp (Http::executor), src/common/validation.cpp
 * (validateExecutorCall).
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { executorCodec } from '../../mesos/codec.ts'
import type { MediaType } from '../../mesos/codec.ts'
import type { ExecutorCall, ExecutorEvent, TaskStatus } from '../../mesos/types.generated.ts'
import type { ExecutorHost } from '../executors/executor-host.ts'
import type { ExecutorChannel, ExecutorRun } from '../executors/executor-run.ts'
import { authenticateExecutor, findClaimsError } from '../executors/executor-token.ts'
import type { Claims } from '../executors/executor-token.ts'
import { parseCall } from '../http/call-body.ts'
import type { CallFormat } from '../http/call-body.ts'
import { openEventStream } from '../http/event-stream.ts'
import {
  accepted,
  badRequest,
  chooseMediaType,
  methodNotAllowed,
  notAcceptable,
  readBody,
  writeAnswer,
} from '../http/http.ts'
import type { Answer } from '../http/http.ts'
import { isUuidBytes } from '../messages/uuid.ts'

const callFormat: CallFormat<ExecutorCall, ExecutorEvent> = {
  codecOf: executorCodec,
  name: 'Executor::Call',
  findError: findCallError,
}

/** An agent, and the secret of its executors' tokens; without it no token is required. */
export interface ExecutorGate {
  readonly agent: ExecutorHost
  readonly tokenSecret: Buffer | undefined
  /** Delay of an event to the executor. */
  readonly delayMs: () => number
  readonly heartbeatMs: number
}

/** Answers one request: 200 and a stream for SUBSCRIBE, 202 for calls, 4xx in Mesos' words. */
export async function answerExecutor(
  { agent, delayMs, heartbeatMs, tokenSecret }: ExecutorGate,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const authentication = authenticate(request.headers.authorization, tokenSecret)
  if ('refusal' in authentication) {
    writeAnswer(response, authentication.refusal)
    return
  }
  if (request.method !== 'POST') {
    writeAnswer(response, methodNotAllowed(request.method))
    return
  }
  const body = await readBody(request)
  if (body === undefined) {
    writeAnswer(response, { status: 413, headers: { Connection: 'close' } })
    return
  }
  const parsed = parseCall(request.headers['content-type'], body, callFormat)
  if ('refusal' in parsed) writeAnswer(response, parsed.refusal)
  else {
    const caller = { agent, delayMs, heartbeatMs, ...authentication }
    answerCall(caller, parsed.call, request.headers.accept, response)
  }
}

/** Without a secret no token is required. */
function authenticate(
  authorization: string | undefined,
  tokenSecret: Buffer | undefined,
): ReturnType<typeof authenticateExecutor> | { readonly claims: undefined } {
  return tokenSecret === undefined
    ? { claims: undefined }
    : authenticateExecutor(authorization, tokenSecret)
}

interface Caller {
  readonly agent: ExecutorHost
  readonly delayMs: () => number
  readonly heartbeatMs: number
  readonly claims: Claims | undefined
}

function answerCall(
  caller: Caller,
  call: ExecutorCall,
  acceptHeader: string | undefined,
  response: ServerResponse,
): void {
  const accept = chooseMediaType(acceptHeader)
  if (call.type === 'SUBSCRIBE' && accept === undefined) {
    writeAnswer(response, notAcceptable)
    return
  }
  // A heartbeat may have unknown ids, so it is answered before they are checked.
  const found = call.type === 'HEARTBEAT' ? accepted : findRun(caller, call)
  if ('status' in found) writeAnswer(response, found)
  else if (call.type === 'SUBSCRIBE') subscribe(caller, found, call, accept, response)
  else writeAnswer(response, handleCall(caller.agent, found, call))
}

function findRun({ agent, claims }: Caller, call: ExecutorCall): ExecutorRun | Answer {
  if (agent.isRecovering() && call.type !== 'SUBSCRIBE') {
    return { status: 503, body: 'Agent has not finished recovery' }
  }
  const frameworkId = call.frameworkId.value
  if (!agent.hasFramework(frameworkId)) return badRequest('Framework cannot be found')
  const run = agent.findRun(frameworkId, call.executorId.value)
  // The agent's own executors run in this process: no client may call in their name.
  if (run?.kind !== 'custom') return badRequest('Executor cannot be found')
  const ids = { cid: run.containerId, eid: run.id, fid: frameworkId }
  const forbidden = claims && findClaimsError(claims, ids)
  if (forbidden !== undefined) return { status: 403, body: forbidden }
  return run.state === 'REGISTERING' && call.type !== 'SUBSCRIBE'
    ? { status: 403, body: 'Executor is not subscribed' }
    : run
}

function subscribe(
  { agent, delayMs, heartbeatMs }: Caller,
  run: ExecutorRun,
  { subscribe }: Extract<ExecutorCall, { type: 'SUBSCRIBE' }>,
  mediaType: MediaType = 'application/json',
  response: ServerResponse,
): void {
  const codec = executorCodec(mediaType, { writeDefaults: true })
  const channel: ExecutorChannel = openEventStream<ExecutorEvent>({
    response,
    delayMs,
    contentType: mediaType,
    encode: (event) => codec.encodeEvent(event),
    onDisconnect: () => agent.detach(run, channel),
  })
  const heartbeats = setInterval(() => channel.send({ type: 'HEARTBEAT' }), heartbeatMs)
  response.once('close', () => clearInterval(heartbeats))
  const { unacknowledgedTasks: tasks = [], unacknowledgedUpdates = [] } = subscribe
  agent.attach(run, channel, { tasks, updates: unacknowledgedUpdates.map(({ status }) => status) })
}

function handleCall(agent: ExecutorHost, run: ExecutorRun, call: ExecutorCall): Answer {
  switch (call.type) {
    case 'UPDATE':
      agent.update(run, call.update.status)
      return accepted
    case 'MESSAGE':
      agent.sendMessageFromExecutor(run, call.message.data)
      return accepted
    default:
      return { status: 501 }
  }
}

function findCallError(call: ExecutorCall): string | undefined {
  return call.type === 'UPDATE' ? findUpdateError(call, call.update.status) : undefined
}

function findUpdateError(call: ExecutorCall, status: TaskStatus): string | undefined {
  const executorId = call.executorId.value
  const sender = `executor ${executorId} of framework ${call.frameworkId.value}`
  if (status.uuid === undefined) return "Expecting 'uuid' to be present"
  if (!isUuidBytes(status.uuid)) return 'Not a valid UUID'
  if (status.executorId !== undefined && status.executorId.value !== executorId) {
    return (
      `ExecutorID in Call: ${executorId} does not match` +
      ` ExecutorID in TaskStatus: ${status.executorId.value}`
    )
  }
  if (status.source !== 'SOURCE_EXECUTOR') {
    return `Received Call from ${sender} with invalid source, expecting 'SOURCE_EXECUTOR'`
  }
  return status.state === 'TASK_STAGING'
    ? `Received TASK_STAGING from ${sender} which is not allowed`
    : undefined
}
