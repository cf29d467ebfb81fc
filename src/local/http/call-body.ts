/**
 * Parses a request's body into a call, or into Mesos' refusal, word for word.
 * Source: apache/mesos src/master/http.cpp and src/slave/http.cpp, first half of the handlers.
 */
import { JarcastError, messageOf } from '../../errors.ts'
import type { Codec, MediaType } from '../../mesos/codec.ts'
import { badRequest } from './http.ts'
import type { Answer } from './http.ts'

export type ParsedCall<Call> = { readonly call: Call } | { readonly refusal: Answer }

export interface CallFormat<Call, Event> {
  readonly codecOf: (mediaType: MediaType) => Codec<Call, Event>
  /** Mesos' name of the message in refusals: `scheduler::Call`, `Executor::Call`. */
  readonly name: string
  /** Why a parsed call is refused; undefined if it is valid. */
  readonly findError: (call: Call) => string | undefined
}

/** Content-Type must match exactly: `application/json; charset=utf-8` gets 415, as in Mesos. */
export function parseCall<Call, Event>(
  contentType: string | undefined,
  body: Uint8Array,
  format: CallFormat<Call, Event>,
): ParsedCall<Call> {
  if (contentType === undefined) {
    return { refusal: badRequest("Expecting 'Content-Type' to be present") }
  }
  if (contentType !== 'application/json' && contentType !== 'application/x-protobuf') {
    const text = "Expecting 'Content-Type' of application/json or application/x-protobuf"
    return { refusal: { status: 415, body: text } }
  }
  try {
    const call = format.codecOf(contentType).decodeCall(body)
    const error = format.findError(call)
    return error === undefined ? { call } : { refusal: invalidCall(format, error) }
  } catch (error) {
    return { refusal: describeUnreadable(error, contentType, body, format) }
  }
}

function describeUnreadable<Call, Event>(
  error: unknown,
  contentType: MediaType,
  body: Uint8Array,
  format: CallFormat<Call, Event>,
): Answer {
  const stage = error instanceof JarcastError ? error.details['stage'] : 'parse'
  const reason = messageOf(error)
  if (stage === 'validate') return invalidCall(format, reason)
  if (contentType === 'application/x-protobuf') {
    return badRequest('Failed to parse body into Call protobuf')
  }
  return stage === 'convert'
    ? badRequest(`Failed to convert JSON into Call protobuf: ${reason}`)
    : badRequest(`Failed to parse body into JSON: ${describeSyntaxError(body)}`)
}

function invalidCall<Call, Event>(format: CallFormat<Call, Event>, error: string): Answer {
  return badRequest(`Failed to validate ${format.name}: ${error}`)
}

/** The line and text of a syntax error in JSON, as Mesos' parser prints them. */
export function describeSyntaxError(body: Uint8Array): string {
  const text = Buffer.from(body).toString('utf8')
  const offset = findErrorOffset(text)
  const line = text.slice(0, offset).split('\n').length
  const [near = ''] = text.slice(offset).split('\n')
  return `syntax error at line ${line} near: ${near}`
}

const tokensPattern = /(?:[\s{}[\],:]|"(?:[^"\\]|\\.)*"|true|false|null|-?\d[\d.eE+-]*)*/uy

/** The offset of the first invalid token, or the offset in Node's error. */
function findErrorOffset(text: string): number {
  tokensPattern.lastIndex = 0
  const end = tokensPattern.exec(text)?.[0].length ?? 0
  if (end < text.length) return end
  try {
    JSON.parse(text)
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    return Number(/position (\d+)/u.exec(message)?.[1] ?? end)
  }
  return end
}
