/**
 * Reads and answers requests of `POST /api/v1` of master and agent.
 * Source: apache/mesos src/master/http.cpp and src/slave/http.cpp (Http::api).
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Codec, MediaType } from '../../mesos/codec.ts'
import { parseCall } from '../http/call-body.ts'
import { chooseMediaType, methodNotAllowed, notAcceptable, readBody } from '../http/http.ts'
import type { Answer } from '../http/http.ts'

export interface OperatorFormat<Call, Response> {
  readonly codecOf: (mediaType: MediaType) => Codec<Call, Response>
  /** Mesos' name of the message in refusals: `master::Call`, `agent::Call`. */
  readonly name: string
}

type ReadCall<Call> =
  { readonly call: Call; readonly accept: MediaType } | { readonly refusal: Answer }

/** The call with the encoding of its answer. Rejects if the client disconnects. */
export async function readOperatorCall<Call, Response>(
  request: IncomingMessage,
  format: OperatorFormat<Call, Response>,
): Promise<ReadCall<Call>> {
  if (request.method !== 'POST') return { refusal: methodNotAllowed(request.method) }
  const body = await readBody(request)
  if (body === undefined) return { refusal: { status: 413, headers: { Connection: 'close' } } }
  const contentType = request.headers['content-type']
  const parsed = parseCall(contentType, body, { ...format, findError: () => undefined })
  if ('refusal' in parsed) return parsed
  const accept = chooseMediaType(request.headers.accept)
  return accept === undefined ? { refusal: notAcceptable } : { call: parsed.call, accept }
}

export function writeResponse<Call, Response>(
  response: ServerResponse,
  message: Response,
  codec: Codec<Call, Response>,
): void {
  writeBody(response, codec.mediaType, [codec.encodeEvent(message)])
}

/** Answers with an encoded message, in one or more pieces. */
export function writeBody(
  response: ServerResponse,
  mediaType: MediaType,
  pieces: readonly Uint8Array[],
): void {
  const length = pieces.reduce((sum, piece) => sum + piece.byteLength, 0)
  response.writeHead(200, { 'Content-Type': mediaType, 'Content-Length': length })
  for (const piece of pieces) response.write(piece)
  response.end()
}
