/**
 * Turns a request's body into a call, or into the refusal that Mesos would give, word for word.
 * Source: apache/mesos src/master/http.cpp and src/slave/http.cpp, first half of the handlers.
 */
import { JarcastError, messageOf } from '../../errors.ts'
import type { Codec, MediaType } from '../../mesos/codec.ts'
import { badRequest } from './http.ts'
import type { Answer } from './http.ts'

export type ParsedCall<Call> = { readonly call: Call } | { readonly refusal: Answer }

export interface CallFormat<Call, Event> {
  readonly codecOf: (mediaType: MediaType) => Codec<Call, Event>
  /** How Mesos names the message in refusals: `scheduler::Call`, `Executor::Call`. */
  readonly name: string
  /** Why a call that could be read is refused; undefined when it is good. */
  readonly findError: (call: Call) => string | undefined
}

/** By exact Content-Type: `application/json; charset=utf-8` is refused with 415, as Mesos does. */
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

/** The line and the text at which JSON stops making sense, in the form of Mesos' parser. */
export function describeSyntaxError(body: Uint8Array): string {
  const text = Buffer.from(body).toString('utf8')
  const offset = findErrorOffset(text)
  const line = text.slice(0, offset).split('\n').length
  const [near = ''] = text.slice(offset).split('\n')
  return `syntax error at line ${line} near: ${near}`
}

const tokensPattern = /(?:[\s{}[\],:]|"(?:[^"\\]|\\.)*"|true|false|null|-?\d[\d.eE+-]*)*/uy

/** Where the first thing starts that is no token of JSON; failing that, where Node says. */
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
