import { decodeFrequentJson, encodeFrequentJson } from './encoding/frequent-json.ts'
import { decodeFrequentProtobuf, encodeFrequentProtobuf } from './encoding/frequent-protobuf.ts'
import { decodeJson } from './encoding/json-reader.ts'
import { encodeJson } from './encoding/json-writer.ts'
import { decodeProtobuf } from './encoding/protobuf-reader.ts'
import { encodeProtobuf } from './encoding/protobuf-writer.ts'
import { planOf } from './encoding/schema.ts'
import type { MessagePlan, PlainMessage } from './encoding/schema.ts'
import type {
  AgentCall,
  AgentResponse,
  ExecutorCall,
  ExecutorEvent,
  MasterCall,
  MasterEvent,
  MasterResponse,
  MesosMessages,
  SchedulerCall,
  SchedulerEvent,
} from './types.generated.ts'

/** The media types of v1 endpoints, as in Content-Type and Accept. */
export type MediaType = 'application/json' | 'application/x-protobuf'

/**
 * Calls and events (or answers) of one API in one encoding, to and from the plain data of
 * `types.generated.ts`.
 *
 * Every method throws MESSAGE_INVALID only. When decoding, its `details.stage` is `parse` (invalid
 * JSON or protobuf), `convert` (not this message: the text names missing fields as Mesos does) or
 * `validate` (without `type`, or without the message of that type).
 *
 * Defaults are not filled in: an unset field is absent, even if Mesos has a default for it (see the
 * types). A master writes such defaults into its JSON but not into its protobuf, so readers must
 * expect both.
 *
 * An event with a type newer than this package decodes as `{ type: 'UNKNOWN', unknownType }`, where
 * `unknownType` is its name or number. `unknownType` is not encoded.
 */
export interface Codec<Call, Event> {
  readonly mediaType: MediaType
  encodeCall(call: Call): Uint8Array
  decodeCall(bytes: Uint8Array): Call
  encodeEvent(event: Event): Uint8Array
  decodeEvent(bytes: Uint8Array): Event
  /** The event that lies in `bytes` from `start` to `end`. */
  decodeEventAt(bytes: Uint8Array, start: number, end: number): Event
}

export interface CodecOptions {
  /**
   * True: JSON has the defaults of unset fields, and answers to operators have empty lists, as
   * those of a real master or agent. Default false.
   */
  readonly writeDefaults?: boolean
}

/** The codec of `POST /api/v1/scheduler`. Source: apache/mesos docs/scheduler-http-api.md. */
export function schedulerCodec(
  mediaType: MediaType,
  options: CodecOptions = {},
): Codec<SchedulerCall, SchedulerEvent> {
  const names = ['mesos.v1.scheduler.Call', 'mesos.v1.scheduler.Event'] as const
  // Named here alone: the executor, which reads none of them, is bundled without these readers.
  return createCodec(names, mediaType, options, {
    decodeJson: decodeFrequentJson,
    encodeJson: (plan, message, writeDefaults) =>
      writeDefaults ? encodeJson(plan, message, true) : encodeFrequentJson(plan, message),
    decodeProtobuf: decodeFrequentProtobuf,
    encodeProtobuf: encodeFrequentProtobuf,
  })
}

/** The codec of `POST /api/v1/executor`. Source: apache/mesos docs/executor-http-api.md. */
export function executorCodec(
  mediaType: MediaType,
  options: CodecOptions = {},
): Codec<ExecutorCall, ExecutorEvent> {
  return createCodec(['mesos.v1.executor.Call', 'mesos.v1.executor.Event'], mediaType, options)
}

/**
 * The codec of `POST /api/v1` of a master and the events it streams. Source: apache/mesos
 * docs/operator-http-api.md.
 */
export function masterCodec(
  mediaType: MediaType,
  options: CodecOptions = {},
): Codec<MasterCall, MasterEvent> {
  return createCodec(['mesos.v1.master.Call', 'mesos.v1.master.Event'], mediaType, options)
}

/** The codec of the same endpoint's calls and their answers. */
export function masterResponseCodec(
  mediaType: MediaType,
  options: CodecOptions = {},
): Codec<MasterCall, MasterResponse> {
  return createCodec(['mesos.v1.master.Call', 'mesos.v1.master.Response'], mediaType, options)
}

/** The codec of `POST /api/v1` of an agent: calls and their answers. */
export function agentResponseCodec(
  mediaType: MediaType,
  options: CodecOptions = {},
): Codec<AgentCall, AgentResponse> {
  return createCodec(['mesos.v1.agent.Call', 'mesos.v1.agent.Response'], mediaType, options)
}

/**
 * Encodes any message, by full name: `encodeMessage('mesos.v1.MasterInfo', info,
 * 'application/json')`.
 */
export function encodeMessage<Name extends keyof MesosMessages>(
  name: Name,
  message: MesosMessages[Name],
  mediaType: MediaType,
  { writeDefaults = false }: CodecOptions = {},
): Uint8Array {
  const plan = planOf(name)
  const plain = message as PlainMessage
  return mediaType === 'application/json'
    ? encodeJson(plan, plain, writeDefaults)
    : encodeProtobuf(plan, plain)
}

/** Decodes any message, by full name. Throws MESSAGE_INVALID. */
export function decodeMessage<Name extends keyof MesosMessages>(
  name: Name,
  bytes: Uint8Array,
  mediaType: MediaType,
): MesosMessages[Name] {
  const plan = planOf(name)
  const message: object =
    mediaType === 'application/json' ? decodeJson(plan, bytes) : decodeProtobuf(plan, bytes)
  // oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- the union is too wide for tsc
  return message as MesosMessages[Name]
}

type Decode = (plan: MessagePlan, bytes: Uint8Array, start: number, end: number) => PlainMessage

/** The two forms of a message on the wire. */
interface Formats {
  decodeJson: Decode
  encodeJson(plan: MessagePlan, message: PlainMessage, writeDefaults: boolean): Uint8Array
  decodeProtobuf: Decode
  encodeProtobuf(plan: MessagePlan, message: PlainMessage): Uint8Array
}

const byPlan: Formats = {
  decodeJson: (plan, bytes, start, end) => decodeJson(plan, bytes.subarray(start, end)),
  encodeJson,
  decodeProtobuf: (plan, bytes, start, end) => decodeProtobuf(plan, bytes.subarray(start, end)),
  encodeProtobuf,
}

function createCodec<Call extends object, Event extends object>(
  [callName, eventName]: readonly [string, string],
  mediaType: MediaType,
  { writeDefaults = false }: CodecOptions,
  formats = byPlan,
): Codec<Call, Event> {
  const callPlan = planOf(callName)
  const eventPlan = planOf(eventName)
  const isJson = mediaType === 'application/json'
  // The casts are safe: plans and types are generated from the same .proto files.
  const encode = (plan: MessagePlan, message: object, writeDefaults: boolean): Uint8Array =>
    isJson
      ? formats.encodeJson(plan, message as PlainMessage, writeDefaults)
      : formats.encodeProtobuf(plan, message as PlainMessage)
  const decode = isJson ? formats.decodeJson : formats.decodeProtobuf
  return {
    mediaType,
    encodeCall: (call) => encode(callPlan, call, false),
    decodeCall: (bytes) => decode(callPlan, bytes, 0, bytes.length) as Call,
    encodeEvent: (event) => encode(eventPlan, event, writeDefaults),
    decodeEvent: (bytes) => decode(eventPlan, bytes, 0, bytes.length) as Event,
    decodeEventAt: (bytes, start, end) => decode(eventPlan, bytes, start, end) as Event,
  }
}
